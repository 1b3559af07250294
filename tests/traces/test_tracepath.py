"""tracepath of iputils 20221126 (samples/), and of older versions as their tracepath.c and manuals print it."""

import pytest
from hypothesis import given

from bothways.evidence.path_report import Mark
from bothways.traces import tracepath
from bothways.traces.runs import MOST_HOPS
from tests.helpers.mangled import mangled

NEW = """$ tracepath -m 20 www.example.com
 1?: [LOCALHOST]                      pmtu 1500
 1:  gateway.example (192.0.2.1)                          0.5ms
 1:  gateway.example (192.0.2.1)                          0,400ms
 2:  no reply
 3:  ???                                                  1.100ms pmtu 1492
 3:  a.example                                            2.100ms asymm  5
 3:  b.example                                         2.200ms (This broken router returned corrupted payload) asymm  6
 4:  www.example.com                                     15.600ms reached
     Resume: pmtu 1492 hops 4 back 64
"""
OLD = """ 1:  vm.example                                0.137ms pmtu 1500
 1:  192.0.2.1                                 3.910ms asymm  2
 2:  192.0.2.2                                 asymm  9   5.1ms !A
     Resume: pmtu 1500
"""


def test_a_report_is_read() -> None:
    assert tracepath.recognises(NEW)
    reading = tracepath.read(NEW, file="x")
    assert not reading.problems
    (report,) = reading.content
    assert (report.tool, report.probe, report.destination, report.reached) == (
        "tracepath",
        "udp",
        "www.example.com",
        True,
    )
    assert report.line == 2
    first, second, third, fourth = report.hops
    assert (first.replies[0].name, first.replies[0].address) == ("gateway.example", "192.0.2.1")
    assert (first.replies[0].round_trips, first.sent, first.loss) == ((500_000, 400_000), None, None)
    assert (second.silent, second.line) == (True, 5)
    assert third.mtu == 1492
    assert [(reply.name, reply.back) for reply in third.replies] == [("a.example", 5), ("b.example", 6)]
    assert fourth.replies[0].back == 64


def test_an_older_one_prints_its_own_host_with_the_mtu() -> None:
    assert tracepath.recognises(OLD)
    reading = tracepath.read(OLD, file="x")
    assert not reading.problems
    (report,) = reading.content
    first, second = report.hops
    assert (first.mtu, [reply.address for reply in first.replies]) == (1500, ["192.0.2.1"])
    assert (second.replies[0].back, second.replies[0].marks) == (9, (Mark.PROHIBITED,))
    assert report.reached is False


def test_an_answer_that_comes_late_belongs_to_its_own_distance() -> None:
    text = " 1:  192.0.2.1  1.0ms\n 2:  no reply\n 3:  192.0.2.3  3.0ms\n 2:  192.0.2.2  9.0ms\n"
    (report,) = tracepath.read(text, file="x").content
    assert [[reply.address for reply in hop.replies] for hop in report.hops] == [
        ["192.0.2.1"],
        ["192.0.2.2"],
        ["192.0.2.3"],
    ]
    assert [hop.line for hop in report.hops] == [1, 2, 3]


def test_where_nothing_could_be_sent_silence_says_nothing() -> None:
    (report,) = tracepath.read(f"{OLD.splitlines()[1]}\n 2:  send failed\n", file="x").content
    assert [(hop.index, hop.silent, hop.sent) for hop in report.hops] == [(1, False, None), (2, True, 0)]


def test_where_it_was_cut_off_nobody_knows_whether_it_arrived() -> None:
    (report,) = tracepath.read("\n".join(NEW.splitlines()[:7]), file="x").content
    assert report.reached is None


def test_reports_follow_one_another() -> None:
    hops = " 1:  192.0.2.1  1.0ms\n 2:  192.0.2.2  1.0ms\n 1:  192.0.2.1  1.0ms\n"
    text = f"Sun Nov 22 18:00:45 UTC 2026\n{NEW}{OLD}\n{hops}"
    found = tracepath.read(text, file="x").content
    assert [len(report.hops) for report in found] == [4, 2, 2, 1]
    assert [report.destination for report in found] == ["www.example.com", None, None, None]


@pytest.mark.parametrize(
    ("call", "destination"),
    [
        ("tracepath -4 -m 3 host.example/80", "host.example"),
        ("tracepath6 -bl 1400 ::1", "::1"),
        ("tracepath -n -p 53", None),
    ],
)
def test_the_call_names_the_destination(call: str, destination: str | None) -> None:
    (report,) = tracepath.read(f"# {call}\n{OLD}", file="x").content
    assert report.destination == destination


@pytest.mark.parametrize(
    "line", [" 5:  x 7", "999:  a.example  1.0ms", " 5:  a b c d  1.0ms", "NET ERROR: x", " 5:  1.0ms!"]
)
def test_what_is_not_understood_is_named_and_the_rest_kept(line: str) -> None:
    text = NEW.replace("     Resume", f"{line}\n     Resume")
    reading = tracepath.read(text, file="x")
    assert [problem.line for problem in reading.problems] == [10]
    assert (len(reading.content[0].hops), reading.content[0].reached) == (4, True)


@given(mangled(NEW, OLD))
def test_nothing_makes_it_fall(text: str) -> None:
    tracepath.recognises(text)
    for report in tracepath.read(text, file="x").content:
        assert all(1 <= hop.index <= MOST_HOPS for hop in report.hops)
