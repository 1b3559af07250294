"""WinMTR's text export (world/ has whole reports)."""

import pytest
from hypothesis import given

from bothways.traces import winmtr
from bothways.traces.runs import MOST_HOPS
from tests.helpers.mangled import mangled

REPORT = """|------------------------------------------------------------------------------------------|
|                                      WinMTR statistics                                   |
|                       Host              -   %  | Sent | Recv | Best | Avrg | Wrst | Last |
|------------------------------------------------|------|------|------|------|------|------|
|                                 gateway -    0 |   10 |   10 |    0 |    1 |    2 |    0 |
|                      Keine Antwort von Host -  100 |   10 |    0 |    0 |    0 |    0 |    0 |
|                         core-1.example.net -   20 |   10 |    8 |    9 |   10 |   12 |   11 |
|________________________________________________|______|______|______|______|______|______|
   WinMTR v0.92 GPL V2 by Appnor MSP - Fully Managed Hosting & Cloud Provider
"""


def test_rows_are_distances_in_their_order() -> None:
    assert winmtr.recognises(REPORT)
    reading = winmtr.read(REPORT, file="x")
    assert not reading.problems
    (report,) = reading.content
    assert (report.tool, report.line) == ("winmtr", 2)
    first, second, third = report.hops
    assert [hop.index for hop in report.hops] == [1, 2, 3]
    assert (first.replies[0].name, first.replies[0].round_trips) == ("gateway", (0, 1_000_000, 2_000_000))
    assert (second.silent, second.sent, second.loss) == (True, 10, 1.0)
    assert (third.replies[0].name, third.loss) == ("core-1.example.net", 0.2)


def test_tables_follow_one_another() -> None:
    assert [len(report.hops) for report in winmtr.read(REPORT + REPORT, file="x").content] == [3, 3]


def test_a_strange_line_is_named() -> None:
    reading = winmtr.read(REPORT + "what is this\n", file="x")
    assert [problem.line for problem in reading.problems] == [10]
    assert len(reading.content) == 1


@pytest.mark.parametrize("text", ["", "| a | b |\n", "| a - 0 | 1 | 2 |\n"])
def test_nothing_else_is_taken_for_it(text: str) -> None:
    assert not winmtr.recognises(text)


@given(mangled(REPORT))
def test_nothing_makes_it_fall(text: str) -> None:
    winmtr.recognises(text)
    for report in winmtr.read(text, file="x").content:
        assert len(report.hops) <= MOST_HOPS
