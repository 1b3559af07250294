from bothways.connections.joined import join_captures
from bothways.connections.selection import select
from bothways.connections.window import AfterStart, Span
from bothways.evidence.case import Role
from bothways.evidence.endpoint import Endpoint
from bothways.units import SECOND, Duration
from tests.helpers.diagnoses import survey
from tests.helpers.network import RTO, SERVER, Network, half_open, worked
from tests.helpers.packets import client_hello


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


def chosen_alone(network: Network) -> set[Endpoint]:
    """The servers of whose connections packets are fetched where there is no other evidence."""
    joined = join_captures([(capture.survey, capture.role) for capture in network.captures()])
    return {choice.other for chosen in select(joined, alone=True).values() for choice in chosen}


def test_of_one_capture_alone_no_packets_are_fetched_of_what_is_well_and_compared_with_nothing() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    beside, elsewhere = SERVER._replace(port=8443), Endpoint("192.0.2.77", 443)
    for number, server in enumerate((beside, elsewhere)):
        worked(network.talk(server=server, start=1000 + number * 1000))
    assert chosen_alone(network) == {SERVER, beside}


def test_what_shares_the_name_of_a_failing_target_is_compared_with_it() -> None:
    network = Network("client")
    elsewhere = Endpoint("192.0.2.77", 443)
    for server in (SERVER, elsewhere):
        talk = network.talk(server=server)
        talk.handshake()
        for ms in RTO if server == SERVER else RTO[:1]:
            talk.there(ms, "PA", content=client_hello("www.example"), seq=1)
        if server == elsewhere:
            talk.back(1100, "PA", 100)
            talk.there(1120, "A")
            talk.closes(1130)
    network.idle(90_000)
    assert chosen_alone(network) == {SERVER, elsewhere}


def test_several_captures_are_compared_by_what_works_as_well() -> None:
    network = Network("client", "server")
    worked(network.talk())
    assert chosen_alone(network) == {SERVER}
