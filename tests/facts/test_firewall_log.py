import pytest

from bothways.evidence.endpoint import Endpoint
from bothways.facts.firewall_log import Logged, logged_drops
from bothways.unknown import Unknown
from bothways.way import Way
from tests.helpers.hosts import log, logged, untold
from tests.helpers.network import CLIENT, SERVER, Network, half_open

OTHER = Endpoint("10.0.0.1", 41_000)


def fails() -> Network:
    network = Network("client")
    half_open(network.talk(), last="client")
    return network


@pytest.mark.parametrize(
    ("prefix", "flags", "answer"),
    [
        ("[UFW BLOCK]", "SYN", Logged.OPENING),
        ("DROP", "ACK PSH", Logged.LATER),
        ("INVALID DROP", "ACK", Logged.LATER_AS_INVALID),
        ("INVALID DROP", "SYN", Logged.OPENING),
        ("REJECT", "ACK", Logged.LATER),
    ],
)
def test_what_of_the_failing_connection_the_log_calls_dropped(prefix: str, flags: str, answer: Logged) -> None:
    fact = logged_drops(fails().subject(logs=(log("other line", logged(prefix, flags)),)))
    assert (fact.answer, fact.way) == (answer, Way.THERE)
    assert prefix in fact.says
    assert "from eth0 to eth1" in fact.says
    assert [(cite.file, cite.line) for cite in fact.cites] == [("firewall.log", 2)]
    assert not fact.settles


def test_the_servers_packets_go_back() -> None:
    line = logged("DROP", "ACK SYN", source=SERVER, destination=CLIENT)
    fact = logged_drops(fails().subject(logs=(log(line),)))
    assert (fact.answer, fact.way) == (Logged.BACK, Way.BACK)


def test_a_dropped_opening_says_more_than_what_follows() -> None:
    lines = [logged("DROP", "ACK"), logged("DROP", "ACK"), logged("DROP", "SYN")]
    assert logged_drops(fails().subject(logs=(log(*lines),))).answer is Logged.OPENING


@pytest.mark.parametrize(
    "line",
    [
        logged("DROP", "ACK", source=OTHER),
        logged("ACCEPT", "ACK"),
        logged("seen", "ACK"),
        logged("DROP", "ACK").replace("PROTO=TCP", "PROTO=UDP"),
    ],
)
def test_other_connections_and_other_words_say_nothing_of_a_drop(line: str) -> None:
    assert isinstance(logged_drops(fails().subject(logs=(log(line),))).answer, Unknown)


def test_without_captures_the_target_and_its_client_are_looked_for() -> None:
    evidence = (log(logged("DROP", "ACK", source=OTHER)),)
    assert logged_drops(untold(logs=evidence)).answer is Logged.LATER
    assert logged_drops(untold(logs=evidence, client="10.0.0.1")).answer is Logged.LATER
    assert isinstance(logged_drops(untold(logs=evidence, client="10.0.0.9")).answer, Unknown)


def test_a_log_that_does_not_mention_it_proves_nothing() -> None:
    assert isinstance(logged_drops(fails().subject()).answer, Unknown)
    assert isinstance(logged_drops(fails().subject(logs=(log("hello"),))).answer, Unknown)
