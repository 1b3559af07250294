"""The Point-to-Point Protocol, on serial lines and on Ethernet, and Cisco's way of framing the former."""

from bothways.wire.ethernet import ethertype_at
from bothways.wire.layer import IPV4, IPV6, MPLS, NOTHING_KNOWN, PPP, Hidden, Layer

_ALL_STATIONS = b"\xff\x03"
"""Address and control (RFC 1662 section 3.1), which peers may agree to leave out."""

_PROTOCOLS: dict[int, int | Hidden] = {
    0x0021: IPV4,  # RFC 1332
    0x0057: IPV6,  # RFC 5072
    0x0281: MPLS,  # RFC 3032 section 4.3
    0x0283: MPLS,
    0x00FD: Hidden.PPP,  # RFC 1962
    0x0053: Hidden.PPP,  # RFC 1968
}

_CISCO = (0x0F, 0x8F)
"""Cisco HDLC's address for one station, and for all of them."""

_PPPOE_VERSION_AND_TYPE = 0x11
_PPPOE_SESSION_DATA = 0x00
_PPPOE_LENGTH = 6


def ppp(data: bytes, offset: int) -> Layer | None:
    """Address and control if they are there, then the protocol, in one byte where peers agreed to compress it.

    "All Protocols MUST be odd; the least significant bit of the least significant octet MUST equal "1"." (RFC 1661
    section 2): an odd first byte is the whole number.
    """
    if data.startswith(_ALL_STATIONS, offset):
        offset += 2
    if offset >= len(data):
        return None
    if data[offset] & 1:
        number, start = data[offset], offset + 1
    else:
        both = ethertype_at(data, offset)
        if both is None:
            return None
        number, start = both, offset + 2
    return Layer(protocol=_PROTOCOLS.get(number, NOTHING_KNOWN), offset=start)


def ppp_or_cisco(data: bytes, offset: int) -> Layer | None:
    """A serial line's frame, whose first byte tells the two framings apart."""
    return cisco(data, offset) if offset < len(data) and data[offset] in _CISCO else ppp(data, offset)


def cisco(data: bytes, offset: int) -> Layer | None:
    """Cisco HDLC: address, a zero, then an EtherType (RFC 1547 section 4.3.1)."""
    protocol = ethertype_at(data, offset + 2)
    return None if protocol is None or data[offset] not in _CISCO else Layer(protocol=protocol, offset=offset + 4)


def pppoe(data: bytes, offset: int) -> Layer | None:
    """A PPPoE header of the session stage: version and type, code, session, length (RFC 2516 section 4)."""
    if len(data) < offset + _PPPOE_LENGTH:
        return None
    if data[offset] != _PPPOE_VERSION_AND_TYPE or data[offset + 1] != _PPPOE_SESSION_DATA:
        return None
    session = int.from_bytes(data[offset + 2 : offset + 4])
    return Layer(protocol=PPP, offset=offset + _PPPOE_LENGTH, word=f"pppoe {session}")
