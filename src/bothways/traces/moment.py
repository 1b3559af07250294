"""Dates that tools and shells print above a report: which moment is meant, if the text says enough."""

import re
from datetime import datetime

from bothways.units import NANOSECONDS_PER_SECOND, Instant

_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,6})?(?: ?(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d))?")
_UNIX = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:[A-Z][a-z]{2} {1,2}\d{1,2}|\d{1,2} [A-Z][a-z]{2}) "
    r"(?:(?P<zone>[A-Z]{3,5}|[+-]\d{4}) |\d{4} )?\d\d:\d\d:\d\d(?: [AP]M)?"
    r"(?: (?P<after>[A-Z]{3,5}|[+-]\d{4}))?(?: \d{4})?"
)
"""Forms of ctime(3) and date(1)."""

LONGEST = 80
"""Characters of a line that may be a date."""

_UTC = frozenset({"Z", "UTC", "GMT"})

_FORMS = (
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%S.%f%z",
    "%a %b %d %H:%M:%S %Y%z",
    "%a %d %b %Y %H:%M:%S%z",
    "%a %d %b %H:%M:%S %Y%z",
    "%a %b %d %I:%M:%S %p %Y%z",
    "%a %d %b %Y %I:%M:%S %p%z",
)


def is_moment(text: str) -> bool:
    """Whether *text* is a date with a time of day and nothing else, as date(1) prints it between two runs."""
    return _match(text) is not None


def moment(text: str) -> Instant | None:
    """When *text* is; None where it is no such date, or names no zone that means one thing everywhere."""
    match = _match(text)
    if match is None:
        return None
    zone = match.groupdict().get("zone") or match.groupdict().get("after")
    if zone is None or not (zone in _UTC or zone[0] in "+-"):
        return None
    bare = " ".join(match[0].replace(zone, "", 1).split())
    # A comma stands before the fraction in ISO 8601, and after the weekday in mails.
    bare = bare.replace(" ", "T", 1).replace(",", ".") if bare[0].isdigit() else bare.replace(",", "", 1)
    return _instant(bare + ("+0000" if zone in _UTC else zone))


def _match(text: str) -> re.Match[str] | None:
    words = " ".join(text.split()) if len(text) <= LONGEST else ""
    return _ISO.fullmatch(words) or _UNIX.fullmatch(words)


def _instant(text: str) -> Instant | None:
    for form in _FORMS:
        try:
            when = datetime.strptime(text, form)  # noqa: DTZ007 - each form ends in the offset
        except ValueError:
            continue
        return Instant(int(when.timestamp()) * NANOSECONDS_PER_SECOND + when.microsecond * 1000)
    return None
