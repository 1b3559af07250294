"""`conntrack -S` of conntrack-tools 1.4.7, and /proc/net/stat/nf_conntrack of Linux 6.18 (tests/states/samples)."""

from pathlib import Path

import pytest
from hypothesis import given

from bothways.evidence.counters import Snapshot, Span
from bothways.states import conntrack_stats
from tests.helpers.mangled import mangled

FOLDER = Path(__file__).parent / "samples"
STATS, TABLE = ((FOLDER / name).read_text() for name in ("conntrack-S.txt", "proc-stat-nf_conntrack.txt"))
SIZE = "net.netfilter.nf_conntrack_count = 262144\nnet.netfilter.nf_conntrack_max=262144\n"


def only(text: str) -> Snapshot:
    reading = conntrack_stats.read(text, file="x")
    assert not reading.problems
    (snapshot,) = reading.content.snapshots
    return snapshot


def value(text: str, name: str) -> int | None:
    counter = only(text).get(name)
    return counter.value if counter else None


def test_all_processors_are_added_up() -> None:
    assert value(STATS, "ConntrackInvalid") == 45 + 6
    assert value(STATS, "ConntrackInsertFailed") == 0
    assert only(STATS).span is Span.SINCE_START


def test_a_second_listing_is_a_second_snapshot() -> None:
    snapshots = conntrack_stats.read(STATS + STATS.replace("invalid=45", "invalid=50"), file="x").content.snapshots
    counters = [snapshot.get("ConntrackInvalid") for snapshot in snapshots]
    assert [counter.value for counter in counters if counter] == [51, 56]


def test_the_kernels_own_table_is_hexadecimal() -> None:
    assert value(TABLE, "ConntrackInvalid") == 0
    header, row, *_ = TABLE.splitlines()
    place = header.split().index("invalid")
    rows = [" ".join(f"{16 if number == place else 0:08x}" for number in range(len(row.split())))] * 2
    assert value("\n".join([header, *rows]), "ConntrackInvalid") == 32
    assert only(TABLE).get("ConntrackEntries") is None


def test_how_full_the_table_is() -> None:
    assert (value(SIZE, "ConntrackCount"), value(SIZE, "ConntrackMax")) == (262144, 262144)
    assert value("net.ipv4.netfilter.ip_conntrack_count = 7\n", "ConntrackCount") == 7


@pytest.mark.parametrize("text", [STATS, TABLE, SIZE, f"$ sudo conntrack -S\n{STATS}"])
def test_its_own_forms_are_recognised(text: str) -> None:
    assert conntrack_stats.recognises(text)
    only(text)


@pytest.mark.parametrize("text", ["cpu=zero found=0\n", "entries found\n00000000 00000000\n", "kernel.max = 3\n"])
def test_other_texts_are_not_its(text: str) -> None:
    assert not conntrack_stats.recognises(text)


def test_what_is_not_understood_is_told() -> None:
    reading = conntrack_stats.read(f"{STATS}hello\n", file="x")
    assert [problem.line for problem in reading.problems] == [3]


@given(mangled(STATS, TABLE, SIZE))
def test_no_text_raises(text: str) -> None:
    conntrack_stats.recognises(text)
    conntrack_stats.read(text, file="x")
