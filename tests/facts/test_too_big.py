import pytest

from bothways.facts.subject import Subject
from bothways.facts.too_big import Report, too_big
from bothways.unknown import Unknown
from tests.helpers import packets as p
from tests.helpers.network import CLIENT, RTO, SERVER, Network, Talk

ROUTER = "198.51.100.9"


def stuck(*vantages: str, sizes: tuple[int, ...], mtu: int = 1280, came_to: str = "client") -> Network:
    """Data that is never acknowledged; after the first sending a router calls it too big, then *sizes* follow."""
    network = Network(*vantages)
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 1400, seq=1, lost=vantages[-1])
    said(network, talk, mtu, came_to)
    for ms, size in zip(RTO[1:], sizes, strict=False):
        talk.there(ms, "PA", size, seq=1, lost=vantages[-1])
    network.idle(20_000)
    return network


def said(network: Network, talk: Talk, mtu: int, vantage: str) -> None:
    segment = p.tcp(talk.client.port, talk.server.port, seq=talk.isn["there"] + 1, flags="PA", payload=bytes(1400))
    quoted = p.ipv4(CLIENT.address, SERVER.address, segment, ttl=60)
    packet = p.icmp_error(ROUTER, CLIENT.address, quoted, kind=3, code=4, mtu=mtu, ttl=62)
    network.record(vantage, 60, p.ethernet(packet))


def of(network: Network) -> Subject:
    return network.subject()


def test_who_goes_on_sending_what_is_too_large_ignores_the_report() -> None:
    fact = too_big(of(stuck("client", sizes=(1400,) * 4)))
    assert fact.answer is Report.IGNORED
    assert ROUTER in fact.says
    assert "1280" in fact.says


def test_who_sends_smaller_packets_from_then_on_heeds_it() -> None:
    assert too_big(of(stuck("client", sizes=(1240,) * 4))).answer is Report.HEEDED


@pytest.mark.parametrize("sizes", [(1400,), (1400, 1240, 1240), (2480, 2480, 2480)])
def test_little_that_was_sent_later_and_what_a_card_cuts_up_leave_it_open(sizes: tuple[int, ...]) -> None:
    assert isinstance(too_big(of(stuck("client", sizes=sizes))).answer, Unknown)


def test_a_report_that_never_came_to_a_capture_with_other_errors_was_lost() -> None:
    network = stuck("client", "firewall-inside", sizes=(1400,) * 4, came_to="firewall-inside")
    assert isinstance(too_big(of(network)).answer, Unknown)
    other = network.talk(start=30_000)
    other.there(0, "S")
    other.error(20)
    network.idle(60_000)
    fact = too_big(of(network))
    assert (fact.answer, fact.sure) == (Report.LOST, False)


def test_without_a_report_there_is_no_question() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    for ms in RTO:
        talk.there(ms, "PA", 1400, seq=1, lost="client")
    network.idle(20_000)
    assert too_big(network.subject()).closed
