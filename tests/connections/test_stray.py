from collections.abc import Sequence

from bothways.connections.background import Background, sort_out
from bothways.connections.outcome import Outcome
from bothways.connections.stray import WATCHED
from bothways.evidence.endpoint import Endpoint
from tests.helpers.network import Network, worked

ELSEWHERE = Endpoint("203.0.113.50", 80)
LATER = 300_000


def busy(*vantages: str, count: int = WATCHED) -> Network:
    """Observers that show many whole handshakes."""
    network = Network(*vantages)
    for number in range(count):
        worked(network.talk(start=number * 1000))
    return network


def kinds(network: Network) -> Sequence[Background | None]:
    """Of the connections to the strange server."""
    exchanges = network.exchanges()
    found = sort_out(exchanges, names={}).kinds
    return [kind for kind, exchange in zip(found, exchanges, strict=True) if exchange.server == ELSEWHERE]


def backscatter(network: Network, flags: str = "SA", *, times: int = 1, answered: bool = False) -> None:
    talk = network.talk(server=ELSEWHERE, start=LATER)
    for number in range(times):
        talk.back(number * 1000, flags, seq=0, ack=1)
        if answered:
            talk.there(number * 1000 + 1, "R", seq=1)
    network.idle(LATER + 60_000)


def test_a_host_that_resets_what_it_never_asked_for_received_a_stray_answer() -> None:
    network = Network("client")
    backscatter(network, answered=True)
    assert kinds(network) == [Background.STRAY]


def test_a_server_that_goes_on_after_the_reset_never_got_it_and_may_have_been_asked_before() -> None:
    network = Network("client")
    backscatter(network, times=3, answered=True)
    assert kinds(network) == [None]
    assert network.exchanges()[-1].outcome is Outcome.HALF_OPEN


def test_resets_to_a_host_that_opened_nothing_are_stray() -> None:
    network = busy("client")
    backscatter(network, "R")
    assert kinds(network) == [Background.STRAY]


def test_syn_acks_that_nobody_asked_for_are_stray_beside_the_host_that_did_not_ask() -> None:
    network = busy("client")
    backscatter(network, times=4)
    assert kinds(network) == [Background.STRAY]


def test_on_the_path_they_may_be_half_of_a_connection_and_are_judged() -> None:
    network = busy("tap")
    backscatter(network, times=4)
    assert kinds(network) == [None]
    assert network.exchanges()[-1].outcome is Outcome.HALF_OPEN


def test_beside_the_server_they_are_a_connection_whose_syn_was_missed() -> None:
    network = busy("server")
    backscatter(network, times=4)
    assert kinds(network) == [None]


def test_an_observer_of_few_connections_has_not_shown_that_it_misses_none() -> None:
    network = busy("client", count=WATCHED - 1)
    backscatter(network, "R")
    assert kinds(network) == [None]
    assert network.exchanges()[-1].outcome is Outcome.CENSORED


def test_an_observer_that_missed_part_of_another_handshake_may_have_missed_a_whole_syn() -> None:
    network = busy("client", count=WATCHED + 5)
    torn = network.talk(start=100_000)
    torn.back(20, "SA", seq=0, ack=1)
    torn.there(40, "A", seq=1)
    torn.there(41, "PA", 100)
    torn.back(70, "PA", 300)
    backscatter(network, "R")
    assert kinds(network) == [None]


def test_a_handshake_that_the_captures_start_cut_in_two_was_not_missed() -> None:
    network = Network("client")
    torn = network.talk()
    torn.back(20, "SA", seq=0, ack=1)
    torn.there(40, "A", seq=1)
    torn.there(41, "PA", 100)
    torn.back(70, "PA", 300)
    for number in range(WATCHED):
        worked(network.talk(start=5000 + number * 1000))
    backscatter(network, "R")
    assert kinds(network) == [Background.STRAY]


def test_what_a_client_opened_is_never_stray() -> None:
    network = busy("client")
    talk = network.talk(server=ELSEWHERE, start=LATER)
    talk.there(0, "S")
    talk.back(20, "RA", seq=0, ack=1)
    assert kinds(network) == [None]
