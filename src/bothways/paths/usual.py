"""How two ways show what they have in common: how often links, single addresses and outliers are seen on them.

Counted on these very ways as soon as it is nearly known who is who: a network's own habits say how much a sight of it
weighs.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from bothways.paths import odds
from bothways.paths.links import blocks_of
from bothways.paths.naming_habits import Habits, learnt
from bothways.paths.odds import LINKS_EXPECTED
from bothways.paths.shown import Shown


class Linked(IntEnum):
    """What the addresses of two hops, one of each way, look like."""

    UNKNOWN = 0
    """One of them has none, or the ways are of one direction."""
    TIGHT = 1
    """The two ends of a link that has no room for others."""
    LOOSE = 2
    """The only two that are known of a network up to a /24 or /64."""
    NEAR = 3
    """Two of several in such a network."""
    FAR = 4
    """Of different networks."""


class Usual(NamedTuple):
    """How these two ways show what they have in common."""

    links: tuple[float, float, float]
    """Share of neighbours whose addresses are the only two of a network, of one network with others, and of two."""

    addresses: float
    """Share of common routers that show one address on both ways."""

    outliers: float
    """Share of common routers whose round trips do not fit."""

    names: Habits


def links_of(shown: Shown) -> list[list[Linked]]:
    """What the addresses of each two hops [i][j] look like."""
    there, back = ([blocks_of(one.addresses) for one in way] for way in (shown.mine, shown.theirs))
    return [
        [
            _look(mine, theirs, tight=shown.links.get((i, j))) if shown.opposed else Linked.UNKNOWN
            for j, theirs in enumerate(back)
        ]
        for i, mine in enumerate(there)
    ]


def _look(mine: frozenset[tuple[int, int]], theirs: frozenset[tuple[int, int]], *, tight: bool | None) -> Linked:
    if tight is not None:
        return Linked.TIGHT if tight else Linked.LOOSE
    if not (mine and theirs):
        return Linked.UNKNOWN
    return Linked.FAR if mine.isdisjoint(theirs) else Linked.NEAR


def usual_of(shown: Shown, links: Sequence[Sequence[Linked]], same: Sequence[Sequence[float]], names: Habits) -> Usual:
    """How usual links and outliers are among pairs as probable as *same* says; *names* is what was known before."""
    counts = list(LINKS_EXPECTED)
    for i in range(1, len(same)):
        for j in range(1, len(same[i])):
            kind = links[i][j - 1]
            both = same[i][j] * same[i - 1][j - 1]
            if kind is not Linked.UNKNOWN and both > odds.NEGLIGIBLE:
                told = shown.told(i, j) and shown.told(i - 1, j - 1)
                counts[max(kind - Linked.LOOSE, 0)] += both * (1.0 if told else odds.PLACED)
    return Usual(
        links=_shares(counts),
        addresses=_one_address(shown, same),
        outliers=shown.geometry.outliers(same),
        names=learnt(names, shown.mine, shown.theirs, same, shown.linked),
    )


def _one_address(shown: Shown, same: Sequence[Sequence[float]]) -> float:
    """The share of common routers that show one address on both ways."""
    one, two = odds.ADDRESSES_EXPECTED[shown.opposed]
    for mine, values in zip(shown.mine, same, strict=True):
        for theirs, value in zip(shown.theirs, values, strict=True):
            if mine.addresses and theirs.addresses:
                equal = not mine.addresses.isdisjoint(theirs.addresses)
                one, two = one + value * equal, two + value * (not equal)
    return one / (one + two)


def _shares(counts: Sequence[float]) -> tuple[float, float, float]:
    one, near, far = (max(odds.LEAST_LINKS, count / sum(counts)) for count in counts)
    return one, near, far


def links_at_first(shown: Shown) -> tuple[float, float, float]:
    """The same before any pair is known, as if all hops were common to both ways."""
    most = min(sum(bool(one.addresses) for one in way) for way in (shown.mine, shown.theirs)) - 1
    found = len({i for i, _ in shown.links})
    seen, near, far = LINKS_EXPECTED
    missed = max(most - found, 0) / 2
    return _shares((seen + found, near + missed, far + missed))


def ratios(links: Sequence[Sequence[Linked]], usual: Usual) -> dict[Linked, float]:
    """How much likelier addresses are to look so if they are those of one link, than those of any two hops are."""
    kinds = [kind for row in links for kind in row if kind is not Linked.UNKNOWN]
    near = max(odds.LEAST_LINKS, kinds.count(Linked.NEAR) / max(len(kinds), 1))
    far = max(odds.LEAST_LINKS, kinds.count(Linked.FAR) / max(len(kinds), 1))
    one, beside, apart = usual.links
    return {
        Linked.UNKNOWN: 1.0,
        Linked.TIGHT: one / odds.LINK_BY_CHANCE[True],
        Linked.LOOSE: one / odds.LINK_BY_CHANCE[False],
        Linked.NEAR: beside / near,
        Linked.FAR: min(1.0, apart / far),
    }
