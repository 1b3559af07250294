from dataclasses import replace
from ipaddress import IPv4Address

from bothways.evidence.endpoint import Endpoint
from bothways.facts.distance import ROUTERS_EACH_WAY, Counts, routers_each_way
from bothways.unknown import Unknown
from tests.helpers.network import SERVER, Network, half_open, worked

TTL = 14 + 8
"""Where an IPv4 packet in a plain Ethernet frame has it."""


def arrives(network: Network, vantage: str, source: str, *, ttl: int) -> None:
    """All that *source* sent arrives at *vantage* with another TTL than the script says."""
    for number, packet in enumerate(network.frames[vantage]):
        frame = packet.frame
        if frame[26:30] == IPv4Address(source).packed:
            network.frames[vantage][number] = replace(packet, frame=frame[:TTL] + bytes((ttl,)) + frame[TTL + 1 :])


def goes_around(network: Network) -> None:
    """A failing connection whose way back has two routers, and the way there six."""
    other = Network("client", "server")
    half_open(other.talk(port=50_000), last="client")
    arrives(other, "client", SERVER.address, ttl=62)
    for vantage, frames in other.frames.items():
        network.frames[vantage] += frames


def test_equal_counts_are_equal() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    fact = routers_each_way(network.subject())
    assert fact.answer is Counts.EQUAL
    assert "6 routers there and 6 back" in fact.says


def test_another_count_back_is_unequal() -> None:
    network = Network("client", "server")
    goes_around(network)
    fact = routers_each_way(network.subject())
    assert fact.answer is Counts.UNEQUAL
    assert "6 routers there and 2 back" in fact.says


def test_only_the_connections_that_fail_are_counted() -> None:
    network = Network("client", "server")
    for number in range(4):
        worked(network.talk(start=-50_000 + number * 5_000))
    goes_around(network)
    assert routers_each_way(network.subject()).answer is Counts.UNEQUAL


def test_packets_that_are_sent_anew_on_the_way_count_no_routers() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    arrives(network, "client", SERVER.address, ttl=128)
    assert "sends them anew" in getattr(routers_each_way(network.subject()).answer, "why", "")


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
