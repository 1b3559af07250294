"""What round trips from both ends say of which hops are one router.

A router forwards by destination. If it stands on both ways, then what the client measures to it and what the server
measures to it are together the whole round trip: there to the router and on to the server, back to the router and on
to the client, each stretch once, however different the two ways are elsewhere. For two routers the sum is off by twice
what lies between them. Waiting only ever adds, so the least of all samples is taken.
"""

from collections.abc import Callable, Sequence
from math import exp, log
from statistics import median

from msgspec import Struct

from bothways.paths.course import Course, Station
from bothways.paths.odds import LEAST_BY_ROUND_TRIP, LEAST_NOISE, MOST_BY_ROUND_TRIP, OUTLIERS_EXPECTED, OUTLYING


def least(station: Station) -> int | None:
    """The shortest round trip to a hop, in nanoseconds; None where none was measured."""
    return min((trip for reply in station.replies for trip in reply.round_trips if trip >= 0), default=None)


def whole(*courses: Course) -> int | None:
    """The shortest round trip between the two ends; None where no report reached the other end."""
    trips = [least(course.stations[-1]) for course in courses if course.reached and course.stations]
    return min((trip for trip in trips if trip is not None), default=None)


def scatter(station: Station) -> int | None:
    """By how much round trips to one hop differ, in nanoseconds; None where there is one only.

    Of single samples how far the middle one lies above the least, of mtr's best, average and worst how far the average.
    """
    found = [
        sorted(reply.round_trips)[len(reply.round_trips) // 2] - min(reply.round_trips)
        for reply in station.replies
        if len(reply.round_trips) > 1
    ]
    return min(found, default=None)


def noise(stations: Sequence[Station]) -> int:
    """By how much the shortest round trips to hops are too long, from how much single ones differ.

    Nanoseconds, at least `LEAST_NOISE`.
    """
    found = [value for station in stations if (value := scatter(station)) is not None]
    return max(LEAST_NOISE, round(median(found)) if found else 0)


NEIGHBOURHOOD = 2
"""How far hops may be shifted against each other that round trips must tell apart: whether a way is long or short says
nothing of a pair."""

MOST_CELLS = 2_500
"""Pairs of hops up to which so large a neighbourhood is looked at; in larger ones the next hops must do."""


class Geometry(Struct, frozen=True):
    """Round trips of two ways, made comparable."""

    off: tuple[tuple[int | None, ...], ...]
    """By how many nanoseconds the two round trips of hops i and j miss what one router's would be."""

    spread: int
    across: int
    """How far apart values of `off` are at most; at least ten spreads."""

    usual: tuple[tuple[float, ...], ...]
    """How dense values are around that of [i][j] among its neighbours, per nanosecond: whoever the hops are."""

    def odds(self, i: int, j: int, outliers: float) -> float:
        """Logarithm of how much likelier the round trips of hops *i* and *j* are if they are one router.

        *outliers*: the share of common routers whose round trips do not fit.
        """
        off = self.off[i][j]
        if off is None:
            return 0.0
        fitting = (1 - outliers) * exp(-abs(off) / self.spread) / (2 * self.spread) + outliers / self.across
        return min(MOST_BY_ROUND_TRIP, max(LEAST_BY_ROUND_TRIP, log(fitting / self.usual[i][j])))

    def outliers(self, same: Sequence[Sequence[float]]) -> float:
        """The share of common routers whose round trips do not fit, of pairs as probable as *same* says."""
        out, fit = OUTLIERS_EXPECTED
        for offs, values in zip(self.off, same, strict=True):
            for off, value in zip(offs, values, strict=True):
                if off is not None and abs(off) > OUTLYING * self.spread:
                    out += value
                elif off is not None:
                    fit += value
        return out / (out + fit)


def opposite(there: Sequence[Station], back: Sequence[Station], total: int | None) -> Geometry:
    """Round trips of a way there and of a way back whose ends are *total* apart; None where nobody knows."""
    if total is None:
        return _geometry(there, back, lambda _one, _other: None)
    return _geometry(there, back, lambda one, other: one + other - total)


def parallel(one: Sequence[Station], other: Sequence[Station]) -> Geometry:
    """Round trips of two ways from the same host: to one router they are the same."""
    return _geometry(one, other, lambda mine, theirs: mine - theirs)


def _geometry(there: Sequence[Station], back: Sequence[Station], missed: Callable[[int, int], int | None]) -> Geometry:
    trips = [[least(station) for station in way] for way in (there, back)]
    off = tuple(
        tuple(None if mine is None or theirs is None else missed(mine, theirs) for theirs in trips[1])
        for mine in trips[0]
    )
    known = [value for row in off for value in row if value is not None]
    spread = max(noise(there), noise(back))
    across = max(max(known) - min(known) if known else 0, 10 * spread)
    return Geometry(off=off, spread=spread, across=across, usual=_densities(off, spread, across))


def _densities(off: Sequence[Sequence[int | None]], spread: int, across: int) -> tuple[tuple[float, ...], ...]:
    reach = NEIGHBOURHOOD if len(off) * len(off[0] if off else ()) <= MOST_CELLS else 1
    found = []
    for i, row in enumerate(off):
        rows = off[max(i - reach, 0) : i + reach + 1]
        densities = []
        for j, value in enumerate(row):
            if value is None:
                densities.append(1 / across)
                continue
            near = [one for values in rows for one in values[max(j - reach, 0) : j + reach + 1] if one is not None]
            fit = sum([abs(one - value) <= 2 * spread for one in near])
            densities.append(max(fit / len(near) / (4 * spread), 1 / (4 * across)))
        found.append(tuple(densities))
    return tuple(found)
