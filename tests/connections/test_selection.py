from bothways.connections.joined import join_captures
from bothways.connections.selection import select
from bothways.connections.window import AfterStart, Span
from bothways.evidence.case import Role
from bothways.units import SECOND, Duration
from tests.helpers.diagnoses import survey
from tests.helpers.network import Network, half_open, worked


def test_the_same_connections_are_chosen_from_every_capture() -> None:
    network = Network("client", "server")
    for number in range(5):
        half_open(network.talk(start=number * 50), last="client")
    captures = network.captures()
    chosen = select(join_captures([(capture.survey, capture.role) for capture in captures]))
    ports = [{choice.opener.port for choice in chosen[f"{vantage}.pcap"]} for vantage in ("client", "server")]
    assert ports[0] == ports[1]
    assert len(ports[0]) == 3


def test_each_use_of_the_same_ports_is_chosen_with_its_own_frames() -> None:
    network = Network("client")
    worked(network.talk(port=40_000))
    half_open(network.talk(port=40_000, start=60_000), last="client")
    chosen = select(join_captures([(capture.survey, capture.role) for capture in network.captures()]))["client.pcap"]
    first, second = sorted(chosen, key=lambda choice: choice.first_number)
    assert first.last_number < second.first_number


def test_a_capture_without_connections_gives_nothing_to_extract() -> None:
    assert select(join_captures([(survey(), Role())])) == {"client.pcap": ()}


def test_packets_are_fetched_of_what_began_in_the_window() -> None:
    network = Network("client", "server", clocks={"server": 90_000})
    for number in range(10):
        half_open(network.talk(start=number * 10_000), last="client")
    span = Span(since=AfterStart(duration=Duration(65 * SECOND)), until=AfterStart(duration=Duration(85 * SECOND)))
    captures = [(capture.survey, capture.role) for capture in network.captures()]
    for chosen in select(join_captures(captures), span).values():
        assert [choice.opener.port for choice in chosen] == [40_007, 40_008]
