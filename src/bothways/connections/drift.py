"""How far two clocks are apart over time: lines between what packets of both ways bound, and where a clock jumped.

A packet cannot arrive before it was sent. Read by two clocks, each packet of the way there bounds from above how far
the downstream clock is ahead, each packet of the way back from below; half way between lies the estimate, as in NTP
(RFC 5905 section 8), and nothing but the round trip between the observers is left of its error. Clocks drift: what is
bounded is not a number but a line. Where no line passes between the bounds, one of the clocks was set meanwhile.
"""

from collections.abc import Callable, Iterable, Sequence
from statistics import median

from msgspec import Struct

from bothways.units import MILLISECOND, SECOND, Duration, Instant
from bothways.way import Way

FASTEST_DRIFT = 0.02
"""Twice what a broken clock was seen to do; a slope beyond is the noise of a short time."""

LONGEST_TRANSIT = Duration(5 * SECOND)
"""Longer no queue on the Internet holds a packet."""

TOLERANCE = Duration(2 * MILLISECOND)
"""By how much time stamps of good captures contradict each other: kernels stamp packets in batches."""

WINDOWS = 48
"""Stretches of time of each of which the fastest packet counts: enough for a line, few enough to compare all pairs."""

MOST_PIECES = 4
"""A capture in which clocks jumped more often is no base for comparing times."""

FEW = 8
"""Samples for each one that may be left out as a mistake."""


class Sample(Struct, frozen=True, kw_only=True):
    """One packet that both observers saw."""

    order: int
    """Number of the packet upstream: captures are in order also where their times are not."""

    at: Instant
    """By the upstream clock."""

    apart: Duration
    """Its time downstream less its time upstream."""

    way: Way


class Piece(Struct, frozen=True, kw_only=True):
    """A stretch of time over which the clocks were apart by a line."""

    since: Instant
    until: Instant
    """First and last packet on which it rests, by the upstream clock."""

    apart: Duration
    """What must be added to the upstream time at `since`."""

    rate: float
    """By how much that grows per unit of upstream time: 0.0001 for 100 ppm."""

    error: Duration | None
    """Half the round trip between the observers and what the bounds leave open; None with packets of one way only,
    whose delay is then in `apart`."""

    def downstream(self, moment: Instant) -> Instant:
        """*moment* of the upstream clock as the downstream clock has it."""
        return Instant(moment + self.apart + round(self.rate * (moment - self.since)))

    def upstream(self, moment: Instant) -> Instant:
        """*moment* of the downstream clock as the upstream clock has it."""
        return Instant(self.since + round((moment - self.since - self.apart) / (1 + self.rate)))


class _Fit(Struct, frozen=True, kw_only=True):
    piece: Piece
    room: Duration
    """Between the bounds; negative where they contradict each other."""


def pieces(samples: Iterable[Sample]) -> tuple[Piece, ...]:
    """The lines that *samples* bound, in order of capture; none without samples."""
    ordered = sorted(samples, key=lambda sample: sample.order)
    return tuple(fit.piece for fit in _pieces(ordered, MOST_PIECES)) if ordered else ()


def _pieces(ordered: Sequence[Sample], most: int) -> list[_Fit]:
    whole = _fit(ordered)
    if whole.room >= -TOLERANCE or most < 2 or len(ordered) < 2:
        return [whole]
    spared = _without_mistakes(ordered, whole)
    if spared is not None:
        return [spared]
    at = max(_boundaries(len(ordered)), key=_room_of_halves(ordered))
    left = _pieces(ordered[:at], most - 1)
    return [*left, *_pieces(ordered[at:], most - len(left))]


def _boundaries(count: int) -> Sequence[int]:
    step = max(1, count // (2 * WINDOWS))
    return range(1, count, step)


def _room_of_halves(ordered: Sequence[Sample]) -> Callable[[int], tuple[int, int]]:
    """How well a jump before a sample explains all: no contradictions first, then how near all come to the lines."""

    def measure(at: int) -> tuple[int, int]:
        fits = [(part, _fit(part)) for part in (ordered[:at], ordered[at:])]
        away = sum(abs(_height(sample, fit.piece)) for part, fit in fits for sample in part)
        return (sum(min(0, fit.room + TOLERANCE) for _, fit in fits), -away)

    return measure


def _without_mistakes(ordered: Sequence[Sample], whole: _Fit) -> _Fit | None:
    """The line without one or two packets that were mistaken for others; None where they are not to blame."""
    left = list(ordered)
    for _ in range(min(2, len(ordered) // FEW)):
        lowest = (
            min((sample for sample in left if sample.way is way), key=lambda sample: _height(sample, whole.piece))
            for way in {sample.way for sample in left}
        )
        tries = [(_fit([other for other in left if other is not sample]), sample) for sample in lowest]
        whole, mistake = max(tries, key=lambda item: item[0].room)
        left.remove(mistake)
        if whole.room >= -TOLERANCE:
            return whole
    return None


def _height(sample: Sample, piece: Piece) -> int:
    """How far *sample*'s bound lies on the right side of the line."""
    over = sample.at + sample.apart - piece.downstream(sample.at)
    return over if sample.way is Way.THERE else -over


def _fit(samples: Sequence[Sample]) -> _Fit:
    """The line through the middle of the bounds: level, unless a slope makes them much tighter."""
    since = min(sample.at for sample in samples)
    until = max(sample.at for sample in samples)
    fastest = {way: _fastest([sample for sample in samples if sample.way is way], since, until) for way in Way}
    rate = _rate(fastest, until - since)
    level, leant = (sum(_spread(points, one) for points in fastest.values()) for one in (0.0, rate))
    if not (2 * leant < level and level - leant > MILLISECOND):
        rate = 0.0
    rests = {
        way: [sample.apart - round(rate * (sample.at - since)) for sample in samples if sample.way is way]
        for way in Way
    }
    there, back = rests[Way.THERE], rests[Way.BACK]
    slow = max([max(there) - LONGEST_TRANSIT] if there else [], default=None)
    quick = min(back) + LONGEST_TRANSIT if back else None
    low = max(bound for bound in (max(back, default=None), slow) if bound is not None)
    high = min(bound for bound in (min(there, default=None), quick) if bound is not None)
    if there and back:
        bottom, top = sorted((low, high))
        unrest = round(min(_unrest(points, rate) for points in fastest.values()))
        apart, error = Duration((bottom + top) // 2), Duration((top - bottom) // 2 + unrest)
    else:
        apart, error = Duration(min(there) if there else max(back)), None
    return _Fit(piece=Piece(since=since, until=until, apart=apart, rate=rate, error=error), room=Duration(high - low))


def _fastest(samples: Sequence[Sample], since: Instant, until: Instant) -> list[tuple[int, int]]:
    """(time since the beginning, apart) of the fastest packet of each window, of one way."""
    width = (until - since) // WINDOWS + 1
    best: dict[int, Sample] = {}
    for sample in samples:
        window = (sample.at - since) // width
        known = best.get(window)
        sign = 1 if sample.way is Way.THERE else -1
        if known is None or sign * sample.apart < sign * known.apart:
            best[window] = sample
    return [(sample.at - since, sample.apart) for sample in best.values()]


def _rate(fastest: dict[Way, list[tuple[int, int]]], duration: int) -> float:
    """The median slope between windows that are far enough apart (Theil and Sen's estimate); 0 where none are."""
    slopes = [
        (other[1] - one[1]) / (other[0] - one[0])
        for points in fastest.values()
        for place, one in enumerate(points)
        for other in points[place + 1 :]
        if 3 * abs(other[0] - one[0]) > duration
    ]
    rate = median(slopes) if slopes else 0.0
    return rate if abs(rate) <= FASTEST_DRIFT else 0.0


def _spread(points: Sequence[tuple[int, int]], rate: float) -> float:
    rests = [apart - rate * at for at, apart in points]
    return max(rests) - min(rests) if rests else 0.0


def _unrest(points: Sequence[tuple[int, int]], rate: float) -> float:
    """By how much the windows' fastest packets usually differ from the usual one."""
    rests = [apart - rate * at for at, apart in points]
    middle = median(rests)
    return median(abs(rest - middle) for rest in rests)
