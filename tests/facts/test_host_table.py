from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from bothways.facts.comparison import Siblings, siblings
from bothways.facts.host_table import server_table
from bothways.facts.state_counters import Room
from bothways.unknown import Unknown
from tests.helpers.hosts import log, tracking, untold
from tests.helpers.network import Network, half_open, worked
from tests.helpers.surroundings import rule, rules

if TYPE_CHECKING:
    from bothways.evidence.case import CounterEvidence
    from bothways.facts.subject import Subject

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


REFUSED = 10
"""What `half_open` lets arrive behind the SYN, and more."""


def limited(*, vantage: str = "server", **more: Any) -> "Subject":
    """Of two connections the server takes one; a rule of its host bounds how many may be at once."""
    network = Network("client", "server")
    half_open(network.talk(), last="server")
    worked(network.talk(start=500))
    asks: dict[str, Any] = {"destination_ports": ((443, 443),), "unread": ("ct count over 6",), "packets": REFUSED}
    bound = rule(chain="input", hook="input", text="tcp dport 443 ct count over 6 counter drop", **asks | more)
    return network.subject(rules=(replace(rules(bound), vantage=vantage),))


def test_a_rule_that_dropped_as_many_as_were_refused_shows_that_there_was_no_place() -> None:
    subject = limited()
    fact = server_table(subject)
    assert fact.answer is Room.FULL
    assert fact.settles
    assert "lets 6 connections be at once dropped 10 packets" in fact.says
    assert fact.cites[0].line


def test_what_such_a_host_takes_beside_tells_nothing_of_what_it_refused() -> None:
    answer = siblings(limited()).answer
    assert isinstance(answer, Unknown)
    assert answer.moot


def test_a_rule_that_dropped_fewer_than_were_refused_settles_nothing() -> None:
    subject = limited(packets=2)
    assert not server_table(subject).settles
    assert siblings(subject).answer is Siblings.TAKEN_BESIDE


@pytest.mark.parametrize(
    "other",
    [
        {"destination_ports": ((22, 22),)},
        {"states": frozenset({"new"})},
        {"tcp_flags": "syn / syn,ack"},
        {"unread": ("ct count over 6", "meta skuid 0")},
        {"packets": 0},
        {"vantage": "border"},
    ],
)
def test_a_bound_on_something_else_says_nothing_of_what_followed_the_syn(other: dict[str, Any]) -> None:
    subject = limited(**other)
    assert isinstance(server_table(subject).answer, Unknown)
    assert siblings(subject).answer is Siblings.TAKEN_BESIDE
