"""PowerShell's Test-NetConnection (world/ has a whole report)."""

import pytest
from hypothesis import given

from bothways.traces import net_connection
from tests.helpers.mangled import mangled

REPORT = """PS C:\\> Test-NetConnection www.example.com -TraceRoute

ComputerName           : www.example.com
RemoteAddress          : 2001:db8::80
SourceAddress          : 2001:db8:1::3
PingSucceeded          : False
PingReplyDetails (RTT) : 0 ms
TraceRoute             : 2001:db8:1::1
                         ::
                         2001:db8:2::7
"""


def test_a_report_is_read() -> None:
    assert net_connection.recognises(REPORT)
    reading = net_connection.read(REPORT, file="x")
    assert not reading.problems
    (report,) = reading.content
    assert (report.destination, report.destination_address) == ("www.example.com", "2001:db8::80")
    assert (report.source_address, report.reached, report.probe) == ("2001:db8:1::3", False, "icmp")
    assert [[reply.address for reply in hop.replies] for hop in report.hops] == [
        ["2001:db8:1::1"],
        [],
        ["2001:db8:2::7"],
    ]
    assert [hop.line for hop in report.hops] == [8, 9, 10]


def test_a_list_in_braces_that_was_cut_is_said_to_be() -> None:
    text = "ComputerName : a.example\nTraceRoute   : {192.0.2.1, 0.0.0.0, 192.0.2.3...}\n"
    reading = net_connection.read(text, file="x")
    assert [[reply.address for reply in hop.replies] for hop in reading.content[0].hops] == [
        ["192.0.2.1"],
        [],
        ["192.0.2.3"],
    ]
    assert [problem.line for problem in reading.problems] == [2]


@pytest.mark.parametrize("text", ["", "ComputerName : x\n", "TraceRoute : 192.0.2.1\n"])
def test_nothing_else_is_taken_for_it(text: str) -> None:
    assert not net_connection.recognises(text)


@given(mangled(REPORT))
def test_nothing_makes_it_fall(text: str) -> None:
    net_connection.recognises(text)
    for report in net_connection.read(text, file="x").content:
        assert [hop.index for hop in report.hops] == list(range(1, len(report.hops) + 1))
