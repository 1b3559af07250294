"""MPLS: a stack of labels, and nothing that says what lies under it (RFC 3032)."""

from bothways.wire.ethernet import VLAN_TAGS, ethertype_at
from bothways.wire.layer import BRIDGED, IPV4, IPV6, MPLS, NOTHING_KNOWN, PPPOE_SESSION, Layer

_MOST_LABELS = 16
"""Three or four are in use, a dozen in segment routing; the bound keeps a stranger's frame from leading far."""

_BOTTOM_OF_STACK = 0x100
_CONTROL_WORD = 4
_PLAIN_IPV4 = 0x45


def mpls(data: bytes, offset: int) -> Layer | None:
    """Step over a stack of labels: 20 bits, 3 of class, one that says the last, and a TTL (RFC 3032 section 2.1)."""
    labels: list[str] = []
    for start in range(offset, offset + 4 * _MOST_LABELS, 4):
        if start + 4 > len(data):
            return None
        entry = int.from_bytes(data[start : start + 4])
        labels.append(str(entry >> 12))
        if entry & _BOTTOM_OF_STACK:
            return _under(data, start + 4, f"mpls {'/'.join(labels)}")
    return None


def _under(data: bytes, offset: int, word: str) -> Layer:
    """What lies under the stack, by its first bits: 4 and 6 are IP's versions, 0 is a control word's (RFC 4928).

    A bridged frame may come without a control word, and its first bits are then those of an address that may begin
    with anything.
    """
    first = data[offset] if offset < len(data) else 0
    if first == _PLAIN_IPV4:  # as an address of Ethernet it would stand for a group
        return Layer(protocol=IPV4, offset=offset, word=word)
    # A tag makes a frame as much longer as a control word does: without one its tag would be taken for an address.
    if _is_bridged(data, offset):
        return Layer(protocol=BRIDGED, offset=offset, word=word)
    if not first >> 4 and _is_bridged(data, offset + _CONTROL_WORD):
        return Layer(protocol=BRIDGED, offset=offset + _CONTROL_WORD, word=word)
    return Layer(protocol={4: IPV4, 6: IPV6}.get(first >> 4, NOTHING_KNOWN), offset=offset, word=word)


def _is_bridged(data: bytes, offset: int) -> bool:
    """Tell whether an Ethernet frame with something of the Internet's in it seems to start here."""
    protocol = ethertype_at(data, offset + 12)
    if protocol in {IPV4, IPV6}:
        version = 4 if protocol == IPV4 else 6
        return offset + 14 < len(data) and data[offset + 14] >> 4 == version
    return protocol in VLAN_TAGS or protocol in {MPLS, PPPOE_SESSION}
