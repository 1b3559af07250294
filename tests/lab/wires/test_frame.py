"""Which frames chance may touch, and how a tag is put on."""

import pytest

from bothways.lab.wires.frame import is_exposed, tagged
from bothways.wire.link import ETHERNET, parse_link
from tests.helpers.packets import ethernet, ipv4, ipv6

V4 = ipv4("10.0.0.1", "10.0.0.2", b"x", protocol=17)
ECHO, SOLICITATION, ADVERTISEMENT = (
    ipv6("fe80::1", "fe80::2", bytes([kind, *[0] * 23]), protocol=58) for kind in (128, 135, 136)
)
TCP_LIKE_DISCOVERY = ipv6("fd00::1", "fd00::2", bytes([135, *[0] * 23]), protocol=6)


@pytest.mark.parametrize("vlans", [(), [(0x8100, 7)]], ids=["untagged", "tagged"])
@pytest.mark.parametrize("packet", [V4, ECHO, TCP_LIKE_DISCOVERY], ids=["ipv4", "ping", "tcp"])
def test_packets_to_one_receiver_take_their_chance(packet: bytes, vlans: list[tuple[int, int]]) -> None:
    assert is_exposed(ethernet(packet, vlans=vlans))


@pytest.mark.parametrize("vlans", [(), [(0x8100, 7)]], ids=["untagged", "tagged"])
@pytest.mark.parametrize("packet", [SOLICITATION, ADVERTISEMENT], ids=["solicitation", "advertisement"])
def test_neighbour_discovery_does_not(packet: bytes, vlans: list[tuple[int, int]]) -> None:
    assert not is_exposed(ethernet(packet, vlans=vlans))


def test_arp_and_what_goes_to_many_do_not() -> None:
    assert not is_exposed(ethernet(bytes(28), protocol=0x0806))
    assert not is_exposed(ethernet(V4, destination=bytes.fromhex("01005e000001")))
    assert not is_exposed(ethernet(V4, destination=b"\xff" * 6))


def test_a_packet_that_ends_early_takes_its_chance() -> None:
    assert is_exposed(ethernet(SOLICITATION, padded=False)[:50])


def test_a_tag_stands_behind_the_addresses() -> None:
    frame = ethernet(V4)
    assert tagged(frame, 7) == ethernet(V4, vlans=[(0x8100, 7)], padded=False).ljust(64, b"\0")
    link = parse_link(ETHERNET, tagged(frame, 0x6007))
    assert link is not None
    assert link.protocol == 0x0800
