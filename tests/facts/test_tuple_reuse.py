from bothways.facts.tuple_reuse import Reuse, tuple_reuse
from tests.helpers.network import SYNS, Network, Talk


def fails(talk: Talk) -> None:
    for ms in SYNS:
        talk.there(ms, "S", lost="client")


def used(talk: Talk) -> None:
    talk.handshake()
    talk.there(41, "PA", 200)
    talk.back(80, "PA", 300)
    talk.there(100, "A")


def test_a_connection_of_the_same_ports_that_nobody_closed_is_left_open() -> None:
    network = Network("client")
    used(network.talk(port=50_000))
    fails(network.talk(port=50_000, start=20_000))
    fact = tuple_reuse(network.subject())
    assert fact.answer is Reuse.LEFT_OPEN
    assert "20 s" in fact.says


def test_one_that_both_ends_closed_is_closed() -> None:
    network = Network("client")
    talk = network.talk(port=50_000)
    used(talk)
    talk.closes(200)
    fails(network.talk(port=50_000, start=20_000))
    assert tuple_reuse(network.subject()).answer is Reuse.CLOSED


def test_another_port_is_fresh_and_settles_nothing() -> None:
    network = Network("client")
    used(network.talk(port=50_001))
    fails(network.talk(port=50_000, start=20_000))
    fact = tuple_reuse(network.subject())
    assert fact.answer is Reuse.FRESH
    assert not fact.settles
