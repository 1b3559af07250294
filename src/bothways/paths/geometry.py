"""What round trips from both ends say of which hops are one router.

A router forwards by destination. If it stands on both ways, then what the client measures to it and what the server
measures to it are together the whole round trip: there to the router and on to the server, back to the router and on
to the client, each stretch once, however different the two ways are elsewhere. For two routers the sum is off by twice
what lies between them. Waiting only ever adds, so the least of all samples is taken.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import median

from bothways.paths.course import Course, Station
from bothways.paths.odds import LEAST_BY_ROUND_TRIP, LEAST_NOISE, MOST_BY_ROUND_TRIP, OUTLIER


def least(station: Station) -> int | None:
    """The shortest round trip to a hop, in nanoseconds; None where none was measured."""
    return min((trip for reply in station.replies for trip in reply.round_trips if trip >= 0), default=None)


def whole(*courses: Course) -> int | None:
    """The shortest round trip between the two ends; None where no report reached the other end."""
    trips = [least(course.stations[-1]) for course in courses if course.reached and course.stations]
    return min((trip for trip in trips if trip is not None), default=None)


def noise(trips: Sequence[int | None]) -> int:
    """By how much round trips of one way are too long, from themselves: a nearer hop should not take longer.

    Nanoseconds, at least `LEAST_NOISE`.
    """
    known = [trip for trip in trips if trip is not None]
    beyond, over = None, list[int]()
    for trip in reversed(known):
        if beyond is not None and trip > beyond:
            over.append(trip - beyond)
        beyond = trip if beyond is None else min(trip, beyond)
    usual = median(over) if over and len(over) * 3 >= len(known) else 0
    return max(LEAST_NOISE, round(usual))


@dataclass(frozen=True, slots=True)
class Geometry:
    """Round trips of two ways, made comparable."""

    off: tuple[tuple[int | None, ...], ...]
    """By how many nanoseconds the two round trips of hops i and j miss what one router's would be."""

    spread: int
    every: tuple[int, ...]
    """All of `off` that are known, in order: how usual a value is, whoever the hops are."""

    def odds(self, i: int, j: int) -> float:
        """Logarithm of how much likelier the round trips of hops *i* and *j* are if they are one router."""
        off = self.off[i][j]
        if off is None:
            return 0.0
        width = 2 * self.spread
        near = bisect_right(self.every, off + width) - bisect_left(self.every, off - width)
        usual = max(near / len(self.every) / (2 * width), OUTLIER / self._range)
        fitting = (1 - OUTLIER) * exp(-abs(off) / self.spread) / (2 * self.spread) + OUTLIER / self._range
        return min(MOST_BY_ROUND_TRIP, max(LEAST_BY_ROUND_TRIP, log(fitting / usual)))

    @property
    def _range(self) -> int:
        return max(self.every[-1] - self.every[0], 10 * self.spread)


def opposite(there: Sequence[int | None], back: Sequence[int | None], total: int | None) -> Geometry:
    """Round trips of a way there and of a way back whose ends are *total* apart."""
    if total is None:
        return _geometry(there, back, lambda _one, _other: None)
    return _geometry(there, back, lambda one, other: one + other - total)


def parallel(one: Sequence[int | None], other: Sequence[int | None]) -> Geometry:
    """Round trips of two ways from the same host: to one router they are the same."""
    return _geometry(one, other, lambda mine, theirs: mine - theirs)


def _geometry(
    there: Sequence[int | None], back: Sequence[int | None], missed: Callable[[int, int], int | None]
) -> Geometry:
    off = tuple(
        tuple(None if mine is None or theirs is None else missed(mine, theirs) for theirs in back) for mine in there
    )
    every = tuple(sorted(value for row in off for value in row if value is not None))
    return Geometry(off=off, spread=max(noise(there), noise(back)), every=every)
