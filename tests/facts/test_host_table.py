from typing import TYPE_CHECKING

import pytest

from bothways.facts.host_table import server_table
from bothways.facts.state_counters import Room
from bothways.unknown import Unknown
from tests.helpers.hosts import log, tracking, untold

if TYPE_CHECKING:
    from bothways.evidence.case import CounterEvidence

FULL = "[ 12.3] nf_conntrack: nf_conntrack: table full, dropping packet"


def size(entries: int, most: int, vantage: str | None = "server") -> "CounterEvidence":
    names = ("net.netfilter.nf_conntrack_count", "net.netfilter.nf_conntrack_max")
    return tracking(f"{names[0]} = {entries}", f"{names[1]} = {most}", vantage=vantage)


def test_entries_at_the_limit_are_a_full_table() -> None:
    fact = server_table(untold(counters=(size(100, 100),)))
    assert fact.answer is Room.FULL
    assert fact.settles
    assert server_table(untold(counters=(size(99, 100),))).answer is Room.FREE


def test_a_line_of_a_log_or_an_old_count_settles_nothing() -> None:
    dropped = tracking("cpu=0 found=0 invalid=0 drop=3 early_drop=0", vantage="server")
    for subject in (untold(logs=(log(FULL, vantage="server"),)), untold(counters=(dropped,))):
        fact = server_table(subject)
        assert fact.answer is Room.FULL
        assert not fact.settles


@pytest.mark.parametrize("vantage", [None, "client", "firewall-inside"])
def test_other_devices_tables_say_nothing_of_the_servers(vantage: str | None) -> None:
    assert isinstance(server_table(untold(counters=(size(100, 100, vantage),))).answer, Unknown)
    assert isinstance(server_table(untold(logs=(log(FULL, vantage=vantage),))).answer, Unknown)
