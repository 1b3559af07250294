from bothways.facts.fact import Fact
from bothways.facts.side_by_side import Meanwhile, lost_beside
from bothways.unknown import Unknown
from tests.helpers.network import Network

TRIES = (41, 250, 670, 1500, 3200)


def good(network: Network, start: float) -> None:
    """A request in ten parts, each acknowledged."""
    talk = network.talk(start=start)
    talk.handshake()
    for number in range(10):
        talk.there(50 + 100 * number, "PA", 100, seq=1 + 100 * number)
        talk.back(70 + 100 * number, "A", ack=101 + 100 * number)
    talk.closes(1200)


def bad(network: Network, start: float) -> None:
    """The SYN passes, and nothing else that the client sends."""
    talk = network.talk(start=start)
    talk.there(0, "S")
    talk.back(20, "SA")
    for ms in TRIES:
        talk.there(ms, "PA", 100, seq=1, lost="client")


def measured(network: Network) -> Fact:
    network.idle(60_000)
    return lost_beside(network.subject(connections=network.exchanges()))


def test_what_arrives_between_lost_packets_of_others_shows_that_no_moment_decides() -> None:
    network = Network("client", "server")
    for start in (0, 500):
        bad(network, start)
        good(network, start + 100)
    fact = measured(network)
    assert fact.answer is Meanwhile.SIDE_BY_SIDE
    assert fact.cites


def test_a_fault_that_begins_is_met_in_turn() -> None:
    network = Network("client", "server")
    for start in (0, 1500):
        good(network, start)
        bad(network, start + 10_000)
    assert measured(network).answer is Meanwhile.IN_TURN


def test_one_connection_of_each_sort_is_too_few() -> None:
    network = Network("client", "server")
    bad(network, 0)
    good(network, 100)
    good(network, 5000)
    assert measured(network).answer is Meanwhile.IN_TURN


def test_without_a_connection_that_loses_everything_there_is_nothing_to_compare() -> None:
    network = Network("client", "server")
    good(network, 0)
    good(network, 100)
    assert isinstance(measured(network).answer, Unknown)
