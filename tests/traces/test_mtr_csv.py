"""`mtr --csv` of 0.95 (samples/) and of older versions, as csv_close in ui/report.c of their sources prints it."""

import pytest
from hypothesis import given

from bothways.traces import mtr_csv
from tests.helpers.mangled import mangled

NEW = """Mtr_Version,Start_Time,Status,Host,Hop,Ip,Asn,Loss%,Snt, ,Last,Avg,Best,Wrst,StDev,
MTR.0.95,1795370433,OK,www.example.com,1,gateway.example (192.0.2.1),AS64500,0.00,4,0,0.21,0.15,0.10,0.21,0.05
MTR.0.95,1795370433,OK,www.example.com,2,???,AS???,100.00,4,4,0.00,0.00,0.00,0.00,0.00
MTR.0.95,1795370433,OK,www.example.com,3,192.0.2.9,AS64501,25.00,4,1,0.24,0.24,0.23,0.25,0.01
"""
OLD = """MTR.0.85;1371541045;OK;www.example.com;1;192.0.2.1;314
MTR.0.85;1371541045;OK;www.example.com;2;???;0
MTR.0.85;1371541045;OK;www.example.com;3;192.0.2.9;AS64501;15600
"""


def test_the_figures_stand_under_the_columns_of_the_header() -> None:
    assert mtr_csv.recognises(NEW)
    reading = mtr_csv.read(NEW, file="x")
    assert not reading.problems
    (report,) = reading.content
    assert (report.destination, report.destination_address, report.line) == ("www.example.com", None, 1)
    assert report.started == 1_795_370_433_000_000_000
    first, second, third = report.hops
    assert (first.replies[0].name, first.replies[0].address) == ("gateway.example", "192.0.2.1")
    assert first.replies[0].round_trips == (100_000, 150_000, 210_000)
    assert (second.silent, second.loss, second.line) == (True, 1.0, 3)
    assert (third.sent, third.loss) == (4, 0.25)


def test_an_old_one_knows_the_last_round_trip_and_no_loss() -> None:
    assert mtr_csv.recognises(OLD)
    reading = mtr_csv.read(OLD, file="x")
    assert not reading.problems
    first, second, third = reading.content[0].hops
    assert (first.replies[0].round_trips, first.sent, first.loss) == ((314_000,), None, None)
    assert second.silent
    assert third.replies[0].round_trips == (15_600_000,)


@pytest.mark.parametrize(
    ("more", "runs"),
    [
        (NEW, 2),
        (NEW.split("\n", 1)[1], 2),
        (NEW.split("\n", 1)[1].replace("1795370433", "1795370500"), 2),
        (NEW.split("\n", 1)[1].replace("www.example.com", "203.0.113.1"), 2),
        ("$ mtr -C -T 203.0.113.1\n" + NEW, 2),
    ],
)
def test_runs_are_told_apart_with_and_without_a_header_between(more: str, runs: int) -> None:
    reading = mtr_csv.read(NEW + more, file="x")
    assert len(reading.content) == runs
    assert not reading.problems
    assert reading.content[1].hops[0].replies[0].round_trips == (100_000, 150_000, 210_000)
    assert (reading.content[1].probe == "tcp-syn") == ("-T" in more)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("MTR.0.95,1795370433,OK,www.example.com,4,192.0.2.10,AS1,0,00,4,0,0,21,0,15,0,10,0,21", "do not stand"),
        ("MTR.0.95,1795370433,OK,www.example.com,4,192.0.2.10,AS1,0.00,4", "do not stand"),
        ("MTR.0.95,1795370433,OK,www.example.com,4,192.0.2.10,AS1,x,4,0,0.24,0.24,0.23,0.25,0.01", "do not stand"),
        ("MTR.0.95,1795370433,OK,www.example.com,999,192.0.2.10,AS1", "is none"),
        ("MTR.0.95,1795370433,OK", "not understood"),
    ],
)
def test_what_is_not_understood_is_named_and_the_rest_kept(line: str, says: str) -> None:
    reading = mtr_csv.read(NEW + line, file="x")
    assert [says in problem.says for problem in reading.problems] == [True]
    assert reading.problems[0].line == 5
    hops = reading.content[0].hops
    assert len(hops) in {3, 4}
    assert len(hops) == 3 or (hops[3].sent, hops[3].loss, hops[3].replies[0].round_trips) == (None, None, ())


@given(mangled(NEW, OLD))
def test_nothing_makes_it_fall(text: str) -> None:
    mtr_csv.recognises(text)
    assert len(mtr_csv.read(text, file="x").problems) <= 20
