"""`mtr --split` of 0.95 (samples/); names, silence and withdrawn hops as in ui/split.c of its source."""

import pytest
from hypothesis import given

from bothways.traces import mtr_split
from tests.helpers.mangled import mangled

TEXT = """1 gateway.example 192.0.2.1 0 1 1 4 4 4
2 ???
3 192.0.2.9 0 1 1 15 15 15
4 192.0.2.9 0 1 1 15 15 15
-4
1 gateway.example 192.0.2.1 0 2 2 3 4 5
3 192.0.2.9 50 1 2 15 15 15
"""


def test_the_last_figures_of_a_hop_count_and_a_withdrawn_hop_is_none() -> None:
    assert mtr_split.recognises(TEXT)
    reading = mtr_split.read("$ mtr -p www.example.com\n" + TEXT, file="x")
    assert not reading.problems
    (report,) = reading.content
    assert (report.destination, report.probe, report.line) == ("www.example.com", "icmp", 2)
    first, second, third = report.hops
    assert first.replies[0].address == "192.0.2.1"
    assert (first.line, first.sent, first.replies[0].round_trips) == (7, 2, (3_000_000, 4_000_000, 5_000_000))
    assert second.silent
    assert (third.index, third.sent, third.loss) == (3, 2, 0.5)


def test_fewer_probes_than_before_begin_another_run() -> None:
    assert len(mtr_split.read(TEXT + TEXT, file="x").content) == 2


@pytest.mark.parametrize(
    "text", ["", "1 2 3 4 5 6 7 8\n", "2 192.0.2.1 0 1 1 4 4 4\n", "1 a.b 0 1 1 4 4 4\n7 a.b 0 1 1 4 4 4\n"]
)
def test_a_table_of_numbers_is_no_path(text: str) -> None:
    assert not mtr_split.recognises(text)


@pytest.mark.parametrize("line", ["0 a.b 0 1 1 4 4 4", "999 a.b 0 1 1 4 4 4", "5 a.b 0 1"])
def test_what_is_not_understood_is_named_and_the_rest_kept(line: str) -> None:
    reading = mtr_split.read(TEXT + line, file="x")
    assert [problem.line for problem in reading.problems] == [8]
    assert len(reading.content[0].hops) == 3


@given(mangled(TEXT))
def test_nothing_makes_it_fall(text: str) -> None:
    mtr_split.recognises(text)
    assert len(mtr_split.read(text, file="x").problems) <= 20
