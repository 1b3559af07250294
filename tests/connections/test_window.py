import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.connections.exchange import Exchange
from bothways.connections.observer import Observer, place_observers
from bothways.connections.window import (
    DAY,
    AfterStart,
    OnDate,
    OnTheDay,
    Span,
    Window,
    beginnings,
    window_of,
    within,
)
from bothways.errors import CallError
from bothways.evidence.case import Role
from bothways.units import SECOND, Duration, Instant
from tests.helpers.diagnoses import observer, survey
from tests.helpers.network import START, Network, worked

HOUR = 3600 * SECOND
DAY_OF_START = START - START % DAY
TIMES = st.integers(-(2**62), 2**62).map(Instant)


def captured(first: int, last: int) -> list[Observer]:
    return [observer(survey(first=Instant(first), last=Instant(last)))]


def since(said: OnDate | OnTheDay | AfterStart, observers: list[Observer]) -> Instant | None:
    return window_of(Span(since=said), observers).since


def clock(hours: float, written: str = "10:00") -> OnTheDay:
    return OnTheDay(after_midnight=Duration(round(hours * HOUR)), written=written)


@given(TIMES, TIMES, TIMES)
def test_a_window_holds_both_of_its_ends_and_what_lies_between(one: Instant, other: Instant, moment: Instant) -> None:
    start, end = sorted((one, other))
    window = Window(since=start, until=end)
    assert window.holds(start)
    assert window.holds(end)
    assert window.holds(moment) is (start <= moment <= end)
    assert Window(since=start).holds(moment) is (start <= moment)
    assert Window(until=end).holds(moment) is (moment <= end)


@given(TIMES)
def test_without_limits_everything_is_inside_and_what_has_no_time_always_is(moment: Instant) -> None:
    assert Window().holds(moment)
    assert Window(since=moment, until=moment).holds(None)


@given(st.integers(0, 2**60), st.integers(0, 2**50))
def test_a_relative_time_counts_from_the_first_packet(first: int, after: int) -> None:
    said = AfterStart(duration=Duration(after))
    assert since(said, captured(first, first + 1)) == first + after


@given(st.integers(0, 100_000), st.integers(0, DAY - 1), st.integers(0, DAY - 1))
def test_a_time_of_day_is_on_the_evidences_day(day: int, seen: int, said: int) -> None:
    moment = OnTheDay(after_midnight=Duration(said), written="10:00")
    assert since(moment, captured(day * DAY + seen, day * DAY + DAY - 1)) == day * DAY + said


def test_evidence_of_two_days_must_be_told_which() -> None:
    observers = captured(DAY_OF_START + 23 * HOUR, DAY_OF_START + 25 * HOUR)
    with pytest.raises(CallError, match=r"runs from 2023-11-14 to 2023-11-15.*2023-11-14T23:30Z"):
        since(clock(23.5, "23:30"), observers)
    assert since(OnDate(instant=Instant(START)), observers) == START


def test_a_time_that_needs_a_capture_says_so_where_there_is_none() -> None:
    for said in (clock(10), AfterStart(duration=Duration(0))):
        with pytest.raises(CallError, match="no capture shows when the evidence begins"):
            since(said, [])
    assert since(OnDate(instant=Instant(5)), []) == 5


def test_a_window_that_ends_before_it_starts_is_a_mistake() -> None:
    span = Span(since=clock(11), until=clock(10))
    with pytest.raises(CallError, match=r"--until \(2023-11-14T10:00:00.0+Z\) comes before --since"):
        window_of(span, captured(START, START))


def test_the_start_is_that_of_the_observer_nearest_to_the_client() -> None:
    network = Network("client", "server", clocks={"server": -400_000})
    worked(network.talk())
    observers = place_observers([(item.survey, item.role) for item in network.captures()])
    assert since(AfterStart(duration=Duration(0)), list(observers)) == START


def test_a_connection_begins_when_the_observer_nearest_to_the_client_saw_it() -> None:
    network = Network("client", "server", clocks={"server": 187_000})
    for start in (0, 10_000, 20_000):
        worked(network.talk(start=start))
    begun = [None if moment is None else (moment - START) // 10**6 for moment in beginnings(network.exchanges())]
    assert begun == [0, 10_000, 20_000]


def test_what_only_a_far_observer_saw_is_moved_to_the_near_ones_clock() -> None:
    network = Network("client", "tap", "server", clocks={"server": 187_000, "tap": -60_000})
    for start in (0, 10_000):
        worked(network.talk(start=start))
    for vantage, start in (("server", 50_000), ("tap", 55_000)):
        talk = network.talk(start=start)
        others = [name for name in network.vantages if name != vantage]
        talk.there(0, "S", unseen=others)
        talk.back(20, "SA", unseen=others)
    begun = {exchange.seen[0].observer.vantage: moment for exchange, moment in _begun(network)}
    assert abs(begun["server"] - 50_000) <= 20
    assert abs(begun["on-path-1"] - 55_000) <= 20


def _begun(network: Network) -> list[tuple[Exchange, float]]:
    exchanges = network.exchanges()
    return [
        (exchange, ((moment or 0) - START) / 10**6)
        for exchange, moment in zip(exchanges, beginnings(exchanges), strict=True)
    ]


def test_within_tells_each_connection_apart() -> None:
    network = Network("client")
    for start in (0, 10_000, 20_000):
        worked(network.talk(start=start))
    exchanges = network.exchanges()
    window = Window(since=Instant(START + 10 * SECOND), until=Instant(START + 11 * SECOND))
    assert within(window, exchanges) == [False, True, False]
    assert within(None, exchanges) == within(Window(), exchanges) == [True, True, True]


def test_captures_without_packets_have_no_start() -> None:
    empty = survey(first=None, last=None, packets=0)
    with pytest.raises(CallError, match="no capture shows"):
        since(clock(10), list(place_observers([(empty, Role())])))
