from typing import Any

import pytest

from bothways.facts.reply_rules import ReplyDrops, reply_rule
from bothways.unknown import Unknown
from tests.helpers.network import Network
from tests.helpers.surroundings import rule, rules

SERVERS = ("192.0.2.0/24",)


def answer(**more: Any) -> object:
    return reply_rule(Network("client").subject(rules=(rules(rule(**more)),))).answer


def test_a_rule_on_the_servers_prefix_or_port_drops_replies() -> None:
    assert answer(sources=SERVERS) is ReplyDrops.BY_ADDRESS
    assert answer(source_ports=((443, 443),)) is ReplyDrops.BY_ADDRESS


@pytest.mark.parametrize(
    "other",
    [
        {"sources": ("198.51.100.0/24",)},
        {"destinations": SERVERS},
        {"sources": SERVERS, "packets": 0},
        {"sources": SERVERS, "tcp_flags": "syn / syn,ack"},
        {"sources": SERVERS, "states": frozenset({"invalid"})},
    ],
)
def test_rules_for_other_packets_or_for_states_do_not(other: dict[str, Any]) -> None:
    assert answer(**other) is ReplyDrops.NONE


def test_what_asks_for_more_than_is_read_is_unknown() -> None:
    assert isinstance(answer(sources=SERVERS, unread=("meta mark 1",)), Unknown)
    assert isinstance(answer(sources=SERVERS, packets=None), Unknown)
