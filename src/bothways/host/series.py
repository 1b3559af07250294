"""Files that one capturing program wrote one after the other, told by how it names them.

* `tcpdump -C`: `client.pcap`, `client.pcap1`, `client.pcap2`; with `-W` padded from `client.pcap00` on (tcpdump(1));
* `tcpdump -G`: the time in the name, as the user's strftime pattern has it; with `-C` a number behind that;
* `dumpcap -b`, `tshark -b`, `editcap -c`: `client_00001_20260101120000.pcapng` (dumpcap(1)), or time and number the
  other way round.

A name alone decides nothing: `in_order` asks whether what the files hold fits what their names tell.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from msgspec import Struct

from bothways.host.compression import unpacked_name
from bothways.units import NANOSECONDS_PER_SECOND, SECOND, Instant

SLACK = SECOND
"""By how much a file may begin before the one before ends: several interfaces or cores hand packets on out of order."""

_ZONE = 15 * 60
"""Seconds: local times differ from UTC by whole quarters of an hour."""

_FARTHEST_ZONE = 14 * 3600

_EXTENSION = r"(?P<extension>\.(?:pcapng|pcap|cap|dmp))"
_NUMBERED = re.compile(rf"(?P<stem>.+{_EXTENSION})(?P<number>\d{{0,6}})", re.IGNORECASE)
_RING = re.compile(
    rf"(?P<stem>.*)_(?:(?P<number>\d{{5,10}})_(?P<time>\d{{14}})|(?P<time2>\d{{14}})_(?P<number2>\d{{5,10}}))"
    rf"(?P<end>{_EXTENSION})",
    re.IGNORECASE,
)
_DATE = r"(?P<year>20\d\d)(?P<s>[-_.]?)(?P<month>\d\d)(?P=s)(?P<day>\d\d)"
_CLOCK = r"(?P<hour>\d\d)(?:(?P<t>[-_:h]?)(?P<minute>\d\d)(?:(?:(?P=t)|m)(?P<second>\d\d)s?)?)?"
_TIMES = (
    re.compile(rf"(?<!\d){_DATE}(?:[-_.T]?{_CLOCK})?(?!\d)"),
    re.compile(r"(?<!\d)(?P<epoch>1\d{9})(?!\d)"),
    # Without a date, and only where it cannot be a piece of an address.
    re.compile(
        r"(?<![\d:])(?<!\d\.)(?P<hour>[01]\d|2[0-3])(?P<t>[-_:]?)(?P<minute>[0-5]\d)(?P=t)(?P<second>[0-5]\d)(?![\d:]|\.\d)"
    ),
)


class Place(Struct, frozen=True, kw_only=True):
    """A file's place in a series, as its name tells."""

    series: str
    """What the names of all its files have in common."""

    number: int
    """Counted by the program; 0 where it does not count."""

    time: int | None
    """When the file was begun: seconds on the clock of the machine that wrote it, whatever its time zone; None where
    the name has no time."""

    dated: bool
    """The time has a date; else it counts from an unknown midnight."""


def place_of(name: str) -> Place | None:
    """Where a file called *name* may stand in a series; None where it is named like none."""
    plain = unpacked_name(name)
    ring = _RING.fullmatch(plain)
    if ring:
        digits = ring["time"] or ring["time2"]
        time = _seconds(_TIMES[0].fullmatch(digits))
        number = int(ring["number"] or ring["number2"])
        return (
            None
            if time is None
            else Place(series=f"{ring['stem']}_#{ring['end']}", number=number, time=time, dated=True)
        )
    numbered = _NUMBERED.fullmatch(plain)
    if numbered is None:
        return None
    stem, number = numbered["stem"], int(numbered["number"] or 0)
    for pattern in _TIMES:
        match = pattern.search(stem)
        time = _seconds(match)
        if match is not None and time is not None:
            series = f"{stem[: match.start()]}#{stem[match.end() :]}"
            return Place(series=series, number=number, time=time, dated=pattern is not _TIMES[-1])
    return Place(series=stem, number=number, time=None, dated=False)


def _seconds(match: "re.Match[str] | None") -> int | None:
    """The time that a part of a name tells; None where no calendar knows it."""
    if match is None:
        return None
    found = match.groupdict()
    if found.get("epoch"):
        return int(found["epoch"])
    hour, minute, second = (int(found.get(unit) or 0) for unit in ("hour", "minute", "second"))
    if not found.get("year"):
        return hour * 3600 + minute * 60 + second
    try:
        moment = datetime(int(found["year"]), int(found["month"]), int(found["day"]), hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return int(moment.timestamp())


class Span(Struct, frozen=True, kw_only=True):
    """One file of what may be a series."""

    place: Place
    first: Instant
    last: Instant


def in_order(spans: Sequence[Span]) -> bool:
    """Whether files with packets, sorted by their first ones, are a series: each begins where the one before ends.

    And their names tell the same order: by time, else by numbers that may have begun again once (`tcpdump -W`).
    """
    pairs = tuple(pairwise(spans))
    if any(later.first < earlier.last - SLACK for earlier, later in pairs):
        return False
    if all(span.place.time is None for span in spans):
        return sum(later.place.number <= earlier.place.number for earlier, later in pairs) <= 1 and _ring_closes(spans)
    ordered = all(
        (earlier.place.time or 0, earlier.place.number) < (later.place.time or 0, later.place.number)
        for earlier, later in pairs
    )
    return ordered and _zone_fits(spans)


def _ring_closes(spans: Sequence[Span]) -> bool:
    """Numbers that begin again do so below the first one."""
    numbers = [span.place.number for span in spans]
    again = any(later <= earlier for earlier, later in pairwise(numbers))
    return not again or numbers[-1] < numbers[0]


def _zone_fits(spans: Sequence[Span]) -> bool:
    """Whether one time zone makes each file hold what was seen from the time in its name to that in the next one's."""
    slack = 2
    highest = min(span.first // NANOSECONDS_PER_SECOND - (span.place.time or 0) for span in spans) + slack
    lowest = max(
        (
            earlier.last // NANOSECONDS_PER_SECOND - (later.place.time or 0)
            for earlier, later in pairwise(spans)
            if earlier.place.time != later.place.time
        ),
        default=highest,
    )
    lowest -= slack
    zone = highest // _ZONE * _ZONE
    return zone >= lowest and (not spans[0].place.dated or abs(zone) <= _FARTHEST_ZONE)
