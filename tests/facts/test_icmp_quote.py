from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bothways.facts.icmp_errors import Said, icmp_there
from bothways.facts.icmp_quote import Quoted, icmp_quote
from bothways.facts.subject import Subject
from bothways.unknown import Unknown
from tests.helpers import packets as p
from tests.helpers.network import CLIENT, RTO, SERVER, SYNS, Network, Talk

ROUTER = "198.51.100.9"
IDENTIFICATION = 7


def unanswered(
    quoted: dict[str, Any] | None = None, *, vantage: str = "client", kept: int | None = None, identification: int = 0
) -> Subject:
    """SYNs without an answer, one of which a router says to have given up; it quotes what *quoted* says."""
    network = Network(vantage)
    talk = network.talk()
    for number, ms in enumerate(SYNS):
        talk.there(ms, "S", identification=IDENTIFICATION + number)
    if quoted is not None:
        frame = error(talk, quoted, identification=identification, kept=kept)
        network.record(vantage, 30, frame)
    network.idle(20_000)
    return network.subject()


def error(talk: Talk, quoted: dict[str, Any], *, identification: int, kept: int | None) -> bytes:
    said: dict[str, Any] = {"seq": talk.isn["there"], "flags": "S", "options": [p.mss(1460)]} | quoted
    segment = p.tcp(talk.client.port, talk.server.port, **said)
    packet = p.ipv4(CLIENT.address, SERVER.address, segment, ttl=58, identification=identification)[:kept]
    return p.ethernet(p.icmp_error(ROUTER, CLIENT.address, packet, kind=3, code=1, ttl=60))


def test_a_quote_of_what_was_sent_is_told_with_its_distance() -> None:
    fact = icmp_quote(unanswered({}))
    assert fact.answer is Quoted.AS_SENT
    assert "6 hops" in fact.says


def test_another_number_of_the_same_packet_was_rewritten_before_the_router() -> None:
    fact = icmp_quote(unanswered({"seq": 77_000_000}, identification=IDENTIFICATION))
    assert fact.answer is Quoted.OTHER_NUMBER
    assert ROUTER in fact.says
    assert "77000000" in fact.says


@pytest.mark.parametrize("identification", [0, 9999])
def test_a_number_that_was_never_sent_settles_nothing(identification: int) -> None:
    subject = unanswered({"seq": 77_000_000}, identification=identification)
    assert icmp_quote(subject).answer is Quoted.NEVER_SENT
    said = icmp_there(subject)
    assert (said.answer, said.sure, said.settles) == (Said.NO_HOST, False, False)


def test_an_error_that_quotes_what_was_sent_settles_what_it_says() -> None:
    said = icmp_there(unanswered({}))
    assert (said.sure, said.settles) == (True, True)


def test_who_does_not_stand_beside_the_sender_cannot_tell_what_was_never_sent() -> None:
    assert isinstance(icmp_quote(unanswered({"seq": 77_000_000}, vantage="tap")).answer, Unknown)


def test_a_quoted_syn_shows_the_segment_size_that_the_router_got() -> None:
    fact = icmp_quote(unanswered({"options": [p.mss(1360)]}))
    assert fact.answer is Quoted.OTHER_MSS
    assert "1360" in fact.says


def test_a_short_quote_says_nothing_of_the_segment_size() -> None:
    assert icmp_quote(unanswered({"options": [p.mss(1360)]}, kept=28)).answer is Quoted.AS_SENT


def test_a_translator_that_leaves_its_own_address_in_the_quote_is_told() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S")
    segment = p.tcp(talk.client.port, talk.server.port, seq=talk.isn["there"], flags="S")
    quoted = p.ipv4("203.0.113.7", SERVER.address, segment, ttl=58)
    network.record("client", 30, p.ethernet(p.icmp_error(ROUTER, CLIENT.address, quoted, kind=3, code=1, ttl=60)))
    network.idle(20_000)
    fact = icmp_quote(network.subject())
    assert fact.answer is Quoted.OTHER_ADDRESS
    assert "quotes a packet of 203.0.113.7" in fact.says


def test_without_an_error_there_is_nothing_to_compare() -> None:
    fact = icmp_quote(unanswered())
    assert isinstance(fact.answer, Unknown)
    assert fact.closed


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(0, 5000))
def test_any_number_within_what_was_sent_is_known_wherever_the_numbers_begin(isn: int, offset: int) -> None:
    network = Network("client")
    talk = network.talk()
    talk.isn["there"] = isn
    talk.handshake()
    for ms in RTO:
        talk.there(ms, "PA", 4999, seq=1, lost="client")
    frame = error(talk, {"seq": (isn + offset) % 2**32, "flags": "A"}, identification=0, kept=28)
    network.record("client", 900, frame)
    network.idle(20_000)
    assert icmp_quote(network.subject()).answer is Quoted.AS_SENT
