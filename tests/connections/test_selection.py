from bothways.connections.selection import select
from bothways.evidence.case import Role
from tests.helpers.diagnoses import survey
from tests.helpers.network import Network, half_open, worked


def test_the_same_connections_are_chosen_from_every_capture() -> None:
    network = Network("client", "server")
    for number in range(5):
        half_open(network.talk(start=number * 50), last="client")
    captures = network.captures()
    chosen = select([(capture.survey, capture.role) for capture in captures])
    ports = [{choice.opener.port for choice in chosen[f"{vantage}.pcap"]} for vantage in ("client", "server")]
    assert ports[0] == ports[1]
    assert len(ports[0]) == 3


def test_each_use_of_the_same_ports_is_chosen_with_its_own_frames() -> None:
    network = Network("client")
    worked(network.talk(port=40_000))
    half_open(network.talk(port=40_000, start=60_000), last="client")
    chosen = select([(capture.survey, capture.role) for capture in network.captures()])["client.pcap"]
    first, second = sorted(chosen, key=lambda choice: choice.first_number)
    assert first.last_number < second.first_number


def test_a_capture_without_connections_gives_nothing_to_extract() -> None:
    assert select([(survey(), Role())]) == {"client.pcap": ()}
