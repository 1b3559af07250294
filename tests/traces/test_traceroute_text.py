"""traceroute's reports as traceroute(8) of Linux documents them, and as FreeBSD's and tcptraceroute's manuals do."""

import pytest
from hypothesis import given

from bothways.evidence.path_report import Mark, PathReport
from bothways.traces import traceroute_text
from bothways.traces.runs import MOST_HOPS
from tests.helpers.mangled import mangled

LINUX = """traceroute to www.example.com (192.0.2.9), 30 hops max, 60 byte packets
 1  gateway.example (10.0.0.1)  0.035 ms  0.004 ms  0.003 ms
 2  a.example (198.51.100.1)  1.5 ms b.example (198.51.100.2) [AS64500]  1.7 ms a.example (198.51.100.1)  1.6 ms
 3  * * *
 4  c.example (198.51.100.3)  2.5 ms !X * 198.51.100.4 (198.51.100.4)  2.5 ms !F-1400 !<13>
"""
NUMBERS = """$ sudo traceroute -n -T -p 443 -O syn 2001:db8::9
traceroute to 2001:db8::9 (2001:db8::9), 30 hops max, 80 byte packets
 1  2001:DB8::1  0.044 ms  0.005 ms *
 2  2001:db8::9  0,5 ms  0,5 ms  0,5 ms !H
"""
BSD = """traceroute: Warning: www.example.com has multiple addresses; using 192.0.2.9
traceroute to www.example.com (192.0.2.9), 64 hops max, 40 byte packets
 1  10.0.0.1 (10.0.0.1)  0.5 ms  0.4 ms  0.4 ms
 2  a.example (198.51.100.1)  1.5 ms
    b.example (198.51.100.2)  1.7 ms  1.8 ms !
"""
TCP = """Selected device eth0, address 10.0.0.2, port 35821 for outgoing packets
Tracing the path to www.example.com (192.0.2.9) on TCP port 443 (https), 30 hops max
 1  10.0.0.1  0.5 ms  0.4 ms  0.4 ms
 2  192.0.2.9 [open]  1.5 ms  1.4 ms  1.4 ms
"""
SAMPLES = (LINUX, NUMBERS, BSD, TCP)


def one(text: str) -> PathReport:
    reading = traceroute_text.read(text, file="x")
    assert not reading.problems
    (report,) = reading.content
    return report


@pytest.mark.parametrize("text", SAMPLES)
def test_its_own_reports_are_recognised(text: str) -> None:
    assert traceroute_text.recognises(text)
    assert traceroute_text.recognises("\ufeff\r\n" + text.replace("\n", "\r\n"))


def test_several_probes_and_responders_of_a_hop_are_kept_apart() -> None:
    report = one(LINUX)
    assert (report.destination, report.destination_address, report.probe) == ("www.example.com", "192.0.2.9", None)
    first, second, third, fourth = report.hops
    assert (first.line, first.sent, first.loss) == (2, 3, 0.0)
    assert first.replies[0].round_trips == (35_000, 4_000, 3_000)
    assert [(reply.name, len(reply.round_trips)) for reply in second.replies] == [("a.example", 2), ("b.example", 1)]
    assert third.silent
    assert (third.sent, third.loss) == (3, 1.0)
    assert [reply.marks for reply in fourth.replies] == [
        (Mark.PROHIBITED,),
        (Mark.NEEDS_FRAGMENTATION, Mark.PROHIBITED),
    ]
    assert fourth.replies[1].name is None
    assert fourth.loss == pytest.approx(1 / 3)


def test_the_call_says_what_was_sent() -> None:
    report = one(NUMBERS)
    assert report.probe == "tcp-syn"
    assert report.hops[0].replies[0].address == "2001:db8::1"
    assert report.hops[1].replies[0].marks == (Mark.HOST,)


@pytest.mark.parametrize(
    ("call", "probe"),
    [
        ("traceroute host", "udp"),
        ("traceroute -I host", "icmp"),
        ("traceroute -M tcp host", "tcp-syn"),
        ("traceroute -T -O ack host", None),
        ("traceroute -D host", None),
        ("tcptraceroute host 443", "tcp-syn"),
    ],
)
def test_options_choose_the_probe(call: str, probe: str | None) -> None:
    assert one(f"$ {call}\n{LINUX}").probe == probe


@pytest.mark.parametrize(
    ("words", "marks"),
    [
        ("192.0.2.1  1.0 ms !H  1.0 ms !N * 1.0 ms !P", (Mark.HOST, Mark.NETWORK, Mark.PROTOCOL)),
        ("192.0.2.1  1.0 ms !X !V !C !S !F-1400", ("!X", "!V", "!C", "!S", "!F")),
        ("192.0.2.1  1.0 ms !<10> !<255-9> !13", (Mark.PROHIBITED,)),
        ("192.0.2.1  1.0 ms !<99> !12", (Mark.OTHER,)),
        ("192.0.2.1  1.0 ms !T !Q !W !U !I !Z !A !", ("!T", "!H", "!N", "!X")),
        ("fe80::1%eth0  1.0 ms !A", (Mark.HOST,)),
    ],
)
def test_marks_mean_what_their_program_means(words: str, marks: tuple[Mark, ...]) -> None:
    (hop,) = one(f" 1  {words}\n").hops
    assert hop.replies[0].marks == marks


def test_what_stands_beside_a_reply_is_read_or_passed_over() -> None:
    words = "a.example (192.0.2.1) [AS64500/AS64501] <MPLS:L=28,S=1,T=1> '-3' 1.0 ms F=1400 <syn,ack> (TOS=8!) * [*]"
    (hop,) = one(f"traceroute to x (192.0.2.9), 30 hops max, 60 byte packets\n 1  {words}\n").hops
    assert (hop.mtu, hop.sent, hop.loss) == (1400, 2, 0.5)
    assert (hop.replies[0].back, hop.replies[0].round_trips) == (3, (1_000_000,))


def test_a_date_above_a_report_is_its_start() -> None:
    text = "Sun Nov 22 17:50:49 UTC 2026\n" + BSD + "Sun Nov 22 17:51:49 CET 2026\n" + TCP
    first, second = traceroute_text.read(text, file="x").content
    assert first.started == 1_795_369_849_000_000_000
    assert second.started is None


def test_further_lines_belong_to_the_hop_above() -> None:
    assert [reply.name for reply in one(BSD).hops[1].replies] == ["a.example", "b.example"]


def test_tcptraceroute_says_itself_what_it_sends() -> None:
    report = one(TCP)
    assert (report.probe, report.destination_address, len(report.hops)) == ("tcp-syn", "192.0.2.9", 2)


def test_reports_follow_one_another() -> None:
    reading = traceroute_text.read(f"$ traceroute -I x\n{LINUX}\n{NUMBERS}{BSD}", file="x")
    assert [report.probe for report in reading.content] == ["icmp", "tcp-syn", None]
    assert not reading.problems


def test_a_report_without_its_header_is_read() -> None:
    text = "\n".join(LINUX.splitlines()[1:])
    assert traceroute_text.recognises(text)
    report = one(text)
    assert (report.destination, len(report.hops), report.line) == (None, 4, 1)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (" 5  c.example  2.5 ms", "left out"),
        (" 5  198.51.100.4  2.5 ms !K", "left out"),
        (" 5  !<99>", "left out"),
        (" 5  2.5 ms", "left out"),
        (" 4  *", "out of order"),
        ("999  *", "out of order"),
        ("send: Operation not permitted", "not understood"),
        (" " * 10_001 + "x", "longer"),
    ],
)
def test_what_is_not_understood_is_named_and_the_rest_kept(line: str, says: str) -> None:
    reading = traceroute_text.read(LINUX + line, file="x")
    assert len(reading.content[0].hops) >= 4
    assert any(says in problem.says and problem.line == 6 for problem in reading.problems)


@pytest.mark.parametrize("text", ["", "1 2 3", " 1  2  3 4\n 2  3  4 5\n", "6  *\n"])
def test_a_table_of_numbers_is_no_path(text: str) -> None:
    assert not traceroute_text.recognises(text)


@given(mangled(*SAMPLES))
def test_nothing_makes_it_fall(text: str) -> None:
    traceroute_text.recognises(text)
    reading = traceroute_text.read(text, file="x")
    assert len(reading.problems) <= 20
    assert all(len(report.hops) <= MOST_HOPS for report in reading.content)
