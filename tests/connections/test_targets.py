import pytest

from bothways.connections.targets import EXEMPLARS, by_signature, by_target
from bothways.evidence.endpoint import Endpoint
from bothways.wire.address import network_of
from tests.helpers.network import RTO, SERVER, Network, half_open, worked
from tests.helpers.packets import client_hello


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.1.2.3", "10.1.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("no address", "no address"),
    ],
)
def test_clients_are_counted_by_their_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_target_is_server_port_and_network_of_the_clients() -> None:
    network = Network("client")
    worked(network.talk())
    worked(network.talk(client="10.0.0.9"))
    worked(network.talk(client="10.0.7.1"))
    worked(network.talk(server=Endpoint("192.0.2.2", 80)))
    groups = by_target(network.exchanges())
    assert sorted((key.server.port, key.network, len(members)) for key, members in groups.items()) == [
        (80, "10.0.0.0/24", 1),
        (443, "10.0.0.0/24", 2),
        (443, "10.0.7.0/24", 1),
    ]


def test_a_connection_that_died_before_it_said_a_name_counts_to_the_usual_one() -> None:
    network = Network("client")
    for number, name in enumerate(("a.example", "a.example", "b.example")):
        talk = network.talk(start=number * 10_000)
        talk.handshake()
        for ms in RTO:
            talk.there(ms, "PA", content=client_hello(name), seq=1)
    half_open(network.talk(), last="client", size=0)
    counted = {key.name: len(members) for key, members in by_target(network.exchanges()).items()}
    assert counted == {"a.example": 3, "b.example": 1}


def test_where_nobody_says_a_name_it_is_empty() -> None:
    network = Network("client")
    worked(network.talk())
    (key,) = by_target(network.exchanges())
    assert (key.server, key.name) == (SERVER, "")


def test_connections_that_went_alike_are_one_group_the_most_frequent_first() -> None:
    network = Network("client")
    worked(network.talk())
    for number in range(3):
        half_open(network.talk(start=number * 100), last="client")
    groups = by_signature(network.exchanges())
    assert [len(members) for members in groups.values()] == [3, 1]


def test_a_few_exemplars_of_each_group_are_chosen_at_every_observer() -> None:
    network = Network("client", "server")
    for number in range(EXEMPLARS + 2):
        half_open(network.talk(start=number * 100), last="client")
    worked(network.talk(start=30_000))
    for capture in network.captures():
        assert len(capture.packets) == EXEMPLARS + 1
    chosen = {frozenset(item.number for item in capture.packets) for capture in network.captures()}
    assert len(chosen) == 1
