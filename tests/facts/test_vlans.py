"""VLAN tags at two observers."""

import pytest

from bothways.facts.vlans import Tags, vlans_rewritten
from tests.helpers import packets as p
from tests.helpers.network import Network, half_open


def tagged(network: Network, vantage: str, number: int) -> None:
    """What *vantage* recorded, with a tag of 802.1Q."""
    network.frames[vantage] = [
        p.Packet(at=one.at, frame=one.frame[:12] + b"\x81\x00" + number.to_bytes(2) + one.frame[12:])
        for one in network.frames[vantage]
    ]


@pytest.mark.parametrize(
    ("client", "server", "answer", "says"),
    [
        (0, 0, Tags.SAME, "no VLAN tag at both client and server"),
        (12, 12, Tags.SAME, "vlan 12 at both client and server"),
        (12, 300, Tags.CHANGED, "vlan 12 at client, vlan 300 at server"),
        (12, 0, Tags.ONE_SIDE, "vlan 12 at client, no VLAN tag at server"),
    ],
)
def test_tags_are_compared_between_the_ends(client: int, server: int, answer: Tags, says: str) -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    for vantage, number in (("client", client), ("server", server)):
        if number:
            tagged(network, vantage, number)
    fact = vlans_rewritten(network.subject())
    assert (fact.answer, fact.says) == (answer, says)
    assert [cite.file for cite in fact.cites] == ["client.pcap", "server.pcap"]
    assert not fact.settles


def test_one_observer_has_nothing_to_compare() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    assert not vlans_rewritten(network.subject()).known
