from bothways.connections.crowd import Crowd, crowd
from bothways.connections.outcome import Outcome
from tests.helpers.network import Network, half_open, worked


def _mixed() -> Crowd:
    network = Network("client")
    for number in range(4):
        half_open(network.talk(start=number * 100_000, port=40_000 + number % 2), last="client")
    worked(network.talk(start=500_000, port=40_000))
    network.idle(600_000)
    return crowd(network.exchanges())


def test_parts_keep_the_order_of_the_whole_and_hold_all_that_belongs_to_them() -> None:
    connections = _mixed()
    assert connections.worked == tuple(one for one in connections if one.outcome is Outcome.WORKED)
    assert connections.failed == sum(one.outcome.failed for one in connections) == 4
    assert sum(connections.by_outcome.values(), ()) != ()
    assert connections.captured == tuple(one for one in connections if one.has_packets)
    assert connections.by_client_port[40_000] == tuple(one for one in connections if one.client.port == 40_000)
    assert connections.tried_again == (connections.by_client_port[40_000], connections.by_client_port[40_001])
    (shown,) = connections.seen_by.values()
    assert [exchange for exchange, _ in shown] == list(connections)


def test_a_crowd_stays_what_it_is() -> None:
    connections = _mixed()
    assert crowd(connections) is connections
    assert crowd(tuple(connections)) == connections
