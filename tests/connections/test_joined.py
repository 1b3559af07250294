import pytest

from bothways.connections.joined import join_captures
from tests.helpers.network import Network, half_open, worked


def _network() -> Network:
    network = Network("client", "server")
    for number in range(6):
        half_open(network.talk(start=number * 50), last="client")
    worked(network.talk(start=20_000))
    network.idle(40_000)
    return network


def test_packets_come_to_the_connections_that_were_joined_without_them() -> None:
    captures = _network().captures()
    joined = join_captures([(capture.survey, capture.role) for capture in captures])
    assert not any(exchange.has_packets for exchange in joined.exchanges)
    together = joined.with_packets(captures)
    extracted = {item.number for item in captures[0].packets}
    assert [exchange.has_packets for exchange in together] == [
        exchange.seen[0].sides.row.number in extracted for exchange in joined.exchanges
    ]
    assert [exchange.outcome for exchange in together] == [exchange.outcome for exchange in joined.exchanges]


def test_in_which_order_captures_are_given_decides_nothing() -> None:
    captures = [(capture.survey, capture.role) for capture in _network().captures()]
    assert join_captures(captures) == join_captures(captures[::-1])


def test_packets_of_other_captures_are_refused() -> None:
    joined = join_captures([(capture.survey, capture.role) for capture in _network().captures()])
    with pytest.raises(ValueError, match="not the captures"):
        joined.with_packets(_network().captures())
