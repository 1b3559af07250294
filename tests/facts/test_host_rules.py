from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from bothways.evidence.rule import Decision
from bothways.facts.firewall_rules import Dropped, drop_rule
from bothways.facts.host_rules import HostDrops, client_rule, server_rule
from bothways.unknown import Unknown
from tests.helpers.network import SYNS, Network
from tests.helpers.surroundings import rule, rules

if TYPE_CHECKING:
    from bothways.evidence.rule import Rule
    from bothways.facts.fact import Fact
    from bothways.facts.subject import Subject

PORT = ((443, 443),)


def subject(*listed: "Rule", vantage: str, policy: Decision = Decision.ACCEPT) -> "Subject":
    """A client that repeats its SYN, each answered; a host's rules."""
    network = Network("client", "server")
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S")
        talk.back(ms + 20, "SA")
    ruleset = replace(rules(*listed, policy=policy), vantage=vantage, file=f"{vantage}.nft.txt")
    return network.subject(rules=(ruleset,))


def host(hook: str, **more: Any) -> "Rule":
    return rule(chain=hook, hook=hook, **more)


def at_server(*listed: "Rule", **more: Any) -> "Fact":
    return server_rule(subject(*listed, vantage="server", **more))


def test_a_rule_on_the_port_drops_the_opening() -> None:
    fact = at_server(host("input", destination_ports=PORT))
    assert fact.answer is HostDrops.OPENING
    assert fact.settles
    assert fact.cites[0].file == "server.nft.txt"


def test_a_rule_on_what_the_syn_offers_drops_it_for_that() -> None:
    asks = {"destination_ports": PORT, "tcp_flags": "syn / syn,ack"}
    fact = at_server(host("input", tcp_options=frozenset({"maxseg"}), **asks))
    assert fact.answer is HostDrops.OPTION
    assert fact.settles
    assert isinstance(at_server(host("input", tcp_options=frozenset({"timestamp"}), **asks)).answer, Unknown)


@pytest.mark.parametrize("flags", ["ack / fin,syn,rst,ack", "& (syn|ack) == ack"])
def test_a_rule_on_flags_spares_the_syn(flags: str) -> None:
    assert at_server(host("input", destination_ports=PORT, tcp_flags=flags)).answer is HostDrops.LATER


def test_a_rule_on_what_connection_tracking_calls_invalid_meets_strangers_too() -> None:
    fact = at_server(host("input", states=frozenset({"invalid"})))
    assert fact.answer is HostDrops.LATER
    assert not fact.settles


def test_a_rule_on_the_way_out_drops_the_reply() -> None:
    assert at_server(host("output", source_ports=PORT)).answer is HostDrops.REPLY
    fact = client_rule(subject(host("input", source_ports=PORT), vantage="client"))
    assert fact.answer is HostDrops.REPLY


def test_what_an_earlier_rule_accepts_a_later_one_does_not_drop() -> None:
    spares = host("input", decision=Decision.ACCEPT, destination_ports=PORT, states=frozenset({"new"}))
    rest = host("input", destination_ports=PORT)
    assert at_server(spares, rest).answer is HostDrops.LATER
    everything = host("input", decision=Decision.ACCEPT, destination_ports=PORT)
    assert at_server(everything, rest).answer is HostDrops.NONE


def test_a_rule_that_dropped_less_than_arrived_settles_nothing() -> None:
    fact = at_server(host("input", destination_ports=PORT, packets=len(SYNS) - 1))
    assert fact.answer is HostDrops.OPENING
    assert not fact.settles


@pytest.mark.parametrize(
    "other",
    [
        {"destination_ports": ((22, 22),)},
        {"destination_ports": PORT, "packets": 0},
        {"destination_ports": PORT, "protocols": frozenset({"udp"})},
        {"destination_ports": PORT, "sources": ("198.51.100.0/24",)},
        {"destination_ports": PORT, "decision": Decision.ACCEPT},
    ],
)
def test_rules_for_others_drop_none_of_it(other: dict[str, Any]) -> None:
    fact = at_server(host("input", **other))
    assert fact.answer is HostDrops.NONE
    assert not fact.sure


def test_what_is_not_read_or_not_counted_is_unknown() -> None:
    assert isinstance(at_server(host("input", destination_ports=PORT, unread=("meta skuid 0",))).answer, Unknown)
    assert isinstance(at_server(host("input", destination_ports=PORT, packets=None)).answer, Unknown)
    assert isinstance(at_server(host("input", packets=0), policy=Decision.DROP).answer, Unknown)


def test_a_hosts_rules_are_no_firewalls_and_the_other_way_round() -> None:
    listed = rule(destinations=("192.0.2.0/24",))
    assert isinstance(drop_rule(subject(listed, vantage="server")).answer, Unknown)
    assert drop_rule(subject(listed, vantage="border")).answer is Dropped.DESTINATION
    assert isinstance(server_rule(subject(listed, vantage="border")).answer, Unknown)
