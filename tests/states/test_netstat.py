"""`netstat -s` of net-tools 2.10 (tests/states/samples/netstat-s.txt)."""

from pathlib import Path

import pytest
from hypothesis import given

from bothways.evidence.counters import Span
from bothways.states import netstat, nstat
from tests.helpers.mangled import mangled

FOLDER = Path(__file__).parent / "samples"
TEXT = (FOLDER / "netstat-s.txt").read_text()


def test_it_says_what_nstat_says_where_both_do() -> None:
    reading = netstat.read(TEXT, file="x")
    assert not reading.problems
    (sentences,) = reading.content.snapshots
    (names,) = nstat.read((FOLDER / "nstat-az.txt").read_text(), file="x").content.snapshots
    # nstat leaves out what is a setting, no count.
    same = {counter.name: counter.value for counter in sentences.counters if counter.name != "IpForwarding"}
    assert same == {name: getattr(names.get(name), "value", None) for name in same}
    assert {"TcpExtListenOverflows", "TcpExtListenDrops", "TcpExtTCPSYNChallenge", "TcpPassiveOpens"} <= set(same)
    assert sentences.span is Span.SINCE_START


def test_a_second_listing_is_a_second_snapshot() -> None:
    first, second = netstat.read(TEXT + TEXT.replace("14 times", "20 times"), file="x").content.snapshots
    values = [snapshot.get("TcpExtListenOverflows") for snapshot in (first, second)]
    assert [counter.value for counter in values if counter] == [14, 20]


@pytest.mark.parametrize("text", ["Tcp:\n", "Tcp: 3\n    4 segments\n", "Notes:\n    3 segments received\n", ""])
def test_other_texts_are_not_its(text: str) -> None:
    assert not netstat.recognises(text)


def test_a_count_without_a_section_is_nobodys() -> None:
    assert netstat.read("    TCPSynRetrans: 28\n", file="x").content.snapshots == ()


@given(mangled(TEXT))
def test_no_text_raises(text: str) -> None:
    netstat.recognises(text)
    netstat.read(text, file="x")
