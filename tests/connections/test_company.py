"""What an observer looks like beside the others."""

import pytest

from bothways.connections.clock import clock_offset
from bothways.connections.company import Company, Meets, company_of
from bothways.connections.rewriting import Side
from bothways.evidence.endpoint import Endpoint
from tests.helpers.network import Network, half_open, worked

ELSEWHERE = Endpoint("198.51.100.9", 443)


def beside(network: Network, vantage: str, *others: Network) -> Company:
    """How the observer at *vantage* compares; *others* lend their frames to it."""
    for other in others:
        network.frames[vantage] = other.frames[vantage]
    observers = network.observers_as_joined()
    exchanges = network.exchanges()
    this = next(observer for observer in observers if observer.vantage == vantage)
    return company_of(this, observers, exchanges, clock_offset(exchanges, observers[0].vantage, vantage))


def seen_by_both(**clocks: float) -> Network:
    network = Network("client", "server", clocks=clocks)
    worked(network.talk())
    return network


def stranger(start: float = 0) -> Network:
    network = Network("client", "server")
    network.identification = 5000
    talk = network.talk(server=ELSEWHERE, client="172.16.0.9", start=start)
    talk.isn = {"there": 3_000_000_000, "back": 2_000_000_000}
    worked(talk)
    return network


def test_who_saw_the_same_connection_shares() -> None:
    assert beside(seen_by_both(), "server") == Company()


def test_a_single_observer_has_nobody_to_differ_from() -> None:
    network = Network("client")
    worked(network.talk())
    assert beside(network, "client").meets is Meets.SHARED


def test_a_capture_of_other_hosts_at_the_same_time_is_a_strangers() -> None:
    assert beside(seen_by_both(), "server", stranger()).meets is Meets.STRANGERS


def test_the_capture_that_shows_the_failure_is_not_the_stranger() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    other = stranger()
    assert beside(network, "server", other).meets is Meets.STRANGERS
    assert beside(network, "client").meets is Meets.SHARED


def test_a_capture_of_other_hosts_at_another_time_is_said_to_be_that() -> None:
    assert beside(seen_by_both(), "server", stranger(start=3_600_000)).meets is Meets.ANOTHER_TIME


def test_who_saw_another_connection_of_the_same_hosts_stood_where_this_one_was_lost() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    network.talk(port=50_001).there(9000, "S", lost="client")
    assert beside(network, "server").meets is Meets.SHARED


def test_clocks_are_compared_with_the_first_observers() -> None:
    assert beside(seen_by_both(server=20), "server").clock == ""
    assert "3 min 7 s" in beside(seen_by_both(server=187_000), "server").clock


@pytest.mark.parametrize(("vantage", "side"), [("client", Side.BEFORE), ("server", Side.AFTER)])
def test_the_side_of_a_translation_is_known(vantage: str, side: Side) -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.translated["server"] = Endpoint("203.0.113.77", 1234)
    worked(talk)
    assert beside(network, vantage).translation is side
