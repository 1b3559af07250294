import pytest

from bothways.evidence.endpoint import Endpoint
from bothways.facts.icmp_errors import ICMP_THERE, Reporter, Said, icmp_back, icmp_sender, icmp_there
from bothways.facts.subject import Subject
from bothways.unknown import Unknown
from tests.helpers.network import CLIENT, SERVER, Network

EXCEEDED, UNREACHABLE = 11, 3


def answered(*, kind: int = UNREACHABLE, code: int = 1, reporter: str = "198.51.100.9") -> Subject:
    """A SYN that a router answers with an ICMP error, by the client's capture."""
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S")
    talk.error(20, kind=kind, code=code, reporter=reporter)
    network.idle(9000)
    return network.subject()


@pytest.mark.parametrize(
    ("kind", "code", "answer"),
    [
        (UNREACHABLE, 0, Said.NO_ROUTE),
        (UNREACHABLE, 1, Said.NO_HOST),
        (UNREACHABLE, 3, Said.PROHIBITED),
        (UNREACHABLE, 13, Said.PROHIBITED),
        (EXCEEDED, 0, Said.EXPIRED),
    ],
)
def test_what_a_router_says_of_the_clients_syn(kind: int, code: int, answer: Said) -> None:
    fact = icmp_there(answered(kind=kind, code=code))
    assert fact.answer is answer
    assert "198.51.100.9" in fact.says
    assert fact.cites[0].frame == 2


@pytest.mark.parametrize(
    ("reporter", "answer"),
    [
        (SERVER.address, Reporter.SERVER),
        ("192.0.2.254", Reporter.SERVERS_NETWORK),
        ("198.51.100.9", Reporter.ROUTER),
        (CLIENT.address, Reporter.CLIENT),
    ],
)
def test_who_says_it_is_told_by_the_errors_address(reporter: str, answer: Reporter) -> None:
    assert icmp_sender(answered(reporter=reporter)).answer is answer


def test_nothing_is_said_of_the_other_way() -> None:
    assert isinstance(icmp_back(answered()).answer, Unknown)


def test_a_packet_that_was_too_big_is_no_destination_that_cannot_be_reached() -> None:
    assert icmp_there(answered(code=4)).answer is Said.NONE


def unanswered(network: Network) -> None:
    talk = network.talk()
    for ms in (0, 1000, 3000):
        talk.there(ms, "S")


def test_no_error_is_known_only_where_the_capture_shows_other_errors() -> None:
    network = Network("client")
    unanswered(network)
    network.idle(9000)
    without = icmp_there(network.subject())
    assert isinstance(without.answer, Unknown)
    network.talk(server=Endpoint("192.0.2.77", 443)).there(4000, "S")
    other = network.talk(server=Endpoint("192.0.2.77", 443))
    other.there(5000, "S")
    other.error(5020, kind=EXCEEDED, code=0)
    fact = icmp_there(network.subject())
    assert (fact.kind, fact.answer) == (ICMP_THERE, Said.NONE)
    assert not fact.sure
