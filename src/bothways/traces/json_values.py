"""What JSON says, checked: a stranger may have written anything anywhere, so what is not as it should be is None.

Figures may stand as strings (Trippy since 0.9, exports of databases).
"""

import re
from typing import TypeAlias

from bothways.evidence.report_lines import address_in, escaped
from bothways.units import MILLISECOND, NANOSECONDS_PER_SECOND, Duration, Instant

Value: TypeAlias = "dict[str, Value] | list[Value] | str | int | float | bool | None"

LARGEST_FIGURE = 1e12
"""No round trip, size or count of the field comes near; larger ones are slips of a pen."""

LATEST_START = 1 << 33
"""Seconds since 1970 (the year 2242): a start beyond it is in another unit, or nonsense."""

LARGEST_NETWORK = (1 << 32) - 1

NANOSECONDS_PER_MICROSECOND = 1_000

_FIGURE = re.compile(r"\s*\d{1,12}(?:\.\d{0,9})?\s*", re.ASCII)


def member(value: Value, *names: str) -> Value:
    """The member of an object, of that member's member, and so on; None where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def listed(value: Value) -> list[Value]:
    """The elements of an array; empty where it is none."""
    return value if isinstance(value, list) else []


def words(value: Value) -> str | None:
    """Text as people may see it (escaped), without blanks around it; None where it is none or empty."""
    return escaped(value.strip()) or None if isinstance(value, str) else None


def address(value: Value) -> str | None:
    """An IP address, canonical."""
    return address_in(value.strip()) if isinstance(value, str) else None


def figure(value: Value) -> float | None:
    """A number that is not negative; booleans are none."""
    if isinstance(value, str):
        value = float(value) if _FIGURE.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < LARGEST_FIGURE:
        return None
    return float(value)


def whole(value: Value, least: int, most: int) -> int | None:
    """A whole number from *least* to *most*."""
    number = figure(value)
    return int(number) if number is not None and number.is_integer() and least <= number <= most else None


def octet(value: Value) -> int | None:
    """A TTL, a type of service: 0 to 255."""
    return whole(value, 0, 255)


def port(value: Value) -> int | None:
    """A TCP or UDP port."""
    return whole(value, 1, 65_535)


def network(value: Value) -> int | None:
    """The number of an autonomous system (four octets, RFC 6793), with or without `AS` in front."""
    return whole(value.strip().removeprefix("AS") if isinstance(value, str) else value, 1, LARGEST_NETWORK)


def milliseconds(value: Value) -> Duration | None:
    """A span that is written in milliseconds."""
    number = figure(value)
    return None if number is None else Duration(round(number * MILLISECOND))


def seconds_since_1970(value: Value, microseconds: Value = None) -> Instant | None:
    """A moment."""
    number = figure(value)
    if number is None or not 1 <= number < LATEST_START:
        return None
    # A fraction of a second is not finer than a microsecond in a floating-point number of this size.
    fraction = round((number - int(number)) * 1_000_000) + (whole(microseconds, 0, 999_999) or 0)
    return Instant(int(number) * NANOSECONDS_PER_SECOND + fraction * NANOSECONDS_PER_MICROSECOND)
