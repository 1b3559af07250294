"""The link layer: where in a frame does the IP header start, and who sent it on this link.

Numbers of link types are those of capture files (https://www.tcpdump.org/linktypes.html).
"""

import struct
from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct

from bothways.wire.chain import follow
from bothways.wire.layer import IPV4, IPV6, NOTHING_KNOWN, PPP, PPPOE_SESSION, Hidden, Layer
from bothways.wire.monitor import Monitored, avs, ppi, prism, radiotap
from bothways.wire.ppp import cisco, ppp_or_cisco
from bothways.wire.wifi import Frame, frames
from bothways.wire.wrapped import FAMILIES, nflog, pktap

ETHERNET = 1
COOKED_V1 = 113
COOKED_V2 = 276
_WIFI = 105
_PPI = 192
_PKTAP = 258

LINK_NAMES = {
    0: "bsd-null",
    ETHERNET: "ethernet",
    9: "ppp",
    12: "raw-ip",
    14: "raw-ip",
    50: "ppp-hdlc",
    51: "pppoe",
    101: "raw-ip",
    104: "cisco-hdlc",
    _WIFI: "802.11",
    108: "bsd-loopback",
    COOKED_V1: "linux-cooked-v1",
    119: "802.11-prism",
    127: "802.11-radiotap",
    163: "802.11-avs",
    166: "ppp-pppd",
    _PPI: "ppi",
    204: "ppp-with-direction",
    228: "raw-ipv4",
    229: "raw-ipv6",
    239: "nflog",
    _PKTAP: "pktap",
    COOKED_V2: "linux-cooked-v2",
}
"""The link types that this module understands, and how they are called."""

_MONITORS: dict[int, Callable[[bytes], Monitored | None]] = {119: prism, 127: radiotap, 163: avs, _PPI: ppi}

WIRELESS = frozenset({_WIFI, *_MONITORS})
"""Link types whose frames may hold several packets."""

_IP = frozenset({IPV4, IPV6})
_COOKED_V1 = struct.Struct(">HHH6s2xH")
_COOKED_V2 = struct.Struct(">H2xIHBB6s2x")
_MAC_LENGTH = 6
_ETHERNET_LENGTH = 14


class LinkHeader(Struct, frozen=True, kw_only=True):
    """What the link layer says about a frame."""

    protocol: int | Hidden
    """EtherType of what follows; a number below 0x0600 is an IEEE 802.3 length, so nothing of the Internet's. What
    keeps the content from being seen where it is encrypted."""

    offset: int
    """Bytes from the start of the frame to the network header."""

    source: str | None
    """MAC address of the sender on this link, as hex with colons; None where the link type carries none."""

    layers: tuple[str, ...] = ()
    """Tags, labels and sessions between the link's own header and the network header, outermost first: `vlan 12`."""


def link_name(link_type: int) -> str:
    """How a link type is called; `link type 147` where this module does not understand it."""
    return LINK_NAMES.get(link_type, f"link type {link_type}")


def parse_link(link_type: int, data: bytes) -> LinkHeader | None:
    """Read the headers of a frame before its first packet's network header.

    Args:
        link_type: The capture file's number for the kind of link.
        data: The frame, as far as it was kept.

    Returns:
        What they say; None where the link type is not understood, the frame carries nothing, its headers make no sense
        or it was cut before its network header.
    """
    if link_type == ETHERNET:
        return _ethernet(data)
    if link_type in WIRELESS:
        return next(iter(parse_wireless(link_type, data)), None)
    read = _READERS.get(link_type)
    return None if read is None else read(data)


def link_receiver(link_type: int, data: bytes) -> str | None:
    """MAC address of who a frame is for on this link, as hex with colons.

    None for all links but Ethernet: what `tcpdump -i any` keeps (Linux cooked) names the sender alone.
    """
    return mac(data[:_MAC_LENGTH]) if link_type == ETHERNET and len(data) >= _ETHERNET_LENGTH else None


def parse_wireless(link_type: int, data: bytes) -> tuple[LinkHeader, ...]:
    """The same for all packets of a frame of 802.11, which may be an aggregate of several.

    Args:
        link_type: One of `WIRELESS`.
        data: The frame, as far as it was kept.
    """
    monitor = _MONITORS.get(link_type)
    where = Monitored(start=0) if monitor is None else monitor(data)
    if where is None:
        return ()
    if where.link_type is None or where.link_type == _WIFI:
        headers = [_in_the_air(data, frame) for frame in frames(data, where.start, padded=where.padded)]
    else:
        headers = [_wrapped(where.link_type, data, where.start)]
    return tuple(header for header in headers if header is not None)


def _in_the_air(data: bytes, frame: Frame) -> LinkHeader | None:
    return _behind(data, frame.layer.protocol, frame.layer.offset, mac(frame.source))


def _ethernet(data: bytes) -> LinkHeader | None:
    if len(data) < _ETHERNET_LENGTH:
        return None
    plain = _plain_ethernet(data[6:_ETHERNET_LENGTH])
    return plain if plain.protocol in _IP else _behind(data, plain.protocol, _ETHERNET_LENGTH, plain.source)


@lru_cache(maxsize=1024)
def _plain_ethernet(source_and_type: bytes) -> LinkHeader:
    """The header itself: a capture holds few different ones, and making one takes longer than finding it again."""
    protocol = (source_and_type[6] << 8) | source_and_type[7]
    return LinkHeader(protocol=protocol, offset=_ETHERNET_LENGTH, source=mac(source_and_type[:6]))


def _behind(data: bytes, protocol: int | Hidden, offset: int, source: str | None = None) -> LinkHeader | None:
    """What follows all further headers of the link layer."""
    found = follow(protocol, data, offset)
    if found is None:
        return None
    layer, words = found
    return LinkHeader(protocol=layer.protocol, offset=layer.offset, source=source, layers=words)


def _wrapped(link_type: int, data: bytes, start: int) -> LinkHeader | None:
    """The headers of a frame of another link type inside a record, which holds no second record."""
    inner = None if link_type in {_PPI, _PKTAP} else parse_link(link_type, data[start:])
    if inner is None:
        return None
    return LinkHeader(protocol=inner.protocol, offset=inner.offset + start, source=inner.source, layers=inner.layers)


def _cooked_v1(data: bytes) -> LinkHeader | None:
    if len(data) < _COOKED_V1.size:
        return None
    _, _, length, address, protocol = _COOKED_V1.unpack_from(data)
    return _behind(data, protocol, _COOKED_V1.size, mac(address) if length == _MAC_LENGTH else None)


def _cooked_v2(data: bytes) -> LinkHeader | None:
    if len(data) < _COOKED_V2.size:
        return None
    protocol, _, _, _, length, address = _COOKED_V2.unpack_from(data)
    return _behind(data, protocol, _COOKED_V2.size, mac(address) if length == _MAC_LENGTH else None)


def _family_first(data: bytes) -> LinkHeader | None:
    """BSD loopback: four bytes of address family, in the byte order of the host (0) or of the network (108)."""
    if len(data) < 4:
        return None
    family = min(int.from_bytes(data[:4], "little"), int.from_bytes(data[:4], "big"))
    return LinkHeader(protocol=FAMILIES.get(family, NOTHING_KNOWN), offset=4, source=None)


def _raw(data: bytes) -> LinkHeader | None:
    """No header at all: the packet's own version tells what it is."""
    if not data:
        return None
    return LinkHeader(protocol={4: IPV4, 6: IPV6}.get(data[0] >> 4, NOTHING_KNOWN), offset=0, source=None)


def _raw_ipv4(_: bytes) -> LinkHeader:
    return LinkHeader(protocol=IPV4, offset=0, source=None)


def _raw_ipv6(_: bytes) -> LinkHeader:
    return LinkHeader(protocol=IPV6, offset=0, source=None)


def _ppp(data: bytes) -> LinkHeader | None:
    return _behind(data, PPP, 0)


def _ppp_pppd(data: bytes) -> LinkHeader | None:
    """The direction stands in the place of the address, and the control field behind it."""
    return _behind(data, PPP, 2)


def _ppp_with_direction(data: bytes) -> LinkHeader | None:
    return _behind(data, PPP, 1)


def _pppoe(data: bytes) -> LinkHeader | None:
    return _behind(data, PPPOE_SESSION, 0)


def _ppp_hdlc(data: bytes) -> LinkHeader | None:
    return _serial(data, ppp_or_cisco(data, 0))


def _cisco_hdlc(data: bytes) -> LinkHeader | None:
    return _serial(data, cisco(data, 0))


def _serial(data: bytes, layer: Layer | None) -> LinkHeader | None:
    return None if layer is None else _behind(data, layer.protocol, layer.offset)


def _nflog(data: bytes) -> LinkHeader | None:
    packet = nflog(data)
    if packet is None:
        return None
    return _behind(data, packet.protocol, packet.start, None if packet.source is None else mac(packet.source))


def _pktap(data: bytes) -> LinkHeader | None:
    found = pktap(data)
    return None if found is None else _wrapped(found[0], data, found[1])


_READERS: dict[int, Callable[[bytes], LinkHeader | None]] = {
    0: _family_first,
    9: _ppp,
    12: _raw,
    14: _raw,
    50: _ppp_hdlc,
    51: _pppoe,
    101: _raw,
    104: _cisco_hdlc,
    108: _family_first,
    COOKED_V1: _cooked_v1,
    166: _ppp_pppd,
    204: _ppp_with_direction,
    228: _raw_ipv4,
    229: _raw_ipv6,
    239: _nflog,
    _PKTAP: _pktap,
    COOKED_V2: _cooked_v2,
}
"""How the frames of all link types but Ethernet and Wi-Fi are read."""


@lru_cache(maxsize=1024)
def mac(address: bytes) -> str:
    """A MAC address as hex with colons."""
    return address.hex(":")
