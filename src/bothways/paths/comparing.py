"""The odds of each pair of hops from all that two ways show, and what these make of each pair."""

from collections.abc import Sequence
from math import exp, log

from msgspec import Struct

from bothways.paths import odds
from bothways.paths.addresses import is_private
from bothways.paths.cells import Beyond, Cells
from bothways.paths.course import Course, Station
from bothways.paths.features import Features, features_of
from bothways.paths.geometry import opposite, parallel, whole
from bothways.paths.knowledge import Knowledge
from bothways.paths.likeness import likeness, named, silence
from bothways.paths.links import Place, links_between
from bothways.paths.naming_habits import habits, other_name
from bothways.paths.odds import OUTLIERS_EXPECTED
from bothways.paths.pairing import MOST_CELLS_TWICE, posteriors
from bothways.paths.rows import PROVING
from bothways.paths.shown import Shown
from bothways.paths.usual import Linked, Usual, links_at_first, links_of, ratios, usual_of
from bothways.way import Way

MOST_STATIONS = 255
"""TTLs that there are."""


class Comparison(Struct, frozen=True):
    """Two ways, and the probability of each pair of their hops."""

    shown: Shown
    same: Sequence[Sequence[float]]
    """The probability that hops [i][j] are one router."""

    def claimed(self, i: int, j: int) -> bool:
        """Whether hops *i* and *j* may be called one router."""
        if self.shown.between_links(i, j):
            return self.same[i][j] >= odds.CLAIM_BETWEEN_LINKS
        return self.same[i][j] >= (odds.CLAIM if self.shown.identified(i, j) else odds.CLAIM_BY_PLACE)

    def proven(self) -> list[Place]:
        """Hops that are certainly one router, by what they are and not by their place alone."""
        return [
            (i, j)
            for i, row in enumerate(self.same)
            for j, value in enumerate(row)
            if value >= odds.CERTAIN and not PROVING.isdisjoint(self.shown.bases(i, j))
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
    certain, links = _likenesses(shown), links_of(shown)
    one, two = odds.ADDRESSES_EXPECTED[shown.opposed]
    outliers = OUTLIERS_EXPECTED[0] / sum(OUTLIERS_EXPECTED)
    usual = Usual(
        links=links_at_first(shown),
        addresses=one / (one + two),
        outliers=outliers,
        names=habits(shown.mine, shown.theirs),
    )
    first = posteriors(_cells(shown, certain, links, usual))
    if len(shown.mine) * len(shown.theirs) > MOST_CELLS_TWICE:
        return Comparison(shown, first)
    return Comparison(shown, posteriors(_cells(shown, certain, links, usual_of(shown, links, first, usual.names))))


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
    how_much = ratios(links, usual)
    joined = [[how_much[kind] for kind in kinds] for kinds in links]
    return Cells(same=same, twins=twins, joined=joined, start=shown.start, end=shown.end)


def _other(one: Features, other: Features, usual: Usual) -> float:
    """Odds of two hops by what differs between them."""
    apart = one.addresses and other.addresses and one.addresses.isdisjoint(other.addresses)
    return (log(1 - usual.addresses) if apart else 0.0) + other_name(one, other, usual.names)


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
    """Whether the client stands behind NAT: its own address is not the one by which the server knows it.

    Where no report says from which address it was made, that of the first router tells whether it is a private one; who
    answers at the end of a way back that names no destination is what the server knows it by.
    """
    own = {path.report.source_address for path in there.paths if path.report.source_address}
    known = {path.report.destination_address for path in back.paths if path.report.destination_address}
    if own and known:
        return own.isdisjoint(known)
    own = own or {address for station in there.stations[:1] if (address := station.address)}
    end = back.distance or back.likely_end
    known = known or {address for one in back.stations if one.index == end and (address := one.address)}
    return bool(own and known) and all(map(is_private, own)) and not any(map(is_private, known))
