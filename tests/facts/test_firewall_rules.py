from typing import Any

import pytest

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.rule import Decision
from bothways.facts.firewall_rules import Dropped, drop_rule
from bothways.unknown import Unknown
from tests.helpers import packets as p
from tests.helpers.network import SYNS, Network
from tests.helpers.surroundings import rule, rules

HERE = ("192.0.2.0/24",)


def answer(**more: Any) -> object:
    """What is said of one dropping rule that counted 9 packets, for a client 10.0.0.1 and a server 192.0.2.2:443."""
    return drop_rule(Network("client").subject(rules=(rules(rule(**more)),))).answer


def test_a_rule_on_the_destination_alone_blocks_it() -> None:
    assert answer(destinations=HERE) is Dropped.DESTINATION
    assert answer(destinations=("192.0.2.2/32",), states=frozenset({"new"})) is Dropped.DESTINATION


def test_a_mistyped_prefix_that_swallows_the_target_is_found() -> None:
    assert answer(destinations=("192.0.0.0/8",)) is Dropped.DESTINATION
    assert answer(destinations=("192.168.0.0/16",)) is Dropped.NONE


def test_a_rule_on_established_packets_or_on_flags_spares_the_syn() -> None:
    assert answer(destinations=HERE, states=frozenset({"established"})) is Dropped.ESTABLISHED
    assert answer(destinations=HERE, tcp_flags="& (fin|syn|rst|ack) != syn") is Dropped.ESTABLISHED
    both = frozenset({"established", "new"})
    assert answer(destinations=HERE, states=both) is Dropped.DESTINATION


def test_a_rule_on_the_syns_flags_blocks_the_destination() -> None:
    assert answer(destinations=HERE, tcp_flags="syn / syn,ack") is Dropped.DESTINATION
    assert answer(destinations=HERE, tcp_flags="ack / syn,ack") is Dropped.ESTABLISHED


@pytest.mark.parametrize("flags", ["rst", "& (fin|syn) == fin|syn", "something new"])
def test_a_rule_on_flags_that_no_ordinary_packet_has_is_no_witness(flags: str) -> None:
    assert answer(destinations=HERE, tcp_flags=flags) is Dropped.NONE
    assert answer(destinations=HERE, tcp_flags=flags, states=frozenset({"established"})) is Dropped.NONE


def offering(options: list[bytes], **more: Any) -> object:
    """The same for a client in view, whose SYNs bear *options* and are not answered."""
    network = Network("client")
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S", options=options)
    asked = {"destinations": HERE, "tcp_flags": "syn / syn,ack", "tcp_options": frozenset({"timestamp"}), **more}
    return drop_rule(network.subject(rules=(rules(rule(**asked)),))).answer


def test_a_rule_on_an_option_is_told_apart_where_the_syns_offer_it() -> None:
    offered = [p.mss(1460), p.timestamps(1, 0)]
    assert offering(offered) is Dropped.OPTION
    assert offering([p.mss(1460)]) is Dropped.NONE
    assert offering(offered, destinations=("198.51.100.0/24",)) is Dropped.NONE


def test_a_rule_on_an_option_of_anybody_or_of_a_syn_that_nobody_saw_is_no_witness() -> None:
    assert isinstance(offering([p.mss(1460), p.timestamps(1, 0)], destinations=()), Unknown)
    assert isinstance(answer(destinations=HERE, tcp_options=frozenset({"timestamp"})), Unknown)


def test_a_rule_on_invalid_packets_is_told_apart() -> None:
    assert answer(states=frozenset({"invalid"})) is Dropped.INVALID_ONLY
    assert answer(states=frozenset({"invalid"}), destinations=("198.51.100.0/24",)) is Dropped.NONE


@pytest.mark.parametrize("decision", [Decision.DROP, Decision.REJECT_RESET, Decision.REJECT_ICMP])
def test_rejecting_is_dropping_with_an_answer(decision: Decision) -> None:
    assert answer(decision=decision, destinations=HERE) is Dropped.DESTINATION


@pytest.mark.parametrize("decision", [Decision.ACCEPT, Decision.CONTINUE])
def test_what_does_not_drop_drops_nothing(decision: Decision) -> None:
    assert answer(decision=decision, destinations=HERE) is Dropped.NONE


def test_a_rule_that_never_counted_dropped_nothing() -> None:
    assert answer(destinations=HERE, packets=0) is Dropped.NONE


def test_rules_without_counters_leave_it_unknown() -> None:
    assert isinstance(answer(destinations=HERE, packets=None), Unknown)
    assert isinstance(drop_rule(Network("client").subject()).answer, Unknown)


def test_negation_turns_a_match_round() -> None:
    assert answer(destinations=HERE, destinations_negated=True) is Dropped.NONE
    assert answer(destinations=("10.0.0.0/8",), destinations_negated=True) is Dropped.DESTINATION
    assert answer(destinations=HERE, sources=("10.0.0.0/8",), sources_negated=True) is Dropped.NONE
    assert answer(destinations=HERE, sources=("172.16.0.0/12",), sources_negated=True) is Dropped.DESTINATION


def test_other_sources_ports_and_protocols_do_not_match() -> None:
    assert answer(destinations=HERE, sources=("10.9.0.0/16",)) is Dropped.NONE
    assert answer(destinations=HERE, destination_ports=((80, 80), (8000, 8100))) is Dropped.NONE
    assert answer(destinations=HERE, protocols=frozenset({"udp"})) is Dropped.NONE


def test_matching_sources_ports_and_protocols_match() -> None:
    assert answer(destinations=HERE, sources=("10.0.0.0/24",)) is Dropped.DESTINATION
    assert answer(destinations=HERE, destination_ports=((80, 80), (400, 500))) is Dropped.DESTINATION
    assert answer(destinations=HERE, protocols=frozenset({"tcp", "udp"})) is Dropped.DESTINATION


def test_what_a_rule_asks_beyond_our_reading_makes_it_no_witness_of_either() -> None:
    assert isinstance(answer(destinations=HERE, unread=("meta mark 7",)), Unknown)
    assert answer(destinations=HERE, unread=("meta mark 7",), packets=0) is Dropped.NONE
    assert answer(destinations=HERE, unread=("meta mark 7",), protocols=frozenset({"udp"})) is Dropped.NONE


def test_a_rule_without_a_destination_says_nothing_about_this_one() -> None:
    assert answer() is Dropped.NONE
    assert answer(states=frozenset({"related"}), destinations=HERE) is Dropped.NONE


def test_text_that_is_no_address_matches_nothing() -> None:
    assert answer(destinations=("@blocklist",)) is Dropped.NONE
    assert answer(destinations=("2001:db8::/32",)) is Dropped.NONE


def test_the_rule_that_dropped_most_speaks_and_state_rules_speak_last() -> None:
    invalid = rule(packets=900, states=frozenset({"invalid"}), line=1)
    few, many = rule(packets=3, destinations=HERE, line=2), rule(packets=30, destinations=HERE, line=3)
    fact = drop_rule(Network("client").subject(rules=(rules(invalid, few, many),)))
    assert fact.answer is Dropped.DESTINATION
    assert "30 packets" in fact.says
    assert [cite.line for cite in fact.cites] == [3]


def test_a_policy_that_drops_is_told_because_nobody_counts_it() -> None:
    fact = drop_rule(Network("client").subject(rules=(rules(rule(packets=0), policy=Decision.DROP),)))
    assert fact.answer is Dropped.NONE
    assert "policy" in fact.says


def test_a_server_whose_address_is_not_read_matches_no_prefix() -> None:
    subject = Network("client").subject(server=Endpoint("somewhere", 443), rules=(rules(rule(destinations=HERE)),))
    assert drop_rule(subject).answer is Dropped.NONE


def test_a_rule_that_names_the_client_and_no_destination_is_by_source() -> None:
    assert answer(sources=("10.0.0.0/28",)) is Dropped.SOURCE


@pytest.mark.parametrize(
    "spared",
    [
        {"sources": ("0.0.0.0/0",)},
        {"sources": ("10.0.0.0/28",), "sources_negated": True},
        {"sources": ("10.0.0.0/28",), "interfaces": ("iifname wan",)},
        {"sources": ("10.0.0.0/28",), "states": frozenset({"established"})},
        {"sources": ("10.9.0.0/28",)},
    ],
)
def test_a_rule_that_does_not_pick_out_the_client_by_its_address_is_not_by_source(spared: dict[str, Any]) -> None:
    assert answer(**spared) is Dropped.NONE


def behind(*before: Any, **more: Any) -> object:
    """What is said of a rule on the destination that stands behind others."""
    listed = rules(*before, rule(destinations=HERE, line=9, **more))
    return drop_rule(Network("client").subject(rules=(listed,))).answer


@pytest.mark.parametrize(
    "accepted",
    [
        {"destinations": ("192.0.2.2/32",), "destination_ports": ((443, 443),)},
        {"sources": ("10.0.0.0/8",)},
        {"states": frozenset({"new"})},
    ],
)
def test_a_rule_behind_one_that_accepts_the_targets_packets_is_no_witness(accepted: dict[str, Any]) -> None:
    answered = behind(rule(Decision.ACCEPT, **accepted))
    assert isinstance(answered, Unknown)
    assert "behind one that accepts" in answered.why


@pytest.mark.parametrize(
    "accepted",
    [
        {"destinations": ("192.0.2.2/32",), "destination_ports": ((80, 80),)},
        {"states": frozenset({"established"})},
        {"sources": ("10.0.0.0/8",), "interfaces": ("iifname lan",)},
        {"sources": ("10.0.0.0/8",), "chain": "another"},
    ],
)
def test_what_may_not_accept_the_targets_syn_leaves_it_to_the_rule_behind(accepted: dict[str, Any]) -> None:
    assert behind(rule(Decision.ACCEPT, **accepted)) is Dropped.DESTINATION


@pytest.mark.parametrize("hook", ["input", "output"])
def test_what_a_host_filters_for_itself_is_no_rule_of_a_firewall_between(hook: str) -> None:
    answered = answer(destinations=HERE, hook=hook)
    assert isinstance(answered, Unknown)
    assert "own host" in answered.why


@pytest.mark.parametrize(("counted", "settles"), [(1, False), (2, True)])
def test_a_rule_that_dropped_fewer_packets_than_were_sent_settles_nothing(counted: int, settles: bool) -> None:  # noqa: FBT001 - a parameter of the test
    network = Network("client")
    talk = network.talk()
    for ms in (0, 1000):
        talk.there(ms, "S")
    network.idle(20_000)
    fact = drop_rule(network.subject(rules=(rules(rule(destinations=HERE, packets=counted)),)))
    assert (fact.answer, fact.settles) == (Dropped.DESTINATION, settles)
