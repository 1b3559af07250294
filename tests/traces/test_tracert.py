"""Windows' tracert, in words of any language (world/ has whole reports in twelve of them)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.evidence.path_report import Mark, PathReport
from bothways.traces import tracert
from tests.helpers.mangled import mangled

REPORT = """C:\\Users\\kim>tracert -d www.example.com

Tracing route to www.example.com [198.51.100.80]
over a maximum of 30 hops:

  1    <1 ms    <1 ms     2 ms  192.168.1.1
  2     *        *        *     Request timed out.
  3    11 ms     *       12 ms  core.example.net [203.0.113.17]

Trace complete.
"""


def one(text: str) -> PathReport:
    reading = tracert.read(text, file="x")
    assert not reading.problems
    (report,) = reading.content
    return report


def test_a_report_is_read() -> None:
    assert tracert.recognises(REPORT)
    report = one(REPORT)
    assert (report.tool, report.probe, report.line) == ("tracert", "icmp", 3)
    assert (report.destination, report.destination_address) == ("www.example.com", "198.51.100.80")
    first, second, third = report.hops
    assert first.replies[0].round_trips == (1_000_000, 1_000_000, 2_000_000)
    assert (second.silent, second.sent, second.loss, second.line) == (True, 3, 1.0, 7)
    assert (third.replies[0].name, third.replies[0].address) == ("core.example.net", "203.0.113.17")
    assert third.loss == pytest.approx(1 / 3)


def test_a_call_names_the_destination_where_no_sentence_does() -> None:
    lines = REPORT.splitlines()
    assert one("\n".join([lines[0], *lines[4:]])).destination == "www.example.com"


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("  4  edge.example.net [203.0.113.5]  reports: Destination net unreachable.", Mark.NETWORK),
        ("  4  203.0.113.5  meldet: Zielhost nicht erreichbar.", Mark.HOST),
        ("  4     *     203.0.113.5  raporty: x y z.", Mark.OTHER),
    ],
)
def test_who_reports_the_destination_unreachable_has_a_mark(line: str, mark: Mark) -> None:
    hop = one(REPORT.replace("\nTrace complete", f"{line}\n\nTrace complete")).hops[-1]
    assert [(reply.address, reply.marks) for reply in hop.replies] == [("203.0.113.5", (mark,))]
    assert hop.sent == 1 + line.count("*")


def test_an_address_that_a_narrow_terminal_broke_is_put_together() -> None:
    text = REPORT.replace("[203.0.113.17]", "[203.0.11\n3.17]")
    assert one(text).hops[2].replies[0].address == "203.0.113.17"
    reading = tracert.read(text.replace("3.17]", ""), file="x")
    assert [problem.line for problem in reading.problems] == [8]
    assert reading.content[0].hops[2].sent == 3


def test_what_somebody_wrote_behind_an_address_is_no_mark_of_the_router() -> None:
    text = REPORT.replace("192.168.1.1", "192.168.1.1   <- our host").replace("timed out.", "timed out.  <- who?")
    reading = tracert.read(text, file="x")
    assert [problem.line for problem in reading.problems] == [6]
    assert [(reply.address, reply.marks) for reply in reading.content[0].hops[0].replies] == [("192.168.1.1", ())]


def test_where_nothing_could_be_sent_no_probe_is_counted() -> None:
    (hop,) = one("C:\\>tracert 198.51.100.80\n\n  1  Transmit error: code 1231.\n").hops
    assert (hop.silent, hop.sent, hop.loss) == (True, None, None)


def test_reports_follow_one_another() -> None:
    reading = tracert.read(REPORT + REPORT.replace("www", "mail") + REPORT.split("\n\n")[2], file="x")
    assert not reading.problems
    assert [(report.destination, len(report.hops)) for report in reading.content] == [
        ("www.example.com", 3),
        ("mail.example.com", 3),
        (None, 3),
    ]


def test_a_sentence_between_two_hops_is_named_and_a_hop_out_of_order_left_out() -> None:
    lines = REPORT.splitlines()
    text = "\n".join([*lines[:6], "what is this", *lines[6:8], lines[6], *lines[8:]])
    reading = tracert.read(text, file="x")
    assert [problem.line for problem in reading.problems] == [7, 10]
    assert [hop.index for hop in reading.content[0].hops] == [1, 2, 3]


@pytest.mark.parametrize(
    "text",
    ["", "1 2 3 4 5\n", "  1  192.0.2.1  0.3 ms  0.4 ms  0.5 ms\n", "  1 ms  2 ms  3 ms\n", "3    1 ms 2 ms 3 ms x\n"],
)
def test_nothing_else_is_taken_for_it(text: str) -> None:
    assert not tracert.recognises(text)


@given(st.integers(0, 99_999), st.sampled_from(["ms", "мс", "毫秒", "\u00ba\u00c1"]), st.booleans())
def test_a_time_is_read_in_whatever_unit_the_system_writes(milliseconds: int, unit: str, less: bool) -> None:  # noqa: FBT001 - two forms
    time = f"{'<' if less else ''}{milliseconds} {unit}"
    (hop,) = tracert.read(f"  1  {time}  *  {time}  192.0.2.1\n", file="x").content[0].hops
    assert hop.replies[0].round_trips == (milliseconds * 1_000_000,) * 2
    assert hop.loss == pytest.approx(1 / 3)


@given(mangled(REPORT))
def test_nothing_makes_it_fall(text: str) -> None:
    tracert.recognises(text)
    for report in tracert.read(text, file="x").content:
        indices = [hop.index for hop in report.hops]
        assert indices == sorted(set(indices))
        assert all(hop.loss is None or 0 <= hop.loss <= 1 for hop in report.hops)
