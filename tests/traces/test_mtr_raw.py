"""`mtr --raw` of 0.95 (samples/) and of versions before 0.86, which print no probes (ui/raw.c of their sources)."""

import pytest
from hypothesis import given

from bothways.traces import mtr_raw
from tests.helpers.mangled import mangled

NEW = """$ mtr -l --udp www.example.com
x 0 33000
h 0 192.0.2.1
d 0 gateway.example
p 0 300 33000
x 1 33001
x 2 33002
h 2 192.0.2.9
m 2 24001 0 1 1
p 2 1500 33002
x 3 33003
h 3 192.0.2.9
p 3 1600 33003
x 0 33004
p 0 500 33004
x 1 33005
x 2 33006
x 2 33007
"""
OLD = """h 0 192.0.2.1
p 0 300
h 1 192.0.2.9
p 1 1500
p 0 500
"""


def test_probes_and_replies_are_counted() -> None:
    assert mtr_raw.recognises(NEW)
    reading = mtr_raw.read(NEW, file="x")
    assert not reading.problems
    (report,) = reading.content
    assert (report.probe, report.destination, report.line) == ("udp", "www.example.com", 2)
    first, second, third = report.hops
    assert (first.replies[0].name, first.replies[0].address) == ("gateway.example", "192.0.2.1")
    assert (first.sent, first.loss, first.replies[0].round_trips) == (2, 0.0, (300_000, 400_000, 500_000))
    assert (second.silent, second.loss) == (True, 1.0)
    assert (third.index, third.line, third.sent, third.loss) == (3, 7, 2, 0.5)


def test_the_destination_is_one_hop_though_it_answers_to_more_distances() -> None:
    assert [hop.index for hop in mtr_raw.read(NEW, file="x").content[0].hops] == [1, 2, 3]


def test_a_probe_under_way_when_the_output_ends_is_not_lost() -> None:
    text = NEW.removesuffix("x 2 33007\n").removesuffix("x 2 33006\n") + "p 1 900 33005\nx 0 33006\n"
    first, *_ = mtr_raw.read(text, file="x").content[0].hops
    assert (first.sent, first.loss) == (2, 0.0)


def test_where_probes_are_not_printed_loss_is_unknown() -> None:
    assert mtr_raw.recognises(OLD)
    reading = mtr_raw.read(OLD, file="x")
    assert not reading.problems
    assert [(hop.sent, hop.loss) for hop in reading.content[0].hops] == [(None, None)] * 2


@pytest.mark.parametrize(("last", "runs"), [(33_900, 2), (65_530, 1)])
def test_numbers_that_begin_again_begin_another_run_unless_they_wrap(last: int, runs: int) -> None:
    text = f"{NEW}x 0 {last}\np 0 100 {last}\nx 0 33000\nh 0 192.0.2.1\np 0 100 33000\n"
    assert len(mtr_raw.read(text, file="x").content) == runs


@pytest.mark.parametrize("line", ["h 0 nonsense", "x 255 1", "z 0 1", "p 0 -5"])
def test_what_is_not_understood_is_named_and_the_rest_kept(line: str) -> None:
    reading = mtr_raw.read(NEW + line, file="x")
    assert [problem.line for problem in reading.problems] == [19]
    assert len(reading.content[0].hops) == 3


@pytest.mark.parametrize("text", ["", "x 0 1\nx 0 2\n", "h 0 me\np 0 1\n", "p 0 1 2\n"])
def test_other_letters_and_numbers_are_not_claimed(text: str) -> None:
    assert not mtr_raw.recognises(text)
    assert mtr_raw.read(text, file="x").content == ()


@given(mangled(NEW, OLD))
def test_nothing_makes_it_fall(text: str) -> None:
    mtr_raw.recognises(text)
    for report in mtr_raw.read(text, file="x").content:
        assert all(hop.loss is None or 0 <= hop.loss <= 1 for hop in report.hops)
