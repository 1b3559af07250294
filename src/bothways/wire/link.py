"""The link layer: where in a frame does the network header start, and who sent it on this link.

Numbers of link types are those of capture files (https://www.tcpdump.org/linktypes.html).
"""

from dataclasses import dataclass
from functools import lru_cache
from struct import Struct

IPV4 = 0x0800
IPV6 = 0x86DD
"""EtherTypes (RFC 9542 appendix B)."""

ETHERNET = 1
COOKED_V1 = 113
COOKED_V2 = 276
_RAW_EITHER = (12, 14, 101)
_RAW_IPV4 = 228
_RAW_IPV6 = 229
_FAMILY_FIRST = (0, 108)

LINK_NAMES = {
    ETHERNET: "ethernet",
    COOKED_V1: "linux-cooked-v1",
    COOKED_V2: "linux-cooked-v2",
    12: "raw-ip",
    14: "raw-ip",
    101: "raw-ip",
    _RAW_IPV4: "raw-ipv4",
    _RAW_IPV6: "raw-ipv6",
    0: "bsd-null",
    108: "bsd-loopback",
}
"""The link types that this module understands, and how they are called."""

_VLAN_TAGS = frozenset({0x8100, 0x88A8, 0x9100})
"""802.1Q, 802.1ad, and what switches used for stacked tags before 802.1ad."""

_MOST_TAGS = 8
"""Two are in use, three in carriers' networks; the bound only keeps a stranger's frame from leading far."""

_FAMILIES = {2: IPV4, 10: IPV6, 24: IPV6, 28: IPV6, 30: IPV6}
"""AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS."""

_WORD = Struct(">H")
_COOKED_V1 = Struct(">HHH6s2xH")
_COOKED_V2 = Struct(">H2xIHBB6s2x")
_MAC_LENGTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkHeader:
    """What the link layer says about a frame."""

    protocol: int
    """EtherType of what follows; a number below 0x0600 is an IEEE 802.3 length, so nothing of the Internet's."""

    offset: int
    """Bytes from the start of the frame to the network header."""

    source: str | None
    """MAC address of the sender on this link, as hex with colons; None where the link type carries none."""


def link_name(link_type: int) -> str:
    """How a link type is called; `link type 147` where this module does not understand it."""
    return LINK_NAMES.get(link_type, f"link type {link_type}")


def parse_link(link_type: int, data: bytes) -> LinkHeader | None:
    """Read the link header of a frame.

    Args:
        link_type: The capture file's number for the kind of link.
        data: The frame, as far as it was kept.

    Returns:
        The header; None where the link type is not understood or the frame was cut before its network header.
    """
    if link_type == ETHERNET:
        return _ethernet(data)
    if link_type == COOKED_V1:
        return _cooked_v1(data)
    if link_type == COOKED_V2:
        return _cooked_v2(data)
    if link_type in _FAMILY_FIRST:
        return _family_first(data)
    return _raw(link_type, data)


def _ethernet(data: bytes) -> LinkHeader | None:
    if len(data) < 14:
        return None
    return _behind_tags(data, 14, (data[12] << 8) | data[13], _mac(data[6:12]))


def _behind_tags(data: bytes, offset: int, protocol: int, source: str | None) -> LinkHeader | None:
    """Step over VLAN tags: two bytes of tag control, then the next EtherType (IEEE 802.1Q clause 9)."""
    for _ in range(_MOST_TAGS):
        if protocol not in _VLAN_TAGS:
            break
        if len(data) < offset + 4:
            return None
        (protocol,) = _WORD.unpack_from(data, offset + 2)
        offset += 4
    return LinkHeader(protocol=protocol, offset=offset, source=source)


def _cooked_v1(data: bytes) -> LinkHeader | None:
    if len(data) < _COOKED_V1.size:
        return None
    _, _, length, address, protocol = _COOKED_V1.unpack_from(data)
    return _behind_tags(data, _COOKED_V1.size, protocol, _mac(address) if length == _MAC_LENGTH else None)


def _cooked_v2(data: bytes) -> LinkHeader | None:
    if len(data) < _COOKED_V2.size:
        return None
    protocol, _, _, _, length, address = _COOKED_V2.unpack_from(data)
    return _behind_tags(data, _COOKED_V2.size, protocol, _mac(address) if length == _MAC_LENGTH else None)


def _family_first(data: bytes) -> LinkHeader | None:
    """BSD loopback: four bytes of address family, in the byte order of the host (0) or of the network (108)."""
    if len(data) < 4:
        return None
    family = min(int.from_bytes(data[:4], "little"), int.from_bytes(data[:4], "big"))
    return LinkHeader(protocol=_FAMILIES.get(family, 0), offset=4, source=None)


def _raw(link_type: int, data: bytes) -> LinkHeader | None:
    if link_type == _RAW_IPV4:
        return LinkHeader(protocol=IPV4, offset=0, source=None)
    if link_type == _RAW_IPV6:
        return LinkHeader(protocol=IPV6, offset=0, source=None)
    if link_type not in _RAW_EITHER or not data:
        return None
    return LinkHeader(protocol={4: IPV4, 6: IPV6}.get(data[0] >> 4, 0), offset=0, source=None)


@lru_cache(maxsize=1024)
def _mac(address: bytes) -> str:
    return address.hex(":")
