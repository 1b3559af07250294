"""Content decides what a file is: nobody claims another's, and the evidence of the cases is read without a remark."""

from pathlib import Path

import pytest

from bothways.evidence.case import Kind
from bothways.evidence.session import SessionLog
from bothways.states import READERS as STATES
from bothways.traces import READERS as TRACES
from tests.helpers.repository import TOP

CASES = TOP / "tests" / "cases"
OWNERS = {
    ".mtr.txt": "mtr report",
    ".mtr.json": "mtr JSON",
    "traceroute.txt": "traceroute",
    ".conntrack-events.txt": "conntrack",
    ".conntrack-stats.txt": "conntrack -S",
    ".ss.txt": "ss",
    ".ss-listening.txt": "ss",
    ".nstat.txt": "nstat",
    ".nft.txt": "nftables ruleset",
    "curl.log": "curl log",
}


def owner(path: Path) -> str | None:
    return next((reader for end, reader in OWNERS.items() if path.name.endswith(end)), None)


FILES = [path for path in sorted(CASES.rglob("*")) if owner(path) and path.stat().st_size]


def claimed(text: str) -> list[str]:
    traces = [name for name, recognises, _ in TRACES if recognises(text)]
    return traces + [name for name, _, recognises, _ in STATES if recognises(text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CASES)))
def test_a_file_has_one_owner_and_is_read_in_full(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert claimed(text) == [owner(path)]
    for name, _, traces in TRACES:
        if name == owner(path):
            report = traces(text, file=path.name)
            assert not report.problems
            printed = text.count('"count"') + text.count(".|--") if "mtr" in name else len(text.splitlines()) - 1
            assert sum(len(path_report.hops) for path_report in report.content) == printed
    for name, _, _, states in STATES:
        if name == owner(path):
            reading = states(text, file=path.name)
            assert not reading.problems
            if isinstance(reading.content, SessionLog):
                # At its end conntrack says how many it told of.
                told = [line for line in text.splitlines() if not line.startswith("conntrack v")]
                assert len(reading.content.sessions) == len(told)


@pytest.mark.parametrize("text", ["", "\n\n", "hello\n", "{}", "1 2 3", "* * *", "$ ls\nfile\n", "table of contents"])
def test_nobody_claims_what_is_nobodys(text: str) -> None:
    assert claimed(text) == []


def test_every_kind_of_state_has_its_reader() -> None:
    # Databases of addresses are files of the user's that are named by an option, not found among evidence.
    others = {Kind.CAPTURE, Kind.PATH, Kind.UNREAD, Kind.ADDRESSES}
    assert {kind for _, kind, _, _ in STATES} == set(Kind) - others


SAMPLES = Path(__file__).parent / "samples"
HOSTS = {"ss-": "ss", "nstat": "nstat", "proc-net": "nstat", "snmp6": "nstat", "netstat": "netstat -s"} | {
    "conntrack-S": "conntrack -S",
    "proc-stat": "conntrack -S",
    "dmesg": "firewall log",
    "ping": "ping",
}


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.txt")), ids=lambda path: path.name)
def test_a_sample_has_one_owner(path: Path) -> None:
    owners = [reader for start, reader in HOSTS.items() if path.name.startswith(start)]
    assert claimed(path.read_text(encoding="utf-8")) == (owners or ["nftables ruleset"])
