"""From one IP header through a tunnel to the next."""

from enum import Enum, auto

from msgspec import Struct

from bothways.wire.address import address
from bothways.wire.chain import follow
from bothways.wire.ip import IpHeader, parse_ip
from bothways.wire.layer import IPV4, IPV6, Hidden
from bothways.wire.tunnel import tunnel

_VERSIONS = {IPV4: 4, IPV6: 6}

MOST_TUNNELS = 8
"""Headers of IP inside of each other that are followed. Three are in use (a mobile user's tunnel, the operator's, and a
mirror's); the bound only keeps a stranger's packet from leading far."""


class Inside(Struct, frozen=True, kw_only=True):
    """An IP packet inside of another."""

    ip: IpHeader
    words: tuple[str, ...]
    """The tunnel and what stands behind it, outermost first: `vxlan 42 10.0.0.1 > 10.0.0.2`, `vlan 12`."""


class Nothing(Enum):
    """Why there is no IP packet inside."""

    NO_TUNNEL = auto()
    """The packet is no tunnel's, or the tunnel carries nothing of the Internet's."""

    CUT = auto()
    """It is a tunnel's, and what it carries was not kept."""


def inside(ip: IpHeader, data: bytes) -> Inside | Hidden | Nothing:
    """Look for the IP packet that another one carries.

    Args:
        ip: The outer header, of a packet that is no fragment.
        data: What it was read from, as far as it was kept.
    """
    layer = tunnel(ip, data)
    found = None if layer is None else follow(layer.protocol, data, layer.offset)
    if layer is None or found is None:
        return _nothing(ip, data) if layer is not None else Nothing.NO_TUNNEL
    last, words = found
    if isinstance(last.protocol, Hidden):
        return last.protocol
    if last.protocol not in _VERSIONS:
        return Nothing.NO_TUNNEL
    inner = parse_ip(data, last.offset, ip.start + ip.length)
    if inner is None or data[last.offset] >> 4 != _VERSIONS[last.protocol]:
        return _nothing(ip, data)
    ends = f"{layer.word} {address(ip.source)} > {address(ip.destination)}"
    return Inside(ip=inner, words=(ends, *words))


def _nothing(ip: IpHeader, data: bytes) -> Nothing:
    return Nothing.CUT if len(data) < ip.start + ip.length else Nothing.NO_TUNNEL


def innermost(ip: IpHeader, data: bytes) -> IpHeader:
    """The last header that can be reached through tunnels without putting fragments together."""
    for _ in range(MOST_TUNNELS):
        further = None if ip.fragment_offset else inside(ip, data)
        if not isinstance(further, Inside):
            break
        ip = further.ip
    return ip
