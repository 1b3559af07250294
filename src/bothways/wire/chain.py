"""From the start of whatever a link or a tunnel carries to the IP header in it."""

from collections.abc import Callable

from bothways.wire.ethernet import MACSEC, VLAN_TAGS, ethernet, llc, macsec, vlan
from bothways.wire.layer import BRIDGED, IPV4, IPV6, LLC, MPLS, PPP, PPPOE_SESSION, Hidden, Layer
from bothways.wire.mpls import mpls
from bothways.wire.ppp import ppp, pppoe

_MOST_HEADERS = 12
"""A bridged frame inside a carrier's may have two tags, labels, PPPoE and two tags again; the bound only keeps a
stranger's frame from leading far."""

_FIRST_ETHERTYPE = 0x0600
"""A lower number is a length, and LLC follows (IEEE 802.3 clause 3.2.6)."""

_MPLS_MULTICAST = 0x8848

_STEPS: dict[int, Callable[[bytes, int], Layer | None]] = {
    **dict.fromkeys(VLAN_TAGS, vlan),
    MPLS: mpls,
    _MPLS_MULTICAST: mpls,
    PPPOE_SESSION: pppoe,
    PPP: ppp,
    BRIDGED: ethernet,
    MACSEC: macsec,
    LLC: llc,
}


def follow(protocol: int | Hidden, data: bytes, offset: int) -> tuple[Layer, tuple[str, ...]] | None:
    """Step over headers until one that is no longer of the link layer.

    Args:
        protocol: EtherType of the first one.
        data: A frame, as far as it was kept.
        offset: Where the first one starts.

    Returns:
        What the last of them carries, and the words for all of them, outermost first; None where one of them makes no
        sense or was cut off.
    """
    layer = Layer(protocol=protocol, offset=offset)
    words: list[str] = []
    for _ in range(_MOST_HEADERS):
        kind = layer.protocol
        if isinstance(kind, Hidden) or kind in {IPV4, IPV6}:
            break
        step = _STEPS.get(LLC if kind < _FIRST_ETHERTYPE else kind)
        if step is None:
            break
        further = step(data, layer.offset)
        if further is None:
            return None
        if further.word:
            words.append(further.word)
        layer = further
    return layer, tuple(words)
