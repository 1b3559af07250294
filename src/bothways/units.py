"""Quantities of the field: integer nanoseconds, and how they are written for people."""

from datetime import UTC, datetime
from typing import NewType

Instant = NewType("Instant", int)
"""A moment: nanoseconds since 1970-01-01 00:00:00 UTC, as the observer's own clock had it."""

Duration = NewType("Duration", int)
"""A span of time in nanoseconds; may be negative where clocks disagree."""

NANOSECONDS_PER_SECOND = 1_000_000_000
MILLISECOND = Duration(1_000_000)
SECOND = Duration(NANOSECONDS_PER_SECOND)


def seconds(count: float) -> Duration:
    """The span of *count* seconds, rounded to a nanosecond."""
    return Duration(round(count * NANOSECONDS_PER_SECOND))


def between(start: Instant, end: Instant) -> Duration:
    """How long after *start* comes *end*, both by the same clock."""
    return Duration(end - start)


def rfc3339(instant: Instant) -> str:
    """*instant* as RFC 3339 text with nanoseconds, in UTC; years outside 1-9999 as plain nanoseconds."""
    whole, fraction = divmod(instant, NANOSECONDS_PER_SECOND)
    try:
        moment = datetime.fromtimestamp(whole, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return f"{instant} ns since 1970"
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{fraction:09d}Z"


def plain(duration: Duration) -> str:
    """*duration* as a person would say it: `0.3 ms`, `15 ms`, `1.1 s`, `25 s`, `2 min 5 s`."""
    sign, size = ("-", -duration) if duration < 0 else ("", int(duration))
    if size < MILLISECOND:
        return f"{sign}{size / 1e6:.2f} ms"
    if size < SECOND:
        return f"{sign}{size / 1e6:.0f} ms"
    if size < 10 * SECOND:
        return f"{sign}{size / 1e9:.1f} s"
    whole = round(size / 1e9)
    if whole < 120:
        return f"{sign}{whole} s"
    return f"{sign}{whole // 60} min {whole % 60} s"
