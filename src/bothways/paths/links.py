"""Which addresses of the two ways are those of one link's two ends.

On the way there a router mostly answers from its interface towards the client, on the way back from that towards the
server: so the address of one way and that of the other way that share a small network are those of two neighbours.
RFC 3021 (/31) and RFC 6164 (/127) are such networks; /30, /126 and /64 are customary, and some operators use larger
ones for two routers. How large the networks really are, no report says: only a network in which nobody else answered
counts, and one that could have more hosts counts for less.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_address
from typing import TypeAlias

Place: TypeAlias = tuple[int, int]
"""A hop of the way there and one of the way back, as positions in the sequences that were given."""

_IPV4, _IPV6 = 4, 6
_LOOSEST = {_IPV4: 24, _IPV6: 64}
"""Prefix lengths down to which two addresses may be one link's: larger networks hold many routers."""

_BITS = {_IPV4: 32, _IPV6: 128}


def links_between(there: Sequence[frozenset[str]], back: Sequence[frozenset[str]]) -> Mapping[Place, bool]:
    """Find the hops there and back whose addresses are two ends of one link.

    The value says whether the network has at most four addresses, so that hardly anything else is possible.
    """
    numbers = {text: _number(text) for way in (there, back) for addresses in way for text in addresses}
    blocks: dict[tuple[int, int, int], set[str]] = defaultdict(set)
    for text, (version, number) in numbers.items():
        for length in range(_LOOSEST[version], _BITS[version]):
            blocks[version, length, number >> (_BITS[version] - length)].add(text)
    bearers = [_bearers(way) for way in (there, back)]
    links: dict[Place, bool] = {}
    for (version, length, _), texts in blocks.items():
        if len(texts) != TWO:
            continue
        one, other = sorted(texts, key=lambda text: text not in bearers[0])
        apart = one in bearers[0] and other in bearers[1] and one not in bearers[1] and other not in bearers[0]
        parted = _common(numbers[one], numbers[other]) == length
        if not apart or not parted:
            continue
        tight = _is_tight(numbers[one][1], numbers[other][1])
        if tight and _shows_pairs(version, numbers[one][1], numbers[other][1], numbers.values()):
            continue
        for i in bearers[0][one]:
            for j in bearers[1][other]:
                links[i, j] = links.get((i, j), False) or tight
    return links


TWO = 2
"""Ends of a link."""


def blocks_of(addresses: Iterable[str]) -> frozenset[tuple[int, int]]:
    """The /24 or /64 of each address: two on one link hardly fail to share theirs."""
    numbers = map(_number, addresses)
    return frozenset((version, number >> (_BITS[version] - _LOOSEST[version])) for version, number in numbers)


def are_one_link(one: str, other: str) -> bool:
    """Whether two addresses, whoever else answered, are the two of a network for a link: /31, /30, /127 or /126."""
    (version, number), (version2, number2) = _number(one), _number(other)
    return version == version2 and _is_tight(number, number2)


def _number(text: str) -> tuple[int, int]:
    address = ip_address(text)
    return address.version, int(address)


def _bearers(way: Sequence[frozenset[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place, addresses in enumerate(way):
        for text in addresses:
            found[text].append(place)
    return found


def _common(one: tuple[int, int], other: tuple[int, int]) -> int:
    """How many leading bits two addresses share."""
    return _BITS[one[0]] - (one[1] ^ other[1]).bit_length()


def _is_tight(one: int, other: int) -> bool:
    """Whether they can be the two hosts of a /31 or /30 (/127 or /126), or the first two of a /64."""
    if one ^ other == 1:
        return True
    return one ^ other == 0b11 and one & 0b11 in {0b01, 0b10}


def _shows_pairs(version: int, one: int, other: int, seen: Iterable[tuple[int, int]]) -> bool:
    """Whether .1 and .2 are of two links: networks of two addresses are in use around them.

    They are where somebody answers from the first or last address of a /30, which in a /30 nobody has.
    """
    if one ^ other == 1:
        return False
    width = _BITS[version] - _LOOSEST[version]
    near = (number for kind, number in seen if kind == version and number >> width == one >> width)
    return any(number & 0b11 in {0b00, 0b11} for number in near)
