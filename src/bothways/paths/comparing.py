"""All that two ways show, put together into the odds of each pair of hops, and what these make of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from ipaddress import ip_address
from math import exp, log
from typing import NamedTuple

from bothways.paths import odds
from bothways.paths.course import Course, Station
from bothways.paths.features import Features, features_of
from bothways.paths.geometry import Geometry, opposite, parallel, whole
from bothways.paths.knowledge import Knowledge
from bothways.paths.likeness import bases_of, likeness, named, silence, way_back
from bothways.paths.links import Place, blocks_of, links_between
from bothways.paths.naming_habits import Habits, habits, learnt, other_name
from bothways.paths.odds import LINKS_EXPECTED, OUTLIERS_EXPECTED
from bothways.paths.pairing import MOST_CELLS_TWICE, Beyond, Cells, posteriors
from bothways.paths.rows import Basis
from bothways.way import Way

MOST_STATIONS = 255
"""TTLs that there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All that two ways show, hop by hop from the client's side on."""

    there: tuple[Station, ...]
    back: tuple[Station, ...]
    mine: tuple[Features, ...]
    theirs: tuple[Features, ...]
    links: Mapping[Place, bool]
    geometry: Geometry
    expected: tuple[Sequence[int | None], Sequence[int | None]]
    """How far replies would come from a router of both ways: of each hop of the way there, the distance that counts is
    that of its partner of the way back, so the first ones go by j; the second ones by i."""

    opposed: bool
    """Ways of both directions; else two of one direction."""

    start: tuple[Beyond, Beyond]
    """See `Cells`."""

    end: tuple[Beyond, Beyond]

    def returns(self, i: int, j: int) -> float:
        """Odds of how far the replies of two hops came."""
        mine = way_back(self.mine[i].returns, self.expected[0][j])
        return mine + way_back(self.theirs[j].returns, self.expected[1][i])

    def linked(self, i: int, j: int) -> bool:
        """Whether a link to a neighbour speaks for hops *i* and *j* being one router."""
        return (i + 1, j) in self.links or (i, j - 1) in self.links

    def told(self, i: int, j: int) -> bool:
        """Whether anything but their place speaks for hops *i* and *j* being one router."""
        one, other = self.mine[i], self.theirs[j]
        return (
            self.linked(i, j)
            or not one.addresses.isdisjoint(other.addresses)
            or not one.devices.isdisjoint(other.devices)
            or not one.listed.isdisjoint(other.listed)
        )

    def bases(self, i: int, j: int) -> tuple[Basis, ...]:
        """What speaks for hops *i* and *j* being one router, the strongest first."""
        found = bases_of(self.mine[i], self.theirs[j])
        if self.linked(i, j):
            found.append((Basis.LINK, log(1 / odds.LINK_BY_CHANCE[True])))
        for basis, weight in (
            (Basis.ROUND_TRIP, self.geometry.odds(i, j, OUTLIERS_EXPECTED[0] / sum(OUTLIERS_EXPECTED))),
            (Basis.WAY_BACK, self.returns(i, j)),
        ):
            if weight > odds.NOTEWORTHY:
                found.append((basis, weight))
        ordered = tuple(basis for basis, _ in sorted(found, key=lambda pair: -pair[1]))
        return ordered if PROVING.intersection(ordered) else (*ordered, Basis.POSITION)


PROVING = frozenset({Basis.ADDRESS, Basis.NAME, Basis.INTERFACE_NAME, Basis.LINK, Basis.INVENTORY})
"""Bases that pair two hops by what they are, not by where they stand."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two ways, and the probability of each pair of their hops."""

    shown: Shown
    same: Sequence[Sequence[float]]
    """The probability that hops [i][j] are one router."""

    def proven(self) -> list[Place]:
        """Hops that are certainly one router, by what they are and not by their place."""
        return [
            (i, j)
            for i, row in enumerate(self.same)
            for j, value in enumerate(row)
            if value >= odds.CLAIM and not PROVING.isdisjoint(self.shown.bases(i, j))
        ]


def compared(there: Course, back: Course, knowledge: Knowledge, *, one_server: bool = True) -> Comparison:
    """Compare a way there with a way back; of which the other ends may be two hosts, if one is a control's."""
    mine = there.routers[:MOST_STATIONS]
    theirs = tuple(reversed(back.routers))[-MOST_STATIONS:]
    features = features_of(mine, theirs, knowledge)
    hidden = BEHIND_NAT if is_translated(there, back) else 0.0
    foreign = Beyond(1.0, MOST_STATIONS)
    return _comparison(
        Shown(
            there=mine,
            back=theirs,
            mine=features[0],
            theirs=features[1],
            links=links_between(*([one.addresses for one in way] for way in features)),
            geometry=opposite(mine, theirs, whole(there, back) if one_server else None),
            expected=(
                [_distance(one, back) for one in theirs],
                [_distance(one, there) if one_server else None for one in mine],
            ),
            opposed=True,
            start=(Beyond(max(_unended(back), hidden), MOST_STATIONS), _idle(back)),
            end=(_idle(there), Beyond(_unended(there), MOST_STATIONS)) if one_server else (foreign, foreign),
        )
    )


def likened(one: Course, other: Course, knowledge: Knowledge) -> Comparison:
    """Compare two ways of one direction: the case's and a control's, whose other ends are different hosts."""
    mine, theirs = one.routers[:MOST_STATIONS], other.routers[:MOST_STATIONS]
    if one.way is Way.BACK:
        mine, theirs = tuple(reversed(mine)), tuple(reversed(theirs))
    features = features_of(mine, theirs, knowledge)
    foreign, nothing = Beyond(1.0, MOST_STATIONS), Beyond()
    unended = Beyond(max(_unended(one), _unended(other)), MOST_STATIONS)
    return _comparison(
        Shown(
            there=mine,
            back=theirs,
            mine=features[0],
            theirs=features[1],
            links={},
            # Round trips from two servers have nothing in common.
            geometry=parallel(mine, theirs) if one.way is Way.THERE else opposite(mine, theirs, None),
            expected=([None] * len(theirs), [None] * len(mine)),
            opposed=False,
            start=(unended, unended) if one.way is Way.BACK else (nothing, nothing),
            end=(foreign, foreign),
        )
    )


def _comparison(shown: Shown) -> Comparison:
    """Weigh everything twice: how usual links and outliers are here is seen once it is known who is who."""
    certain, links = _likenesses(shown), _links(shown)
    one, two = odds.ADDRESSES_EXPECTED[shown.opposed]
    outliers = OUTLIERS_EXPECTED[0] / sum(OUTLIERS_EXPECTED)
    usual = Usual(
        links=_links_at_first(shown),
        addresses=one / (one + two),
        outliers=outliers,
        names=habits(shown.mine, shown.theirs),
    )
    first = posteriors(_cells(shown, certain, links, usual))
    if len(shown.mine) * len(shown.theirs) > MOST_CELLS_TWICE:
        return Comparison(shown, first)
    return Comparison(shown, posteriors(_cells(shown, certain, links, usual_of(shown, links, first, usual.names))))


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


def _links(shown: Shown) -> list[list[Linked]]:
    there, back = ([blocks_of(one.addresses) for one in way] for way in (shown.mine, shown.theirs))
    return [
        [
            _linked(mine, theirs, tight=shown.links.get((i, j))) if shown.opposed else Linked.UNKNOWN
            for j, theirs in enumerate(back)
        ]
        for i, mine in enumerate(there)
    ]


def _linked(mine: frozenset[tuple[int, int]], theirs: frozenset[tuple[int, int]], *, tight: bool | None) -> Linked:
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


def _links_at_first(shown: Shown) -> tuple[float, float, float]:
    """The same before any pair is known, as if all hops were common to both ways."""
    most = min(sum(bool(one.addresses) for one in way) for way in (shown.mine, shown.theirs)) - 1
    found = len({i for i, _ in shown.links})
    seen, near, far = LINKS_EXPECTED
    missed = max(most - found, 0) / 2
    return _shares((seen + found, near + missed, far + missed))


def _likenesses(shown: Shown) -> list[list[float]]:
    """What does not depend on what is usual."""
    quiet, half_named = silence(shown.mine, shown.theirs), named(shown.mine, shown.theirs)
    found = []
    for i, one in enumerate(shown.mine):
        row = []
        for j, other in enumerate(shown.theirs):
            weight = likeness(one, other) + quiet[one.silent, other.silent] + shown.returns(i, j)
            if not one.silent and not other.silent and bool(one.names) is not bool(other.names):
                weight += half_named
            own = shown.links.get((i, j))
            if own is not None:
                weight += odds.ONE_LINK_TIGHT if own else odds.ONE_LINK_LOOSE
            row.append(weight)
        found.append(row)
    return found


def _cells(shown: Shown, certain: Sequence[Sequence[float]], links: Sequence[Sequence[Linked]], usual: Usual) -> Cells:
    same, twins = [], []
    for i, weights in enumerate(certain):
        places = [shown.geometry.odds(i, j, usual.outliers) for j in range(len(weights))]
        one = shown.mine[i]
        others = [_other(one, theirs, usual) for theirs in shown.theirs]
        both = [(weight + other, place) for weight, other, place in zip(weights, others, places, strict=True)]
        same.append([exp(max(-MOST, min(MOST, weight + place))) for weight, place in both])
        twins.append([exp(place * odds.TWIN_SHARE) for place in places])
    ratios = _ratios(links, usual)
    joined = [[ratios[kind] for kind in kinds] for kinds in links]
    return Cells(same=same, twins=twins, joined=joined, start=shown.start, end=shown.end)


def _other(one: Features, other: Features, usual: Usual) -> float:
    """Odds of two hops by what differs between them."""
    apart = one.addresses and other.addresses and one.addresses.isdisjoint(other.addresses)
    return (log(1 - usual.addresses) if apart else 0.0) + other_name(one, other, usual.names)


def _ratios(links: Sequence[Sequence[Linked]], usual: Usual) -> dict[Linked, float]:
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


MOST = 60.0
"""Logarithm beyond which odds are certainty, and products of them would leave a double's range."""

BEHIND_NAT = 0.9
"""How probable it is that the way back ends at the device that translates addresses, where the client's is private and
the one that the way back was measured to is not: few networks have private routers before public clients."""


def _distance(station: Station, course: Course) -> int | None:
    """Hops from a station to the host at the end of its way; None where the report does not reach that host."""
    return course.stations[-1].index - station.index if course.reached else None


def _unended(course: Course) -> float:
    match course.reached:
        case True:
            return 0.0
        case False:
            return 1.0
        case None:
            return 0.5


def _idle(course: Course) -> Beyond:
    """What a report lists at its end though it may be no router: the other end's host itself."""
    return Beyond(_unended(course), 1) if course.reached is None else Beyond()


def is_translated(there: Course, back: Course) -> bool:
    """Whether the client stands behind NAT: its own address is private, and what the server knows it by is not."""
    own = {path.report.source_address for path in there.paths if path.report.source_address}
    own = own or {address for station in there.stations[:1] if (address := station.address)}
    known = {path.report.destination_address for path in back.paths if path.report.destination_address}
    return bool(own and known) and not any(map(_is_global, own)) and all(map(_is_global, known))


def _is_global(text: str) -> bool:
    return ip_address(text).is_global
