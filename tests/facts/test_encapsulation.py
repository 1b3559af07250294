from collections.abc import Callable
from dataclasses import replace

from bothways.facts.encapsulation import CARRIED_IN, Carrier, carried_in
from bothways.facts.fact import Fact
from bothways.unknown import Unknown
from tests.helpers import encapsulated as e
from tests.helpers import packets as p
from tests.helpers.network import Network, half_open

OUTER = ("198.51.100.1", "203.0.113.9")


def fact(vantage: str, wrap: Callable[[bytes], bytes], *, every: int = 1) -> Fact:
    """What is said where a vantage saw its frames (or every so many of them) wrapped."""
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    network.frames[vantage] = [
        replace(packet, frame=packet.frame if at % every else wrap(packet.frame))
        for at, packet in enumerate(network.frames[vantage])
    ]
    return carried_in(network.subject())


def vxlan(frame: bytes) -> bytes:
    return p.ethernet(e.vxlan(OUTER, frame))


def test_what_no_tunnel_carried_is_plain() -> None:
    said = fact("client", lambda frame: frame)
    assert said.answer is Carrier.PLAIN
    assert "none of the" in said.says
    assert {cite.file for cite in said.cites} == {"client.pcap", "server.pcap"}


def test_a_vlan_is_no_tunnel() -> None:
    assert fact("client", lambda frame: frame[:12] + b"\x81\0\0\x0c" + frame[12:]).answer is Carrier.PLAIN


def test_a_tunnel_at_one_observer_is_said_with_its_ends_and_place() -> None:
    said = fact("server", vxlan)
    assert said.answer is Carrier.MIXED
    assert "vxlan 42 198.51.100.1 > 203.0.113.9 at server" in said.says
    assert {cite.file for cite in said.cites} == {"server.pcap"}


def test_a_connection_in_a_tunnel_everywhere_is_tunnelled() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    network.frames["client"] = [replace(packet, frame=vxlan(packet.frame)) for packet in network.frames["client"]]
    said = carried_in(network.subject())
    assert said.answer is Carrier.TUNNELLED
    assert "all of the 2 ways seen" in said.says


def test_one_way_in_a_tunnel_and_the_other_not_is_mixed() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    network.frames["client"] = [
        replace(
            packet,
            frame=vxlan(packet.frame) if packet.frame[14 + 12 : 14 + 16] == bytes([10, 0, 0, 1]) else packet.frame,
        )
        for packet in network.frames["client"]
    ]
    said = carried_in(network.subject())
    assert said.answer is Carrier.MIXED
    assert "1 of the 2 ways seen" in said.says


def test_no_capture_no_answer() -> None:
    assert isinstance(carried_in(Network("client").subject()).answer, Unknown)


def test_it_never_settles_anything() -> None:
    assert not CARRIED_IN.decisive
