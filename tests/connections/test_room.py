"""Whose packets are held where there is not room for all."""

from bothways.connections.exchange import Exchange
from bothways.connections.joined import join_captures
from bothways.connections.room import Room, packets_of
from bothways.connections.selection import select
from tests.helpers.network import Network, half_open, worked


def exchanges(network: Network) -> tuple[Exchange, ...]:
    return join_captures([(capture.survey, capture.role) for capture in network.captures()]).exchanges


def two_of_different_length(*vantages: str) -> Network:
    network = Network(*vantages)
    worked(network.talk(port=40_000))
    half_open(network.talk(port=40_001, start=60_000), last="client")
    return network


def test_where_there_is_room_all_are_admitted_and_nothing_is_said() -> None:
    every, room = list(exchanges(two_of_different_length("client"))), Room()
    assert room.admit(every) == every
    assert not room.problems("client.pcap")


def test_the_longest_goes_and_is_told_wherever_it_was_seen() -> None:
    every = exchanges(two_of_different_length("client", "server"))
    longest, shortest = sorted(every, key=packets_of, reverse=True)
    room = Room(packets_of(shortest))
    assert room.admit(every) == [shortest]
    for seen in longest.seen:
        (problem,) = room.problems(seen.observer.file)
        count = seen.sides.there.packets + seen.sides.back.packets
        assert problem.says.startswith(f"the {count} packets of one connection were counted and not looked at one")
    assert not room.problems("elsewhere.pcap")


def test_copies_take_room_as_well() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    (once,) = map(packets_of, exchanges(network))
    network.frames["client"] = [frame for frame in network.frames["client"] for _ in range(3)]
    (thrice,) = map(packets_of, exchanges(network))
    assert thrice == 3 * once


def test_nothing_is_fetched_of_what_does_not_fit() -> None:
    network = two_of_different_length("client")
    joined = join_captures([(capture.survey, capture.role) for capture in network.captures()])
    room = Room(0)
    assert select(joined, room=room) == {"client.pcap": ()}
    assert "of 2 connections" in room.problems("client.pcap")[0].says
