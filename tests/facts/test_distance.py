from dataclasses import replace

from bothways.evidence.endpoint import Endpoint
from bothways.facts.distance import ROUTERS_EACH_WAY, Counts, routers_each_way
from bothways.unknown import Unknown
from tests.helpers.network import Network, half_open


def test_equal_counts_are_equal() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    fact = routers_each_way(network.subject())
    assert fact.answer is Counts.EQUAL
    assert "6 routers there and 6 back" in fact.says


def test_another_count_back_is_unequal() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    client, server = network.subject().observers
    subject = network.subject(observers=(replace(client, routers_back=4), server))
    assert routers_each_way(subject).answer is Counts.UNEQUAL


def test_it_never_settles_anything() -> None:
    assert not ROUTERS_EACH_WAY.decisive
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    assert not routers_each_way(network.subject()).settles


def test_it_takes_both_ends_and_packets_of_both() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    assert isinstance(routers_each_way(network.subject()).answer, Unknown)
    lonely = Network("client", "server")
    talk = lonely.talk()
    for ms in (0, 1000, 3000):
        talk.there(ms, "S")
    assert "no packet of the other" in getattr(routers_each_way(lonely.subject()).answer, "why", "")


def test_packets_of_other_hosts_tell_nothing_of_this_way() -> None:
    network, elsewhere = Network("client", "server"), Network("client", "server")
    half_open(network.talk(), last="client")
    talk = elsewhere.talk(server=Endpoint("198.51.100.9", 443), client="172.16.0.9")
    talk.isn = {"there": 3_000_000_000, "back": 2_000_000_000}
    half_open(talk, last="client")
    network.frames["server"] = elsewhere.frames["server"]
    assert "other hosts" in getattr(routers_each_way(network.subject()).answer, "why", "")
