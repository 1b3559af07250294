"""Headers of IEEE 802: Ethernet, tags, LLC with SNAP, and the security tag of 802.1AE."""

from bothways.wire.layer import IPV4, LLC, Hidden, Layer

ETHERNET_LENGTH = 14

VLAN_TAGS = frozenset({0x8100, 0x88A8, 0x9100})
"""802.1Q, 802.1ad, and what switches used for stacked tags before 802.1ad."""

MACSEC = 0x88E5

_SNAP = b"\xaa\xaa\x03"
"""Both access points and the control field of a header that an EtherType follows (RFC 1042)."""

_ETHERTYPE_OWNERS = (b"\0\0\0", b"\0\0\xf8")
"""Organisation codes behind which EtherTypes stand: RFC 1042's, and 802.1H's for bridging to such links."""

_INTERNET_POINT = b"\x06\x06\x03"
"""The access point that IEEE gave to IP, without SNAP."""

_VLAN_ID = 0x0FFF
_SCI_PRESENT = 0x20
_ENCRYPTED_OR_CHANGED = 0x0C


def ethertype_at(data: bytes, offset: int) -> int | None:
    """The two bytes at an offset; None where they were not kept."""
    return int.from_bytes(data[offset : offset + 2]) if offset + 2 <= len(data) else None


def ethernet(data: bytes, offset: int) -> Layer | None:
    """A whole Ethernet frame inside of something else."""
    protocol = ethertype_at(data, offset + ETHERNET_LENGTH - 2)
    return None if protocol is None else Layer(protocol=protocol, offset=offset + ETHERNET_LENGTH)


def vlan(data: bytes, offset: int) -> Layer | None:
    """Two bytes of tag control, then the next EtherType (IEEE 802.1Q clause 9).

    Identifier 0 says only a priority: the frame is on no VLAN.
    """
    protocol = ethertype_at(data, offset + 2)
    if protocol is None:
        return None
    number = int.from_bytes(data[offset : offset + 2]) & _VLAN_ID
    return Layer(protocol=protocol, offset=offset + 4, word=f"vlan {number}" if number else "")


def llc(data: bytes, offset: int) -> Layer | None:
    """IEEE 802.2: three bytes that say IP, or that an organisation code and an EtherType follow (RFC 1042)."""
    head = data[offset : offset + 3]
    if head == _INTERNET_POINT:
        return Layer(protocol=IPV4, offset=offset + 3)
    protocol = ethertype_at(data, offset + 6)
    if head != _SNAP or protocol is None or data[offset + 3 : offset + 6] not in _ETHERTYPE_OWNERS:
        return None
    return None if protocol == LLC else Layer(protocol=protocol, offset=offset + 8)


def macsec(data: bytes, offset: int) -> Layer | None:
    """The security tag of IEEE 802.1AE clause 9: six bytes and, if it says so, eight of the sender's identifier."""
    if offset >= len(data):
        return None
    if data[offset] & _ENCRYPTED_OR_CHANGED:
        return Layer(protocol=Hidden.MACSEC, offset=offset, word="macsec")
    start = offset + (14 if data[offset] & _SCI_PRESENT else 6)
    protocol = ethertype_at(data, start)
    return None if protocol is None else Layer(protocol=protocol, offset=start + 2, word="macsec")
