"""The user's window: what *began* in it is judged.

Clocks of several captures differ. A window is in the time of the observer nearest to the client: that is the clock
which the person knows who saw it fail. A connection that only others saw is moved to that clock by the connections that
both saw begin. Their difference holds one transit, too, which is far less than anybody means by a window.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median_low
from typing import assert_never

from msgspec import Struct

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Observer, along_path
from bothways.errors import CallError
from bothways.units import NANOSECONDS_PER_SECOND, Duration, Instant, between, rfc3339

DAY = Duration(86_400 * NANOSECONDS_PER_SECOND)


class OnDate(Struct, frozen=True, kw_only=True):
    """A moment that says its day."""

    instant: Instant


class OnTheDay(Struct, frozen=True, kw_only=True):
    """A time of day; the day is the evidence's."""

    after_midnight: Duration
    """In UTC."""

    written: str
    """As the user wrote it."""


class AfterStart(Struct, frozen=True, kw_only=True):
    """So long after the first packet of the evidence."""

    duration: Duration


Moment = OnDate | OnTheDay | AfterStart


class Span(Struct, frozen=True, kw_only=True):
    """What the user said; None: no limit."""

    since: Moment | None = None
    until: Moment | None = None


class Window(Struct, frozen=True, kw_only=True):
    """From when until when, both moments included, by the clock of the observer nearest to the client."""

    since: Instant | None = None
    until: Instant | None = None

    @property
    def is_open(self) -> bool:
        """Whether it holds everything."""
        return self.since is None and self.until is None

    def holds(self, moment: Instant | None) -> bool:
        """Whether *moment* lies in it; what has no time always does."""
        if moment is None:
            return True
        return (self.since is None or self.since <= moment) and (self.until is None or moment <= self.until)


def window_of(span: Span, observers: Iterable[Observer]) -> Window:
    """The window that *span* means for what *observers* captured.

    Raises:
        CallError: It needs a capture and there is none, the captures cover several days and it names none, or it ends
            before it starts.
    """
    survey = next((item.survey for item in along_path(tuple(observers)) if item.survey.first is not None), None)
    first, last = (survey.first, survey.last) if survey else (None, None)
    window = Window(
        since=_instant("--since", span.since, first, last), until=_instant("--until", span.until, first, last)
    )
    if window.since is not None and window.until is not None and window.until < window.since:
        message = (
            f"--until ({rfc3339(window.until)}) comes before --since ({rfc3339(window.since)}): nothing can begin then"
        )
        raise CallError(message)
    return window


def _instant(option: str, moment: Moment | None, first: Instant | None, last: Instant | None) -> Instant | None:
    match moment:
        case None:
            return None
        case OnDate():
            return moment.instant
        case AfterStart():
            return Instant(_known(option, first) + moment.duration)
        case OnTheDay():
            return Instant(_midnight(option, moment, _known(option, first), _known(option, last)))
        case _:
            assert_never(moment)


def _known(option: str, time: Instant | None) -> Instant:
    if time is None:
        message = (
            f"{option}: no capture shows when the evidence begins, so neither a time of day nor one after the start "
            "can be placed; write the date, too: 2026-11-22T10:00:00Z"
        )
        raise CallError(message)
    return time


def _midnight(option: str, moment: OnTheDay, first: Instant, last: Instant) -> int:
    """*moment* on the only day that the evidence covers."""
    day, last_day = first // DAY, last // DAY
    if day != last_day:
        dates = [rfc3339(Instant(number * DAY))[: len("2026-11-22")] for number in (day, last_day)]
        message = (
            f"{option} {moment.written}: the evidence runs from {dates[0]} to {dates[1]} (UTC); write the day, too: "
            f"{dates[0]}T{moment.written}Z"
        )
        raise CallError(message)
    return day * DAY + moment.after_midnight


def beginnings(exchanges: Sequence[Exchange]) -> list[Instant | None]:
    """When each of *exchanges* began, by the clock of the observer nearest to the client; None where it has no packet.

    A connection that was open when its capture started begins with its first packet in view.
    """
    ahead = _ahead(exchanges)
    return [_began(exchange.seen[0], ahead) for exchange in exchanges]


def within(window: Window | None, exchanges: Sequence[Exchange]) -> list[bool]:
    """For each of *exchanges* whether it began in *window*; all did where there is none."""
    if window is None or window.is_open:
        return [True] * len(exchanges)
    return [window.holds(moment) for moment in beginnings(exchanges)]


def _began(seen: Seen, ahead: dict[str, Duration]) -> Instant | None:
    first = seen.sides.first
    return None if first is None else Instant(first - ahead.get(seen.observer.vantage, 0))


def _ahead(exchanges: Sequence[Exchange]) -> dict[str, Duration]:
    """By how much each vantage's clock is ahead of that of the nearest to the client, where they share connections.

    Vantages that share none with it, nor with one that does, are taken to agree.
    """
    apart: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for exchange in exchanges:
        near = exchange.seen[0]
        for far in exchange.seen[1:]:
            start, later = near.sides.there, far.sides.there
            if start.syns and later.syns and start.first is not None and later.first is not None:
                apart[near.observer.vantage, far.observer.vantage].append(between(start.first, later.first))
    ahead: dict[str, Duration] = {}
    order = {seen.observer.vantage: seen.observer for exchange in exchanges for seen in exchange.seen}
    for observer in along_path(tuple(order.values())):
        known = [
            Duration(ahead.get(near, 0) + median_low(spans))
            for (near, far), spans in apart.items()
            if far == observer.vantage
        ]
        ahead[observer.vantage] = known[0] if known else Duration(0)
    return ahead
