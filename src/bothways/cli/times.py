"""The values of the options `--since TIME` and `--until TIME`."""

import re
from datetime import date

from bothways.connections.window import DAY, AfterStart, Moment, OnDate, OnTheDay
from bothways.errors import CallError
from bothways.host.found import shown
from bothways.units import NANOSECONDS_PER_SECOND, Duration, Instant

_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9})\d{0,9})?)?"
_ZONE = r"(?P<zone>[Zz]|\ ?UTC|[+-]\d\d:\d\d)?"
_ON_DATE = re.compile(rf"(?P<date>\d{{4}}-\d\d-\d\d)[Tt ]{_CLOCK}{_ZONE}", re.ASCII)
_ON_THE_DAY = re.compile(rf"{_CLOCK}[Zz]?", re.ASCII)
_AFTER_START = re.compile(r"\+(?P<number>\d{1,9}(?:\.\d{1,9})?)(?P<unit>ms|s|m|h|d)", re.ASCII)

_UNITS = {"ms": 1_000_000, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9, "d": DAY}

_FORMS = (
    "it takes 2026-11-22T10:00:00Z (RFC 3339; without a zone it is UTC, as the page prints times), 10:00 or 10:00:03.5 "
    "(UTC, on the day of the evidence), or +90s, +5m, +2h (after the first packet)"
)


def moment(option: str, text: str) -> Moment:
    """Read one value.

    Raises:
        CallError: It has another form, or names a day or time that does not exist.
    """
    words = text.strip()
    found = _read(words)
    if found is None:
        message = f"{option} {shown(text)}: no such time; {_FORMS}"
        raise CallError(message)
    return found


def _read(words: str) -> Moment | None:
    if after := _AFTER_START.fullmatch(words):
        whole, _, fraction = after["number"].partition(".")
        unit = _UNITS[after["unit"]]
        return AfterStart(duration=Duration(int(whole) * unit + int(fraction.ljust(9, "0")) * unit // 10**9))
    if clock := _ON_THE_DAY.fullmatch(words):
        time = _time_of_day(clock)
        return None if time is None else OnTheDay(after_midnight=time, written=words.rstrip("Zz"))
    if dated := _ON_DATE.fullmatch(words):
        return _on_date(dated)
    return None


def _on_date(dated: re.Match[str]) -> Moment | None:
    time, ahead = _time_of_day(dated), _ahead(dated["zone"] or "Z")
    if time is None or ahead is None:
        return None
    try:
        day = date.fromisoformat(dated["date"]).toordinal() - date(1970, 1, 1).toordinal()
    except ValueError:
        return None
    return OnDate(instant=Instant(day * DAY + time - ahead))


def _time_of_day(clock: re.Match[str]) -> Duration | None:
    """The time after midnight; 60 is a second of its own now and then (RFC 3339 section 5.6) and ends the minute."""
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
    if hour > 23 or minute > 59 or second > 60:
        return None
    fraction = int((clock["fraction"] or "").ljust(9, "0"))
    return Duration((hour * 3600 + minute * 60 + second) * NANOSECONDS_PER_SECOND + fraction)


def _ahead(zone: str) -> Duration | None:
    """By how much a zone's clocks are ahead of UTC."""
    if zone in {"Z", "z"} or zone.endswith("UTC"):
        return Duration(0)
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    if hours > 23 or minutes > 59:
        return None
    ahead = (hours * 3600 + minutes * 60) * NANOSECONDS_PER_SECOND
    return Duration(-ahead if zone.startswith("-") else ahead)
