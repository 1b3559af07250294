"""Tunnels over UDP: recognised by the port that they are sent to and by a header that makes sense there.

Any program may send anything to any port. What is taken for a tunnel therefore has its reserved bits clear and its
lengths right, and is left alone where what it carries turns out to be nothing of the Internet's.
"""

from collections.abc import Callable

from bothways.wire.layer import BRIDGED, IPV4, IPV6, MPLS, NOTHING_KNOWN, Hidden, Layer

_UDP_LENGTH = 8
_VXLAN_LENGTH = 8
_VXLAN_HAS_NETWORK = 0x08
_VXLAN_POLICY = 0x80
"""Group policy (draft-smith-vxlan-group-policy), which Linux sends: the reserved bytes then hold the group."""

_GPE_HAS_PROTOCOL = 0x04
_GPE_PROTOCOLS = {1: IPV4, 2: IPV6, 3: BRIDGED, 5: MPLS}
"""draft-ietf-nvo3-vxlan-gpe section 3.2."""

_GENEVE_LENGTH = 8
_GENEVE_RESERVED = 0x3F
_GTP_LENGTH = 8
_GTP_VERSION_1 = 0x30
_GTP_KIND = 0xF0
_GTP_OPTIONAL = 0x07
_GTP_EXTENSION = 0x04
_GTP_PDU = 255
_MOST_GTP_EXTENSIONS = 8

_WIREGUARD_DATA = b"\4\0\0\0"
_WIREGUARD_LEAST = 32


def udp_tunnel(data: bytes, offset: int, length: int) -> Layer | None:
    """What a UDP datagram carries, if it is a tunnel's.

    Args:
        data: A frame, as far as it was kept.
        offset: Where the UDP header starts.
        length: Bytes of UDP header and payload by the IP header's word.

    Returns:
        The tunnel's header; None where the datagram is no tunnel's.
    """
    if len(data) < offset + _UDP_LENGTH:
        return None
    source, destination = (int.from_bytes(data[offset + at : offset + at + 2]) for at in (0, 2))
    if _NAT_TRAVERSAL in {source, destination}:
        return _esp(data, offset + _UDP_LENGTH, length - _UDP_LENGTH)
    read = _TUNNELS.get(destination)
    return read(data, offset + _UDP_LENGTH, length - _UDP_LENGTH) if read is not None else None


def _vxlan(data: bytes, at: int, length: int) -> Layer | None:
    """Flags, three reserved bytes, the network's identifier, a reserved byte (RFC 7348 section 5)."""
    if min(len(data) - at, length) < _VXLAN_LENGTH or data[at + 7]:
        return None
    flags, reserved = data[at], any(data[at + 1 : at + 4])
    if flags & ~_VXLAN_POLICY != _VXLAN_HAS_NETWORK or (reserved and not flags & _VXLAN_POLICY):
        return None
    network = int.from_bytes(data[at + 4 : at + 7])
    return Layer(protocol=BRIDGED, offset=at + _VXLAN_LENGTH, word=f"vxlan {network}")


def _vxlan_gpe(data: bytes, at: int, length: int) -> Layer | None:
    """VXLAN's header with a bit that says that the next protocol stands in the last of the reserved bytes."""
    if min(len(data) - at, length) < _VXLAN_LENGTH:
        return None
    if data[at] != _VXLAN_HAS_NETWORK | _GPE_HAS_PROTOCOL or data[at + 1] or data[at + 2] or data[at + 7]:
        return None
    network = int.from_bytes(data[at + 4 : at + 7])
    protocol = _GPE_PROTOCOLS.get(data[at + 3], NOTHING_KNOWN)
    return Layer(protocol=protocol, offset=at + _VXLAN_LENGTH, word=f"vxlan-gpe {network}")


def _geneve(data: bytes, at: int, length: int) -> Layer | None:
    """Version and length of options, flags, EtherType, network, a reserved byte, options (RFC 8926 section 3.4)."""
    if min(len(data) - at, length) < _GENEVE_LENGTH or data[at] >> 6 or data[at + 1] & _GENEVE_RESERVED or data[at + 7]:
        return None
    size = _GENEVE_LENGTH + (data[at] & 0x3F) * 4
    if size > length:
        return None
    network = int.from_bytes(data[at + 4 : at + 7])
    protocol = int.from_bytes(data[at + 2 : at + 4])
    return Layer(protocol=protocol, offset=at + size, word=f"geneve {network}")


def _gtp_u(data: bytes, at: int, length: int) -> Layer | None:
    """A user's packet in a mobile network: 3GPP TS 29.281 section 5. Only G-PDUs carry one.

    The optional fields come all at once: "this field shall be present if and only if any one or more of the S, PN and E
    flags are set" (section 5.1).
    """
    if min(len(data) - at, length) < _GTP_LENGTH or data[at] & _GTP_KIND != _GTP_VERSION_1 or data[at + 1] != _GTP_PDU:
        return None
    if int.from_bytes(data[at + 2 : at + 4]) != length - _GTP_LENGTH:
        return None
    start = at + _GTP_LENGTH
    if data[at] & _GTP_OPTIONAL:
        start += 4
        following = data[start - 1] if data[at] & _GTP_EXTENSION and start <= len(data) else 0
        for _ in range(_MOST_GTP_EXTENSIONS):
            if not following or start >= len(data):
                break
            size = data[start] * 4  # section 5.2.1: in units of four bytes, the last of which names the next one
            start += size
            following = data[start - 1] if size and start <= len(data) else 0
    if start >= len(data):
        return None
    protocol = {4: IPV4, 6: IPV6}.get(data[start] >> 4, NOTHING_KNOWN)
    return Layer(protocol=protocol, offset=start, word=f"gtp-u 0x{data[at + 4 : at + 8].hex().lstrip('0') or '0'}")


def _mpls(data: bytes, at: int, length: int) -> Layer | None:
    """A label stack right behind the UDP header (RFC 7510)."""
    return Layer(protocol=MPLS, offset=at, word="mpls-in-udp") if min(len(data) - at, length) > 4 else None


def _esp(data: bytes, at: int, length: int) -> Layer | None:
    """Four zeros say that a key exchange follows, one byte is a keepalive; all else is ESP (RFC 3948 section 2)."""
    if length < 16 or data[at : at + 4] in {b"\0\0\0\0", b""}:
        return None
    return Layer(protocol=Hidden.ESP, offset=at, word="esp")


def _wireguard(data: bytes, at: int, length: int) -> Layer | None:
    """Transport data: type 4, three reserved zeros, receiver, counter, and padded to 16 bytes what is encrypted."""
    if not data.startswith(_WIREGUARD_DATA, at) or length < _WIREGUARD_LEAST or length % 16:
        return None
    return Layer(protocol=Hidden.WIREGUARD, offset=at, word="wireguard")


_NAT_TRAVERSAL = 4500

_TUNNELS: dict[int, Callable[[bytes, int, int], Layer | None]] = {
    4789: _vxlan,
    8472: _vxlan,  # Linux's, from before IANA chose another
    4790: _vxlan_gpe,
    6081: _geneve,
    2152: _gtp_u,
    6635: _mpls,
    51820: _wireguard,
}
"""By the port that a datagram is sent to."""
