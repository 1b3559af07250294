"""mtr's reports are read as mtr(8) documents them (options `--report`, `--report-wide`, `--order`, `--show-ips`,
`--aslookup`) and as mtr 0.95 printed them; continuation lines as in ui/report.c of its source."""

import pytest
from hypothesis import given

from bothways.evidence.path_report import PathReport
from bothways.traces import mtr_host, mtr_text
from bothways.traces.runs import MOST_HOPS
from tests.helpers.mangled import mangled

WIDE = """Start: 2024-05-01T10:00:32+0000
HOST: vm                    Loss%   Snt   Last   Avg  Best  Wrst StDev
  1.|-- gateway.example        0.0%     2    0.1   0.2   0.1   0.3   0.0
  2.|-- ???                   100.0     2    0.0   0.0   0.0   0.0   0.0
  3.|-- 192.0.2.2             50.0%     2   15.5  15.6  15.5  15.8   0.3
"""
NARROW = """HOST: vm                          Loss%   Snt   Last   Avg  Best  Wrst StDev
  1.|-- gateway.example            0.0%     2    0.1   0.1   0.1   0.1   0.0
  2.|-- 2001:db8:1234:5678::1:abc  0.0%     2    0.1   0.1   0.1   0.1   0.0
  3.|-- a.very.long.name.of.a.rou  0.0%     2    0.1   0.1   0.1   0.1   0.0
"""
BOTH = """HOST: vm                             Loss%   Snt   Last   Avg  Best  Wrst StDev
  1. AS???    localhost (127.0.0.1)   0.0%     1    0.1   0.1   0.1   0.1   0.0
  2. AS15169  dns.example (2001:db8::8)   0.0%     1    0.1   0.1   0.1   0.1   0.0
     AS15169  dns2.example (2001:db8::9)
       [MPLS: Lbl 24001 TC 0 S 1u TTL 1]
  3. AS???    ???                    100.0     1    0.0   0.0   0.0   0.0   0.0
"""
OLD = """$ mtr --report -c 10 -i 0.5 www.example.com
HOST: localhost                   Loss%  Drop   Rcv   Snt  Last  Best  Avg  Wrst StDev
  1. 192.0.2.254                   0,0%     0    10    10   0,4   0,3   0,5   0,9   0,1
    |  `|-- 192.0.2.253
    |   |-- 192.0.2.252
  2. www.example.com              10,0%     1     9    10  12,4  11,3  12,5  14,9   0,1
"""
SCREEN = """                             My traceroute  [v0.95]
vm (10.0.0.2) -> www.example.com (192.0.2.9)              2024-05-01T10:00:32+0000
Keys:  Help   Display mode   Restart statistics   Order of fields   quit
                                        Packets               Pings
 Host                                 Loss%   Snt   Last   Avg  Best  Wrst StDev
 1. gateway.example                    0.0%     5    0.4   0.4   0.3   0.5   0.1
 2. (waiting for reply)
"""
SAMPLES = (WIDE, NARROW, BOTH, OLD, SCREEN)


def one(text: str) -> PathReport:
    reading = mtr_text.read(text, file="x.txt")
    assert not reading.problems
    (report,) = reading.content
    return report


@pytest.mark.parametrize("text", SAMPLES)
def test_its_own_reports_are_recognised(text: str) -> None:
    assert mtr_text.recognises(text)
    assert mtr_text.recognises("\ufeff$ mtr -rwc 2 host\r\n\r\n" + text.replace("\n", "\r\n"))


def test_a_wide_report_is_read() -> None:
    report = one(WIDE)
    assert (report.tool, report.source, report.line, report.destination, report.probe) == ("mtr", "vm", 1, None, None)
    first, second, third = report.hops
    assert (first.index, first.line, first.sent, first.loss) == (1, 3, 2, 0.0)
    assert first.replies[0].name == "gateway.example"
    assert first.replies[0].round_trips == (100_000, 200_000, 300_000)
    assert second.silent
    assert second.loss == 1.0
    assert (third.replies[0].name, third.replies[0].address, third.loss) == (None, "192.0.2.2", 0.5)


def test_half_an_address_is_not_taken_for_an_address() -> None:
    """A narrow report cuts after 25 characters, and what is left may be another valid address."""
    _, second, third = one(NARROW).hops
    assert (second.replies[0].name, second.replies[0].address) == ("2001:db8:1234:5678::1:abc", None)
    assert third.replies[0].name == "a.very.long.name.of.a.rou"


def test_a_wide_report_cuts_nothing() -> None:
    wide = "HOST: vm                        Loss%   Snt\n  1.|-- 2001:db8:1234:5678::1:abc  0.0%     2\n"
    assert one(wide).hops[0].replies[0].address == "2001:db8:1234:5678::1:abc"


def test_name_and_address_stand_together_after_an_as_number() -> None:
    first, second, third = one(BOTH).hops
    assert (first.replies[0].name, first.replies[0].address) == ("localhost", "127.0.0.1")
    assert [reply.address for reply in second.replies] == ["2001:db8::8", "2001:db8::9"]
    assert third.silent


def test_the_header_decides_what_a_column_means() -> None:
    report = one(OLD)
    assert (report.destination, report.destination_address, report.probe) == ("www.example.com", None, "icmp")
    first, second = report.hops
    assert [reply.address for reply in first.replies] == ["192.0.2.254", "192.0.2.253", "192.0.2.252"]
    assert second.replies[0].round_trips == (11_300_000, 12_500_000, 14_900_000)
    assert (second.sent, second.loss) == (10, 0.1)


def test_a_screen_names_both_ends() -> None:
    report = one(SCREEN)
    assert (report.source, report.destination, report.destination_address) == ("vm", "www.example.com", "192.0.2.9")
    assert report.hops[1].silent
    assert report.hops[1].sent is None


def test_nothing_received_is_no_measurement() -> None:
    text = WIDE.replace("50.0%     2   15.5  15.6  15.5  15.8   0.3", "100.0     2    0.0   0.0   0.0   0.0   0.0")
    assert one(text).hops[2].replies[0].round_trips == ()


def test_reports_follow_one_another() -> None:
    reading = mtr_text.read(WIDE + "\n$ mtr -T -rw 192.0.2.2\n" + WIDE, file="x")
    first, second = reading.content
    assert not reading.problems
    assert (first.probe, first.line, len(first.hops)) == (None, 1, 3)
    assert (second.probe, second.line, second.destination_address) == ("tcp-syn", 8, "192.0.2.2")


def test_a_report_without_its_header_is_read_with_the_usual_columns() -> None:
    reading = mtr_text.read("\n".join(WIDE.splitlines()[2:]), file="x")
    assert [hop.index for hop in reading.content[0].hops] == [1, 2, 3]
    assert "header" in reading.problems[0].says


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("  4.|-- host.example  0.0%", "figures"),
        ("  2.|-- host.example  0.0%     2   15.5  15.6  15.5  15.8   0.3", "out of order"),
        ("300.|-- host.example  0.0%     2   15.5  15.6  15.5  15.8   0.3", "out of order"),
        ("what is this?", "not understood"),
        ("     a line of many words below", "not understood"),
        ("x" * 10_001, "longer"),
    ],
)
def test_what_is_not_understood_is_named_and_the_rest_kept(line: str, says: str) -> None:
    reading = mtr_text.read(WIDE + line + "\n", file="x")
    assert len(reading.content[0].hops) == 3
    assert reading.problems[0].line == 6
    assert says in reading.problems[0].says


def test_a_hop_of_very_many_addresses_is_bounded() -> None:
    text = WIDE + "".join(f"    |   |-- 10.0.{n // 250}.{n % 250}\n" for n in range(500))
    reading = mtr_text.read(text, file="x")
    assert len(reading.content[0].hops[-1].replies) == mtr_host.MOST_REPLIES
    assert len(reading.problems) == 20


def test_a_file_of_a_million_hops_does_not_explode() -> None:
    reading = mtr_text.read(
        WIDE + WIDE.splitlines()[4] * 1 + "\n" * 10 + "  9.|-- a 0 0 0 0 0 0 0\n" * 100_000, file="x"
    )
    assert len(reading.content[0].hops) == 4
    assert len(reading.problems) == 20


@given(mangled(*SAMPLES))
def test_nothing_makes_it_fall(text: str) -> None:
    mtr_text.recognises(text)
    reading = mtr_text.read(text, file="x")
    assert len(reading.problems) <= 20
    for report in reading.content:
        assert len(report.hops) <= MOST_HOPS
        assert all(reply.name is None or reply.name.isprintable() for hop in report.hops for reply in hop.replies)
