"""All that two ways show, put together into the odds of each pair of hops, and what these make of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from math import exp, log
from typing import NamedTuple

from bothways.paths import odds
from bothways.paths.course import Course, Station
from bothways.paths.features import Features, features_of
from bothways.paths.geometry import Geometry, opposite, parallel, whole
from bothways.paths.knowledge import Knowledge
from bothways.paths.likeness import bases_of, likeness, named, silence, way_back
from bothways.paths.links import Place, links_between
from bothways.paths.odds import LINKS_EXPECTED, OUTLIERS_EXPECTED
from bothways.paths.pairing import Beyond, Cells, posteriors
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

    def bases(self, i: int, j: int) -> tuple[Basis, ...]:
        """What speaks for hops *i* and *j* being one router, the strongest first."""
        found = bases_of(self.mine[i], self.theirs[j])
        if (i + 1, j) in self.links or (i, j - 1) in self.links:
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
    certain = _likenesses(shown)
    usual = Usual(linked=_shown_links(shown), outliers=OUTLIERS_EXPECTED[0] / sum(OUTLIERS_EXPECTED))
    first = posteriors(_cells(shown, certain, usual))
    return Comparison(shown, posteriors(_cells(shown, certain, usual_of(shown, first))))


class Usual(NamedTuple):
    """How these two ways show what they have in common."""

    linked: float
    """Share of neighbours whose addresses show their link."""

    outliers: float
    """Share of common routers whose round trips do not fit."""


def usual_of(shown: Shown, same: Sequence[Sequence[float]]) -> Usual:
    """How usual links and outliers are among pairs as probable as *same* says."""
    seen, unseen = LINKS_EXPECTED
    for i in range(1, len(same)):
        for j in range(1, len(same[i])):
            chance = _chance(shown, i, j - 1)
            if chance is not None:
                both = same[i][j] * same[i - 1][j - 1]
                seen, unseen = (seen + both, unseen) if chance else (seen, unseen + both)
    return Usual(
        linked=min(odds.MOST_LINKS, max(odds.LEAST_LINKS, seen / (seen + unseen))),
        outliers=shown.geometry.outliers(same),
    )


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
            if not shown.opposed and one.addresses and other.addresses and one.addresses.isdisjoint(other.addresses):
                weight += odds.OTHER_ADDRESS
            own = shown.links.get((i, j))
            if own is not None:
                weight += odds.ONE_LINK_TIGHT if own else odds.ONE_LINK_LOOSE
            row.append(weight)
        found.append(row)
    return found


def _cells(shown: Shown, certain: list[list[float]], usual: Usual) -> Cells:
    same, twins, links = [], [], []
    for i, weights in enumerate(certain):
        places = [shown.geometry.odds(i, j, usual.outliers) for j in range(len(weights))]
        both = zip(weights, places, strict=True)
        same.append([exp(max(-MOST, min(MOST, weight + place))) for weight, place in both])
        twins.append([exp(place * odds.TWIN_SHARE) for place in places])
        links.append([_chance(shown, i, j) for j in range(len(weights))])
    return Cells(same=same, twins=twins, links=links, linked=usual.linked, start=shown.start, end=shown.end)


MOST = 60.0
"""Logarithm beyond which odds are certainty, and products of them would leave a double's range."""

BEHIND_NAT = 0.9
"""How probable it is that the way back ends at the device that translates addresses, where the client's is private and
the one that the way back was measured to is not: few networks have private routers before public clients."""


def _shown_links(shown: Shown) -> float:
    """Share of neighbours whose addresses show the link between them, as if all were common to both ways."""
    most = min(sum(bool(one.addresses) for one in way) for way in (shown.mine, shown.theirs)) - 1
    found = len({i for i, _ in shown.links})
    seen, unseen = LINKS_EXPECTED
    share = (seen + found) / (seen + unseen + max(most, found))
    return min(odds.MOST_LINKS, max(odds.LEAST_LINKS, share))


def _chance(shown: Shown, i: int, j: int) -> float | None:
    """See `Cells.links`."""
    tight = shown.links.get((i, j))
    if tight is not None:
        return odds.LINK_BY_CHANCE[tight]
    return 0.0 if shown.opposed and shown.mine[i].addresses and shown.theirs[j].addresses else None


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
