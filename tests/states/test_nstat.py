"""Counters as nstat of iproute2 6.1 and Linux 6.18 printed them (tests/states/samples)."""

from pathlib import Path

import pytest
from hypothesis import given

from bothways.evidence.counters import CounterLog, Span
from bothways.states import nstat
from tests.helpers.mangled import mangled

FOLDER = Path(__file__).parent / "samples"
FULL, JSON, PAIRS, SIX = (
    (FOLDER / name).read_text() for name in ("nstat-az.txt", "nstat-asj.txt", "proc-net.txt", "snmp6.txt")
)
OVERFLOWS = "TcpExtListenOverflows"


def log(text: str) -> CounterLog:
    reading = nstat.read(text, file="x")
    assert not reading.problems
    return reading.content


def value(text: str, name: str, which: int = 0) -> int | None:
    counter = log(text).snapshots[which].get(name)
    return counter.value if counter else None


@pytest.mark.parametrize("text", [FULL, JSON, PAIRS, SIX])
def test_its_own_forms_are_recognised(text: str) -> None:
    assert nstat.recognises(text)
    assert nstat.recognises(text.replace("\n", "\r\n"))


@pytest.mark.parametrize("text", [FULL, JSON, PAIRS])
def test_all_forms_say_the_same(text: str) -> None:
    assert value(text, OVERFLOWS) == 14
    assert value(text, "TcpExtTCPSYNChallenge") == 3
    assert value(text, "TcpPassiveOpens") == 6


def test_a_count_knows_its_line() -> None:
    counter = log(FULL).snapshots[0].get(OVERFLOWS)
    assert counter is not None
    assert OVERFLOWS in FULL.splitlines()[counter.line - 1]


def test_what_was_not_printed_is_not_nought() -> None:
    assert value(FULL, "TcpExtTCPReqQFullDrop") == 0
    assert value(JSON, "TcpExtTCPReqQFullDrop") is None


@pytest.mark.parametrize(
    ("command", "span"),
    [
        ("$ nstat -az\n", Span.SINCE_START),
        ("$ nstat --zeros --ignore\n", Span.SINCE_START),
        ("# nstat -z\n", Span.SINCE_LAST),
        ("$ nstat\n", Span.SINCE_LAST),
        ("", Span.UNTOLD),
    ],
)
def test_the_command_tells_since_when(command: str, span: Span) -> None:
    text = f"{command}#kernel\n{OVERFLOWS}  3  0.0\n"
    assert log(text).snapshots[0].span is span


def test_files_of_the_kernel_count_from_the_start() -> None:
    assert log(PAIRS).snapshots[0].span is Span.SINCE_START


@pytest.mark.parametrize("between", ["#kernel\n", "$ nstat -az\n#kernel\n", ""])
def test_two_snapshots_in_one_file_are_told_apart(between: str) -> None:
    text = f"#kernel\n{OVERFLOWS} 3 0.0\nTcpInSegs 9 0.0\n{between}{OVERFLOWS} 5 0.0\nTcpInSegs 11 0.0\n"
    assert (value(text, OVERFLOWS, 0), value(text, OVERFLOWS, 1)) == (3, 5)
    assert len(log(text + PAIRS).snapshots) == 3


def test_a_header_alone_has_no_counts() -> None:
    assert log("$ nstat\n#kernel\n").snapshots == ()


def test_names_without_their_counts_are_told() -> None:
    reading = nstat.read("TcpExt: A B\nTcpExt: 1\nTcp: InSegs\n", file="x")
    assert [problem.line for problem in reading.problems] == [1, 2, 3]
    assert reading.content.snapshots == ()


def test_a_negative_count_is_none() -> None:
    assert value("#kernel\nTcpMaxConn -1 0.0\nTcpInSegs 3 0.0\n", "TcpMaxConn") is None


@pytest.mark.parametrize("text", ["Total 3\nOther 4\nThird 5\n", "name 3\n", "TcpInSegs 3\n", '{"kernel": 3}\n'])
def test_other_columns_of_numbers_are_not_its(text: str) -> None:
    assert not nstat.recognises(text)


def test_its_lines_without_a_header_are_its() -> None:
    assert nstat.recognises("TcpInSegs 3\nTcpOutSegs 4\nIpInReceives 5\n")


@given(mangled(FULL[:3000], JSON, PAIRS, SIX[:2000]))
def test_no_text_raises(text: str) -> None:
    nstat.recognises(text)
    for snapshot in nstat.read(text, file="x").content.snapshots:
        names = [counter.name for counter in snapshot.counters]
        assert len(names) == len(set(names))
        assert all(counter.value >= 0 for counter in snapshot.counters)
