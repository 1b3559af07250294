import pytest
from msgspec.structs import replace

from bothways.facts.host_counters import Counted
from bothways.facts.state_counters import Room, invalid_counted, state_table
from bothways.unknown import Unknown
from tests.helpers.hosts import log, tracking, untold
from tests.helpers.surroundings import rule, rules

FULL = "[12.5] nf_conntrack: nf_conntrack: table full, dropping packet"


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (["cpu=0 found=0 invalid=9"], Counted.COUNTED),
        (["cpu=0 found=0 invalid=0"], Counted.NONE),
        (["cpu=0 found=0 invalid=4", "cpu=0 found=1 invalid=9"], Counted.RISEN),
    ],
)
def test_packets_that_fit_no_connection(lines: list[str], answer: Counted) -> None:
    fact = invalid_counted(untold(counters=(tracking(*lines),)))
    assert (fact.answer, fact.settles, fact.vantage) == (answer, False, "firewall")
    assert fact.cites


@pytest.mark.parametrize("vantage", ["server", "client"])
def test_a_hosts_own_tracking_is_no_firewalls(vantage: str) -> None:
    evidence = (tracking("cpu=0 found=0 invalid=9", vantage=vantage),)
    assert isinstance(invalid_counted(untold(counters=evidence)).answer, Unknown)
    assert isinstance(state_table(untold(logs=(log(FULL, vantage=vantage),))).answer, Unknown)


def size(count: int, most: int) -> object:
    return tracking(f"net.netfilter.nf_conntrack_count = {count}", f"net.netfilter.nf_conntrack_max = {most}")


def test_a_table_is_full_by_the_kernels_word_by_its_size_or_by_what_it_gave_up() -> None:
    assert state_table(untold(logs=(log(FULL),))).answer is Room.FULL
    assert state_table(untold(counters=(size(100, 100),))).answer is Room.FULL
    assert state_table(untold(counters=(size(99, 100),))).answer is Room.FREE
    given_up = state_table(untold(counters=(tracking("cpu=0 found=0 invalid=0 drop=0 early_drop=3"),)))
    assert (given_up.answer, given_up.sure) == (Room.FULL, False)


def test_no_sign_of_a_full_table_is_no_sign_of_room() -> None:
    assert isinstance(state_table(untold()).answer, Unknown)
    quiet = tracking("cpu=0 found=0 invalid=0 drop=0 early_drop=0")
    assert isinstance(state_table(untold(counters=(quiet,))).answer, Unknown)


def test_a_limit_on_connections_that_dropped_some_is_a_full_table() -> None:
    limit = rule(text="ct state new ct count over 6 counter packets 9 bytes 540 drop", unread=("ct count over 6",))
    fact = state_table(untold(rules=(rules(limit),)))
    assert fact.answer is Room.FULL
    assert "6 connections" in fact.says
    idle = replace(limit, packets=0)
    assert isinstance(state_table(untold(rules=(rules(idle),))).answer, Unknown)
