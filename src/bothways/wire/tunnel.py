"""What an IP packet carries if it is not the end of the matter: another packet, in one of many wrappings."""

from collections.abc import Callable

from bothways.wire.gre import gre
from bothways.wire.ip import IpHeader
from bothways.wire.layer import BRIDGED, IPV4, IPV6, MPLS, Hidden, Layer
from bothways.wire.udp_tunnel import udp_tunnel

_ETHERIP_VERSION = b"\x30\0"
_NAMES = {(4, 4): "ipip", (4, 6): "6in4", (6, 4): "4in6", (6, 6): "6in6"}
"""By the versions outside and inside (RFC 2003, RFC 4213, RFC 2473)."""


def tunnel(ip: IpHeader, data: bytes) -> Layer | None:
    """Read the header of a tunnel behind an IP header.

    Args:
        ip: The header of a whole packet.
        data: What it was read from.

    Returns:
        The tunnel's header; None where the packet is no tunnel's, or its header was cut off or makes no sense.
    """
    read = _TUNNELS.get(ip.protocol)
    return None if read is None else read(ip, data)


def _bare(ip: IpHeader, _: bytes) -> Layer:
    """An IP packet right behind an IP header: the protocol numbers say which version."""
    outside, inside = (4 if len(ip.source) == 4 else 6), (4 if ip.protocol == 4 else 6)
    return Layer(protocol=IPV4 if inside == 4 else IPV6, offset=ip.start, word=_NAMES[outside, inside])


def _esp(ip: IpHeader, _: bytes) -> Layer:
    return Layer(protocol=Hidden.ESP, offset=ip.start, word="esp")


def _mpls(ip: IpHeader, _: bytes) -> Layer:
    """A label stack right behind the IP header (RFC 4023)."""
    return Layer(protocol=MPLS, offset=ip.start, word="mpls-in-ip")


def _etherip(ip: IpHeader, data: bytes) -> Layer | None:
    """Version 3 and twelve zero bits, then an Ethernet frame (RFC 3378 section 3)."""
    if not data.startswith(_ETHERIP_VERSION, ip.start):
        return None
    return Layer(protocol=BRIDGED, offset=ip.start + 2, word="etherip")


def _gre(ip: IpHeader, data: bytes) -> Layer | None:
    return gre(data, ip.start)


def _udp(ip: IpHeader, data: bytes) -> Layer | None:
    return udp_tunnel(data, ip.start, ip.length)


_TUNNELS: dict[int, Callable[[IpHeader, bytes], Layer | None]] = {
    4: _bare,
    17: _udp,
    41: _bare,
    47: _gre,
    50: _esp,
    97: _etherip,
    137: _mpls,
}
"""IANA "Assigned Internet Protocol Numbers"."""
