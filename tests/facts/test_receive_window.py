import pytest

from bothways.connections.outcome import Outcome
from bothways.facts.receive_window import Room, receive_window
from bothways.unknown import Unknown
from tests.helpers.network import Network

PROBES = (300, 700, 1500, 3100, 6300)


def upload(network: Network, *, reopens: bool = False) -> None:
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 1000)
    talk.back(61, "A", window=0)
    for ms in PROBES:
        talk.there(ms, "A", seq=1000)
        talk.back(ms + 20, "A", window=0)
    if reopens:
        talk.back(6400, "A", window=5000)
        talk.there(6420, "PA", 1000)
        talk.back(6440, "PA", 100)
        talk.there(6460, "A")
        talk.closes(6500)


@pytest.mark.parametrize("vantage", ["client", "server", "tap"])
def test_a_server_that_does_not_read_is_seen_from_everywhere(vantage: str) -> None:
    network = Network(vantage)
    upload(network)
    assert network.exchange().outcome is Outcome.WINDOW_CLOSED
    fact = receive_window(network.subject())
    assert fact.answer is Room.SERVER_CLOSED
    assert "5 times more" in fact.says


def test_a_client_that_does_not_read_closes_its_own() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(61, "PA", 1000)
    talk.there(81, "A", window=0)
    for ms in PROBES:
        talk.back(ms, "A", seq=1000)
        talk.there(ms + 20, "A", window=0)
    talk.there(9000, "RA", window=0)
    assert receive_window(network.subject()).answer is Room.CLIENT_CLOSED


def test_a_window_that_opens_again_in_time_is_no_failure() -> None:
    network = Network("client")
    upload(network, reopens=True)
    assert network.exchange().outcome is Outcome.WORKED


def test_a_window_of_nought_at_the_end_alone_is_none_either() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 1000)
    talk.back(61, "PA", 300)
    talk.there(81, "A", window=0)
    network.idle(9000)
    assert network.exchange().outcome is Outcome.WORKED


def test_an_open_window_is_open_and_without_a_handshake_it_is_not_told() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(61, "A")
    network.idle(9000)
    assert receive_window(network.subject()).answer is Room.OPEN
    assert isinstance(receive_window(Network("client").subject()).answer, Unknown)
