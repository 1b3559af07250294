import pytest
from msgspec.structs import replace

from bothways.connections.window import Window
from bothways.diagnosis.limits import limited, limits
from bothways.evidence.attempt import Outcome
from bothways.evidence.case import Case, PathEvidence
from bothways.units import SECOND, Instant
from tests.helpers.flows import BEGIN, flow, flow_log
from tests.helpers.network import START
from tests.helpers.surroundings import attempt, log, there

HALF = SECOND // 2


def begun(at: int | None) -> PathEvidence:
    made = there("gw=10.0.0.254 isp=10.0.3.1")
    return replace(made, report=replace(made.report, started=None if at is None else Instant(at)))


WINDOW = Window(since=Instant(START), until=Instant(START + 60 * SECOND + HALF))


def test_path_reports_with_a_time_outside_are_left_out_and_those_without_stay() -> None:
    inside, before, timeless = begun(START + 5), begun(START - 1), begun(None)
    case = Case(files=(), paths=(inside, before, timeless))
    assert limited(case, WINDOW).paths == (inside, timeless)
    assert limited(case, Window()) == case
    (said,) = limits(case, WINDOW, left_out=1)
    assert said == (
        "judged is what began between 2023-11-14 22:13:20 UTC and 2023-11-14 22:14:20.5 UTC: 1 connection began "
        "outside; 1 path report of another time not used; logs of attempts and path reports that tell no time "
        "were used whenever they were made"
    )


def test_records_of_connections_of_another_time_are_left_out_and_counted() -> None:
    early, late = flow(0), flow(100)
    case = Case(files=(), flows=(flow_log(early, late),))
    window = Window(since=Instant(BEGIN + SECOND))
    (kept,) = limited(case, window).flows
    assert kept.flows == (late,)
    assert limited(case, Window()) == case
    (said,) = limits(case, window, left_out=0)
    assert "1 record of connection logs of another time not used" in said


def test_without_a_window_nothing_is_said() -> None:
    assert limits(Case(files=(), paths=(begun(None),)), Window(), left_out=0) == ()


@pytest.mark.parametrize(
    ("window", "says"),
    [
        (Window(since=Instant(START)), "since 2023-11-14 22:13:20 UTC"),
        (Window(until=Instant(START)), "until 2023-11-14 22:13:20 UTC"),
        (Window(until=Instant(10**20 * 9)), f"until {10**20 * 9} ns since 1970"),
    ],
)
def test_each_limit_is_told(window: Window, says: str) -> None:
    assert limits(Case(files=()), window, left_out=0) == (f"judged is what began {says}: 0 connections began outside",)


def test_logs_tell_no_time() -> None:
    case = Case(files=(), attempts=(log(attempt(Outcome.STALLED)),))
    assert "were used whenever they were made" in limits(case, WINDOW, left_out=0)[0]
