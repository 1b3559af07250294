"""Windows' pathping (world/ has whole reports)."""

from hypothesis import given

from bothways.traces import pathping
from tests.helpers.mangled import mangled

REPORT = """Tracing route to www.example.org [198.51.100.235]
over a maximum of 30 hops:
  0  laptop.example.net [192.168.0.11]
  1  192.168.0.1
  2  bras.example.net [203.0.113.73]
  3     *        *        *
Computing statistics for 75 seconds...
            Source to Here   This Node/Link
Hop  RTT    Lost/Sent = Pct  Lost/Sent = Pct  Address
  0                                           laptop.example.net [192.168.0.11]
                                0/ 100 =  0%   |
  1    1ms     0/ 100 =  0%     0/ 100 =  0%  192.168.0.1
                                0/ 100 =  0%   |
  2   ---    100/ 100 =100%   100/ 100 =100%  0.0.0.0
                              100/ 100 =100%   |
  3   ---    100/ 100 =100%     0/ 100 =  0%  0.0.0.0

Trace complete.
"""


def test_a_report_is_read_with_the_own_host_as_its_source() -> None:
    assert pathping.recognises(REPORT)
    reading = pathping.read(REPORT, file="x")
    assert not reading.problems
    (report,) = reading.content
    assert (report.tool, report.source, report.source_address) == ("pathping", "laptop.example.net", "192.168.0.11")
    assert (report.destination, report.destination_address) == ("www.example.org", "198.51.100.235")
    first, second, third = report.hops
    assert (first.sent, first.loss, first.replies[0].round_trips, first.line) == (100, 0.0, (1_000_000,), 4)
    assert (third.silent, third.loss) == (True, 1.0)
    assert second.loss == 1.0


def test_who_showed_itself_on_the_way_and_answers_no_ping_is_kept() -> None:
    (report,) = pathping.read(REPORT, file="x").content
    assert [(reply.name, reply.round_trips) for reply in report.hops[1].replies] == [("bras.example.net", ())]


def test_a_report_that_was_stopped_before_its_table_is_read() -> None:
    cut = "".join(REPORT.splitlines(keepends=True)[:6])
    assert pathping.recognises(cut)
    (report,) = pathping.read(cut, file="x").content
    assert [(hop.index, hop.silent, hop.sent) for hop in report.hops] == [
        (1, False, None),
        (2, False, None),
        (3, True, None),
    ]


def test_many_lines_of_words_are_no_report() -> None:
    reading = pathping.read(REPORT + "more words\n" * 100, file="x")
    assert len(reading.problems) == 20
    assert not pathping.recognises("0  a\n1  b\n2  c\n")


@given(mangled(REPORT))
def test_nothing_makes_it_fall(text: str) -> None:
    pathping.recognises(text)
    reading = pathping.read(text, file="x")
    assert len(reading.problems) <= 20
    assert all(1 <= hop.index <= 255 for report in reading.content for hop in report.hops)
