"""All that two ways show, put together into the odds of each pair of hops, and what these make of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import takewhile
from math import exp, log

from bothways.paths import odds
from bothways.paths.course import Course, Station
from bothways.paths.features import Features, features_of
from bothways.paths.geometry import Geometry, least, opposite, parallel, whole
from bothways.paths.knowledge import Knowledge
from bothways.paths.likeness import bases_of, likeness, named, silence, way_back
from bothways.paths.links import Place, links_between
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
            (Basis.ROUND_TRIP, self.geometry.odds(i, j)),
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
    trips = [[least(one) for one in way] for way in (mine, theirs)]
    hidden = BEHIND_NAT if is_translated(there, back) else 0.0
    foreign = Beyond(1.0, MOST_STATIONS)
    return _comparison(
        Shown(
            there=mine,
            back=theirs,
            mine=features[0],
            theirs=features[1],
            links=links_between(*([one.addresses for one in way] for way in features)),
            geometry=opposite(trips[0], trips[1], whole(there, back) if one_server else None),
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
    # Round trips from two servers have nothing in common.
    trips = [[least(hop) if one.way is Way.THERE else None for hop in way] for way in (mine, theirs)]
    return _comparison(
        Shown(
            there=mine,
            back=theirs,
            mine=features[0],
            theirs=features[1],
            links={},
            geometry=parallel(trips[0], trips[1]),
            expected=([None] * len(theirs), [None] * len(mine)),
            opposed=False,
            start=(unended, unended) if one.way is Way.BACK else (nothing, nothing),
            end=(foreign, foreign),
        )
    )


def _comparison(shown: Shown) -> Comparison:
    quiet = silence(shown.mine, shown.theirs)
    share = links_share(shown.mine, shown.theirs, shown.links)
    half_named = named(shown.mine, shown.theirs)
    same, twins, following = [], [], []
    for i, one in enumerate(shown.mine):
        row, twin, after = [], [], []
        for j, other in enumerate(shown.theirs):
            place = shown.geometry.odds(i, j)
            weight = likeness(one, other) + quiet[one.silent, other.silent] + place + shown.returns(i, j)
            if not one.silent and not other.silent and bool(one.names) is not bool(other.names):
                weight += half_named
            if shown.opposed:
                weight += _beside_links(i, j, shown.links, share)
            elif one.addresses and other.addresses and one.addresses.isdisjoint(other.addresses):
                weight += odds.OTHER_ADDRESS
            row.append(exp(max(-MOST, min(MOST, weight))))
            twin.append(exp(place * odds.TWIN_SHARE))
            after.append(_following(shown, i, j, share) if shown.opposed and i and j else 1.0)
        same.append(row)
        twins.append(twin)
        following.append(after)
    cells = Cells(same=same, twins=twins, following=following, start=shown.start, end=shown.end)
    return Comparison(shown, posteriors(cells))


MOST = 60.0
"""Logarithm beyond which odds are certainty, and products of them would leave a double's range."""

BEHIND_NAT = 0.9
"""How probable it is that the way back ends at the device that translates addresses, where the client's is private and
the one that the way back was measured to is not: few networks have private routers before public clients."""


def links_share(mine: Sequence[Features], theirs: Sequence[Features], links: Mapping[Place, bool]) -> float:
    """Share of neighbours on both ways whose addresses show the link between them."""
    most = min(sum(bool(one.addresses) for one in way) for way in (mine, theirs)) - 1
    shown = len({i for i, _ in links})
    seen, unseen = odds.LINKS_EXPECTED
    share = (seen + shown) / (seen + unseen + max(most, shown))
    return min(odds.MOST_LINKS, max(odds.LEAST_LINKS, share))


def _beside_links(i: int, j: int, links: Mapping[Place, bool], share: float) -> float:
    """What links between two hops and their neighbours say of the two.

    The end of a link that answers there stands one step farther than the one that answers back.
    """
    weight = 0.0
    own = links.get((i, j))
    if own is not None:
        weight += odds.ONE_LINK_TIGHT if own else odds.ONE_LINK_LOOSE
    for beside in ((i + 1, j), (i, j - 1)):
        tight = links.get(beside)
        if tight is not None:
            weight += log(max(1.0, share * odds.LINK_AT_PARTING / odds.LINK_BY_CHANCE[tight]))
    return weight


def _following(shown: Shown, i: int, j: int, share: float) -> float:
    """What the link between two pairs in a row says beyond what it says of each."""
    tight = shown.links.get((i, j - 1))
    if tight is not None:
        chance = odds.LINK_BY_CHANCE[tight]
        return max(1.0, share / chance) / max(1.0, share * odds.LINK_AT_PARTING / chance) ** 2
    return 1 - share if shown.mine[i].addresses and shown.theirs[j - 1].addresses else 1.0


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
    """What a report lists at its end though there may be nothing: silence, or the other end's host itself."""
    if course.reached:
        return Beyond()
    silent = sum(1 for _ in takewhile(lambda station: station.silent, reversed(course.stations)))
    return Beyond(_unended(course), silent or int(course.reached is None))


def is_translated(there: Course, back: Course) -> bool:
    """Whether the client stands behind NAT: its own address is private, and what the server knows it by is not."""
    own = {path.report.source_address for path in there.paths if path.report.source_address}
    own = own or {address for station in there.stations[:1] if (address := station.address)}
    known = {path.report.destination_address for path in back.paths if path.report.destination_address}
    return bool(own and known) and not any(map(_is_global, own)) and all(map(_is_global, known))


def _is_global(text: str) -> bool:
    return ip_address(text).is_global
