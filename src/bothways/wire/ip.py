"""IPv4 and IPv6 headers (RFC 791, RFC 8200), as far as a reader of what they carry needs them."""

import struct

from msgspec import Struct
from msgspec.structs import replace

TCP = 6
ICMP = 1
ICMPV6 = 58
_NO_NEXT_HEADER = 59

_HOP_BY_HOP = 0
_FRAGMENT = 44
_AUTHENTICATION = 51
_EXTENSIONS = frozenset({_HOP_BY_HOP, 43, _FRAGMENT, _AUTHENTICATION, 60, 135, 139, 140})
"""Hop-by-hop options, routing, fragment, authentication, destination options, mobility, HIP, Shim6
(IANA "IPv6 Extension Header Types"). Encapsulating security payload is none of them here: what follows it is hidden."""

_MOST_EXTENSIONS = 16
"""Twice what there should be: each "should occur at most once, except for the Destination Options header, which should
occur at most twice" (RFC 8200 section 4.1)."""

_JUMBO_PAYLOAD = 0xC2
"""Option type of the Jumbo Payload option (RFC 2675 section 2)."""

_V4_PART = 0x3FFF
"""Bits of IPv4's fragment word that only fragments have: more fragments, and the offset (RFC 791 section 3.1)."""

_V6_OFFSET = 0xFFF8
_V6_PART = _V6_OFFSET | 1
"""The same of IPv6's fragment header (RFC 8200 section 4.5)."""

_FRAGMENT_HEADER = struct.Struct(">2xHI")
_V4 = struct.Struct(">BxHHHBB2x4s4s")
_V6 = struct.Struct(">IHBB16s16s")
_JUMBO = struct.Struct(">BBI")


class Fragment(Struct, frozen=True, kw_only=True):
    """Which part of its datagram an IP packet carries."""

    identification: int
    """Common to the fragments of one datagram: 16 bits (RFC 791 section 3.1) or 32 (RFC 8200 section 4.5)."""

    offset: int
    """Bytes of the datagram before this part."""

    more: bool
    """Another part follows."""

    start: int
    """Offset in the data of the part itself."""

    length: int
    """Bytes of the part by the header's word, without padding of the link layer."""

    protocol: int
    """What the datagram begins with. In IPv6 only that of the first fragment counts (RFC 8200 section 4.5)."""


class IpHeader(Struct, frozen=True, kw_only=True):
    """What an IPv4 or IPv6 header says. Lengths come from the header, so a short snap length does not change them."""

    source: bytes
    """Sender's address, 4 or 16 bytes."""

    destination: bytes
    """Receiver's address, 4 or 16 bytes."""

    ttl: int
    """Time to live, or hop limit."""

    protocol: int
    """What follows the header and all its extensions. Where the snap length ended the chain of extensions, the number
    of the first one that was cut off."""

    identification: int | None
    """IPv4 identification; None for IPv6."""

    start: int
    """Offset in the data of what follows; beyond its end where the snap length cut the header's options off."""

    length: int
    """Bytes that follow, without padding of the link layer."""

    fragment: Fragment | None
    """None where the packet is whole; a fragment "of a whole datagram" counts as whole (RFC 6946)."""

    lengthless: bool
    """The header gives no length, because the sender's network card was to cut a packet of more than 64 KiB into real
    ones; `length` is then that of the frame, padding included."""

    @property
    def fragment_offset(self) -> int:
        """Bytes of the original packet before this one's; above 0, what follows is no header."""
        return 0 if self.fragment is None else self.fragment.offset


def parse_ip(data: bytes, offset: int, wire_length: int) -> IpHeader | None:
    """Read the IP header at an offset.

    Args:
        data: A frame, or a quoted packet, as far as it was kept.
        offset: Where the IP header starts.
        wire_length: Bytes that the whole frame had on the wire, for packets that do not say their own length.

    Returns:
        The header; None where it is no IP header or was cut before its addresses ended.
    """
    if offset >= len(data):
        return None
    version = data[offset] >> 4
    if version == 4 and len(data) >= offset + _V4.size:
        return _parse_v4(data, offset, wire_length)
    if version == 6 and len(data) >= offset + _V6.size:
        return _parse_v6(data, offset, wire_length)
    return None


def _parse_v4(data: bytes, offset: int, wire_length: int) -> IpHeader | None:
    first, total, identification, fragment, ttl, protocol, source, destination = _V4.unpack_from(data, offset)
    header_length = (first & 0x0F) * 4
    if header_length < _V4.size:
        return None  # "the minimum value for a correct header is 5" (RFC 791 section 3.1)
    start = offset + header_length
    length = max((total or wire_length - offset) - header_length, 0)
    part = _v4_fragment(fragment, identification, start, length, protocol) if fragment & _V4_PART else None
    if protocol == _AUTHENTICATION and (part is None or not part.offset):
        chain = _follow(data, start, protocol)
        protocol, length, start = chain.protocol, max(length - (chain.start - start), 0), chain.start
    return IpHeader(
        source=source,
        destination=destination,
        ttl=ttl,
        protocol=protocol,
        identification=identification,
        start=start,
        length=length,
        fragment=part,
        lengthless=not total,
    )


def _v4_fragment(word: int, identification: int, start: int, length: int, protocol: int) -> Fragment:
    return Fragment(
        identification=identification,
        offset=(word & 0x1FFF) * 8,
        more=bool(word & 0x2000),
        start=start,
        length=length,
        protocol=protocol,
    )


class _Chain(Struct, frozen=True, kw_only=True):
    """Where a chain of extension headers leads."""

    protocol: int
    start: int
    fragment: tuple[int, int, int] | None = None
    """Where the fragmentable part starts, what it begins with, and where its fragment header stands."""

    jumbo: int | None = None


def _parse_v6(data: bytes, offset: int, wire_length: int) -> IpHeader:
    _, payload, next_header, ttl, source, destination = _V6.unpack_from(data, offset)
    first = offset + _V6.size
    chain = _follow(data, first, next_header)
    lengthless = not payload and chain.jumbo is None and next_header != _NO_NEXT_HEADER
    if lengthless:
        payload = wire_length - first
    elif not payload and chain.jumbo is not None:
        payload = chain.jumbo
    return IpHeader(
        source=source,
        destination=destination,
        ttl=ttl,
        protocol=chain.protocol,
        identification=None,
        start=chain.start,
        length=max(payload - (chain.start - first), 0),
        fragment=None if chain.fragment is None else _v6_fragment(data, chain.fragment, first + payload),
        lengthless=lengthless,
    )


def _v6_fragment(data: bytes, where: tuple[int, int, int], end: int) -> Fragment:
    start, protocol, header = where
    word, identification = _FRAGMENT_HEADER.unpack_from(data, header)
    return Fragment(
        identification=identification,
        offset=word & 0xFFF8,
        more=bool(word & 1),
        start=start,
        length=max(end - start, 0),
        protocol=protocol,
    )


def reassembled(first: IpHeader, protocol: int, data: bytes, length: int) -> IpHeader:
    """The header that a datagram had before it was cut into fragments.

    Args:
        first: The header of the fragment that its addresses and TTL are taken from.
        protocol: What the datagram begins with.
        data: What was kept of the datagram behind its unfragmentable headers: offsets count from its start.
        length: Bytes that it had.
    """
    chain = _follow(data, 0, protocol) if protocol in _EXTENSIONS else _Chain(protocol=protocol, start=0)
    return replace(
        first, protocol=chain.protocol, start=chain.start, length=max(length - chain.start, 0), fragment=None
    )


def _follow(data: bytes, start: int, next_header: int) -> _Chain:
    """Step over extension headers, each as long as it says (RFC 8200 section 4, RFC 4302 section 2.2)."""
    fragment = None
    jumbo = None
    for _ in range(_MOST_EXTENSIONS):
        if next_header not in _EXTENSIONS or start + 8 > len(data):
            break
        kind, next_header, units = next_header, data[start], data[start + 1]
        if kind == _FRAGMENT:
            size = 8
            if (data[start + 2] << 8 | data[start + 3]) & _V6_PART:
                fragment = (start + size, next_header, start)
        elif kind == _AUTHENTICATION:
            size = (units + 2) * 4
        else:
            size = (units + 1) * 8
        if kind == _HOP_BY_HOP:
            jumbo = _jumbo_payload(data, start + 2, start + size)
        start += size
        if fragment is not None and (data[fragment[2] + 2] << 8 | data[fragment[2] + 3]) & _V6_OFFSET:
            break  # the rest of this packet's headers are in its first fragment
    return _Chain(protocol=next_header, start=start, fragment=fragment, jumbo=jumbo)


def _jumbo_payload(data: bytes, at: int, end: int) -> int | None:
    """The length that a Jumbo Payload option gives, in the hop-by-hop options between two offsets."""
    end = min(end, len(data))
    while at + 1 < end:
        if data[at] == 0:  # Pad1 has no length (RFC 8200 section 4.2)
            at += 1
        elif data[at] == _JUMBO_PAYLOAD and at + _JUMBO.size <= end:
            return int(_JUMBO.unpack_from(data, at)[2])
        else:
            at += 2 + data[at + 1]
    return None
