"""Which rows of two captures are the same connections, where no pair of numbers settles it at once.

Rows that have anything rare in common are compared, never all with all. Two rows become one connection where each is
the other's best candidate by a clear margin; where two candidates are about as good, none is taken.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct, field

from bothways.connections.clock import ClockOffset
from bothways.connections.exchange import Seen
from bothways.connections.likeness import CROWD, ENOUGH, MARGIN, Likeness, likeness, span, stamp
from bothways.connections.numbering import begin_there
from bothways.connections.sides import Sides
from bothways.way import Way

RARE = 32
"""Rows that may share a key: what more of them have in common tells none of them from the others."""

_BLOCK = 16
"""Sequence numbers are compared where they share a block of 2^16."""

_MOST_BLOCKS = 16
"""Blocks of one way by which a row is found: of a longer transfer the first and the last."""


class Matching(Struct, frozen=True, kw_only=True):
    """Which rows belong together, by their places in the two sequences."""

    pairs: tuple[tuple[int, int], ...]
    rivals: dict[int, int] = field(default_factory=dict)
    """Of rows of the first sequence that stayed alone, how many of the second could be the same connection."""


def match(ups: Sequence[Seen], downs: Sequence[Seen], clock: ClockOffset | None) -> Matching:
    """Find the rows of *downs* that are connections of *ups*; *clock* leads from the first to the second."""
    scores = _scores(ups, downs, clock)
    confirmed = _marks_are_kept(scores, len(ups), len(downs))
    pairs: list[tuple[int, int]] = []
    while True:
        found = [
            pair
            for pair, score in scores.items()
            if score.bits >= ENOUGH and (score.forwarded or (score.marked and confirmed))
        ]
        clear = _clear(found, scores)
        if not clear:
            return Matching(pairs=tuple(pairs), rivals=Counter(up for up, _ in found))
        pairs += clear
        taken_up, taken_down = {up for up, _ in clear}, {down for _, down in clear}
        scores = {
            pair: score for pair, score in scores.items() if pair[0] not in taken_up and pair[1] not in taken_down
        }


def _scores(ups: Sequence[Seen], downs: Sequence[Seen], clock: ClockOffset | None) -> dict[tuple[int, int], Likeness]:
    late = any(_is_late(seen.sides) for seen in (*ups, *downs))
    known: defaultdict[Hashable, list[int]] = defaultdict(list)
    for place, seen in enumerate(downs):
        for key in set(_keys(seen.sides, late=late)):
            known[key].append(place)
    crowded = {way: _crowded(ups, way) | _crowded(downs, way) for way in Way}
    scores: dict[tuple[int, int], Likeness] = {}
    for up, seen in enumerate(ups):
        buckets = (known.get(key, ()) for key in set(_keys(seen.sides, late=late)))
        for down in {place for bucket in buckets if len(bucket) <= RARE for place in bucket}:
            score = likeness(seen, downs[down], clock, crowded)
            if score is not None:
                scores[up, down] = score
    return scores


def _crowded(views: Sequence[Seen], way: Way) -> set[int]:
    """The TSvals of *way* that another row of the same capture comes near."""
    stamps = sorted(number for seen in views if (number := stamp(seen.sides, way)) is not None)
    near = (pair for pair in pairwise(stamps) if pair[1] - pair[0] <= CROWD)
    return {number for pair in near for number in pair}


def _is_late(sides: Sides) -> bool:
    return begin_there(sides) is None


def _keys(sides: Sides, *, late: bool) -> Iterator[Hashable]:
    """Everything that few connections share; *late*: some row of the two captures shows no beginning."""
    yield ("ends", sides.client, sides.server)
    yield ("client", sides.client)
    for way in Way:
        counters = sides.there if way is Way.THERE else sides.back
        for kind, number in (("isn", counters.isn), ("tsval", stamp(sides, way)), ("ip id", counters.ip_id)):
            if number:
                yield (kind, way, number)
    if late:
        for there in _blocks(span(sides, Way.THERE)):
            for back in _blocks(span(sides, Way.BACK)):
                yield ("blocks", there, back)


def _blocks(numbers: tuple[int, int] | None) -> list[int]:
    if numbers is None:
        return []
    first, last = numbers[0] >> _BLOCK, numbers[1] >> _BLOCK
    count = (last - first) % (1 << _BLOCK) + 1
    if count > _MOST_BLOCKS:
        return [first, last]
    return [(first + step) % (1 << _BLOCK) for step in range(count)]


def _marks_are_kept(scores: dict[tuple[int, int], Likeness], ups: int, downs: int) -> bool:
    """Whether IP identifications survive between the two captures: for as many as one connection in two.

    Among thousands of connections, some share one by chance; half of them do not.
    """
    marked = {up for (up, _), score in scores.items() if score.marked and score.bits >= ENOUGH}
    return 2 * len(marked) >= min(ups, downs)


def _clear(found: Sequence[tuple[int, int]], scores: dict[tuple[int, int], Likeness]) -> list[tuple[int, int]]:
    """Pairs that are the best for both by the margin, among all that were compared."""
    best: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for (up, down), score in scores.items():
        best["up", up].append(score.bits)
        best["down", down].append(score.bits)
    ranked = {key: sorted(bits, reverse=True)[:2] for key, bits in best.items()}
    return [
        (up, down)
        for up, down in found
        if all(_leads(scores[up, down].bits, ranked[key]) for key in (("up", up), ("down", down)))
    ]


def _leads(bits: int, ranked: Sequence[int]) -> bool:
    return bits == ranked[0] and (len(ranked) == 1 or ranked[0] - ranked[1] >= MARGIN)
