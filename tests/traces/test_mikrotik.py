"""RouterOS' traceroute (world/ has whole tables)."""

import pytest
from hypothesis import given

from bothways.traces import mikrotik
from tests.helpers.mangled import mangled

HEAD = "ADDRESS                          LOSS SENT    LAST     AVG    BEST   WORST STD-DEV STATUS\n"
FIRST = f"{HEAD}192.0.2.1  0%  1  1.3ms  1.3  1.3  1.3  0\n"
SECOND = f"""{HEAD}192.0.2.1                          0%    3   1.3ms     1.3     1.2     1.4     0.1 <MPLS:L=17,E=0>
                                 100%    3 timeout
192.0.2.3                         33%    3   2.1ms     2.2     2.1     2.3     0.1
"""
CALL = "[admin@R1] > /tool traceroute address=192.0.2.3 count=3\n"


def test_the_last_painting_of_a_run_counts() -> None:
    text = CALL + FIRST + "-- [Q quit|D dump|C-z pause]\n" + SECOND
    assert mikrotik.recognises(text)
    reading = mikrotik.read(text, file="x")
    assert not reading.problems
    (report,) = reading.content
    assert (report.destination, report.destination_address, report.probe) == ("192.0.2.3", "192.0.2.3", "icmp")
    first, second, third = report.hops
    assert (first.sent, first.replies[0].round_trips) == (3, (1_200_000, 1_300_000, 1_400_000))
    assert [label.value for label in first.replies[0].labels] == [17]
    assert (second.index, second.silent, second.loss) == (2, True, 1.0)
    assert third.loss == 0.33


def test_a_painting_that_was_cut_off_does_not_hide_the_one_before() -> None:
    (report,) = mikrotik.read(SECOND + FIRST, file="x").content
    assert [hop.sent for hop in report.hops] == [3, 3, 3]


def test_runs_follow_one_another() -> None:
    assert [len(report.hops) for report in mikrotik.read(CALL + SECOND + CALL + FIRST, file="x").content] == [3, 1]


@pytest.mark.parametrize("line", ["what is this", "192.0.2.9 x% 3"])
def test_a_strange_line_is_named(line: str) -> None:
    assert [problem.line for problem in mikrotik.read(f"{SECOND}{line}\n", file="x").problems] == [5]


@given(mangled(CALL + SECOND, FIRST))
def test_nothing_makes_it_fall(text: str) -> None:
    mikrotik.recognises(text)
    for report in mikrotik.read(text, file="x").content:
        indices = [hop.index for hop in report.hops]
        assert indices == sorted(set(indices))
        assert all(hop.loss is None or 0 <= hop.loss <= 1 for hop in report.hops)
