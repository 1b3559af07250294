"""Whether connections fail at a time of day: nightly backups, business hours, a timer that resets something.

Said only of several days: a daily pattern in one day is a time span. And only where chance can hardly have done it, by
the same measure as all differences (`bothways.connections.differences`).
"""

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from bothways.connections.chance import by_chance
from bothways.connections.differences import CERTAIN, TENFOLD
from bothways.units import SECOND, Instant

DAY = 86_400 * SECOND
HALF_A_DAY = DAY // 2

SEVERAL_DAYS = 3
"""Days on which it failed from which a time of day is more than a coincidence of two."""


class Daily(Struct, frozen=True, kw_only=True):
    """The part of the day in which all failures lie."""

    begins: int
    """Nanoseconds since midnight, UTC."""

    ends: int
    """Likewise; before `begins` where midnight lies between."""

    days: int
    """On which it failed."""

    worked_within: int


def daily(failed: Sequence[Instant], worked: Sequence[Instant], counts: Sequence[int] = ()) -> Daily | None:
    """The part of the day in which connections that began at *failed* lie, if it tells them from those at *worked*.

    None for less than `SEVERAL_DAYS`, for more than half of the day, where too many worked in it as well, and where
    chance may have done it. *counts* says for how many connections each of *worked* stands; for itself where empty.
    """
    days = len({moment // DAY for moment in failed})
    if days < SEVERAL_DAYS or not worked:
        return None
    begins, ends = _shortest([moment % DAY for moment in failed])
    length = (ends - begins) % DAY
    counts = counts or [1] * len(worked)
    inside = [count for moment, count in zip(worked, counts, strict=True) if (moment % DAY - begins) % DAY <= length]
    within = sum(inside)
    if length > HALF_A_DAY or within * TENFOLD > sum(counts):
        return None
    # What chance may do is told by these moments alone: when others began for which they stand was not looked at.
    bad, total = len(failed), len(failed) + len(worked)
    # Every pair of moments could bound the part of the day.
    looks = total * (total - 1) // 2
    if by_chance(bad, bad, bad + len(inside), total) * looks >= CERTAIN:
        return None
    return Daily(begins=begins, ends=ends, days=days, worked_within=within)


def _shortest(times: Sequence[int]) -> tuple[int, int]:
    """The shortest arc of the day that holds all *times*: what the longest gap between two of them leaves over."""
    ordered = sorted(set(times))
    gaps = [(later - earlier, later, earlier) for earlier, later in pairwise(ordered)]
    gaps.append((ordered[0] + DAY - ordered[-1], ordered[0], ordered[-1]))
    _, begins, ends = max(gaps)
    return begins, ends
