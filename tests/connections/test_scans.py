from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bothways.connections.scans import DOORS, SWEEP, scanned
from bothways.evidence.endpoint import Endpoint
from tests.helpers.network import SYNS, Network, Talk, worked

Door = Callable[[int], Endpoint]
How = Callable[[Talk], None]

SCANNER = "198.51.100.7"
HOST = "192.0.2.2"


def port(number: int) -> Endpoint:
    return Endpoint(HOST, 1000 + number)


def neighbour(number: int) -> Endpoint:
    return Endpoint(f"192.0.2.{number + 1}", 22)


def scattered(number: int) -> Endpoint:
    return Endpoint(f"203.{number % 200}.{number // 200}.9", 443)


def silent(talk: Talk) -> None:
    talk.there(0, "S", lost="client")


def refused(talk: Talk) -> None:
    talk.there(0, "S")
    talk.back(20, "RA", seq=0, ack=1)


def half_way(talk: Talk) -> None:
    """A SYN scan that finds a port open."""
    talk.there(0, "S")
    talk.back(20, "SA")
    talk.there(40, "R", seq=1)


def looked_in(talk: Talk) -> None:
    """A connect scan that finds a port open."""
    talk.handshake()
    talk.there(41, "RA")


def insists(talk: Talk) -> None:
    for ms in SYNS:
        talk.there(ms, "S", lost="client")


def half_seen(talk: Talk) -> None:
    """What a capture of SYNs alone shows of any connection."""
    talk.there(0, "S")
    talk.back(20, "SA")


def tried(
    count: int,
    door: Door = port,
    how: How = silent,
    *,
    every: float = 100,
    start: float = 0,
    network: Network | None = None,
) -> Network:
    """The scanner goes from door to door."""
    made = network or Network("client")
    for number in range(count):
        how(made.talk(client=SCANNER, server=door(number), start=start + number * every))
    made.idle(start + count * every + 70_000)
    return made


def share(network: Network) -> float:
    exchanges = network.exchanges()
    return len(scanned(exchanges)) / len(exchanges)


@pytest.mark.parametrize("how", [silent, refused, half_way, looked_in])
@pytest.mark.parametrize("door", [port, neighbour])
def test_one_client_that_tries_door_after_door_and_enters_none_scans(door: Door, how: How) -> None:
    assert share(tried(DOORS, door, how)) == 1


@pytest.mark.parametrize("door", [port, neighbour])
def test_a_few_doors_are_no_scan(door: Door) -> None:
    assert share(tried(DOORS - 1, door)) == 0


def test_the_doors_of_different_minutes_are_not_one_scan() -> None:
    assert share(tried(DOORS, every=2100)) == 0
    assert share(tried(DOORS, every=2050)) == 1


def test_a_user_all_of_whose_sites_fail_scans_nothing() -> None:
    for how in (silent, refused, insists):
        assert share(tried(100, scattered, how, every=200)) == 0


def test_a_user_whose_kernel_repeats_the_syns_waits_for_an_answer() -> None:
    assert share(tried(DOORS + 20, port, insists)) == 0
    assert share(tried(DOORS + 20, neighbour, insists)) == 0


def test_so_many_ports_of_one_host_are_a_scan_whoever_waits() -> None:
    assert share(tried(SWEEP, port, insists, every=10)) == 1


def test_very_many_addresses_anywhere_are_a_sweep() -> None:
    assert share(tried(SWEEP, scattered, every=10)) == 1
    assert share(tried(SWEEP - 1, scattered, every=10)) == 0


def test_a_monitor_that_comes_back_to_what_it_found_closed_scans_nothing() -> None:
    network = tried(DOORS + 10, port, refused)
    assert share(tried(DOORS + 10, port, refused, start=120_000, network=network)) == 0


def test_connections_with_data_are_never_part_of_a_scan() -> None:
    network = tried(50, port)
    for number in range(5):
        worked(network.talk(client=SCANNER, server=port(number), start=number * 100))
    exchanges = network.exchanges()
    spared = {exchange.server for place, exchange in enumerate(exchanges) if place not in scanned(exchanges)}
    assert spared == {port(number) for number in range(5)}


def test_a_browser_with_many_connections_to_one_network_scans_nothing() -> None:
    network = tried(20, neighbour, looked_in)
    for number in range(20, 60):
        worked(network.talk(client=SCANNER, server=neighbour(number), start=number * 100))
    assert share(network) == 0


def test_a_capture_of_syns_alone_shows_no_scan() -> None:
    assert share(tried(60, neighbour, half_seen)) == 0


def only_its_edges(talk: Talk) -> None:
    """What a capture of SYNs, FINs and RSTs shows of a connection that worked."""
    talk.there(0, "S")
    talk.back(20, "SA")
    talk.there(60, "FA", seq=201, ack=301)
    talk.back(80, "FA", seq=301, ack=202)


def test_a_capture_of_edges_alone_shows_by_their_numbers_that_there_was_data() -> None:
    assert share(tried(60, neighbour, only_its_edges)) == 0


def test_the_tries_of_several_clients_do_not_add_up() -> None:
    network = Network("client")
    for number in range(60):
        silent(network.talk(client=f"10.0.0.{number % 3 + 1}", server=port(number), start=number * 100))
    network.idle(90_000)
    assert share(network) == 0


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 80), st.integers(0, 200_000), st.sampled_from([silent, refused, worked, insists])),
        max_size=60,
    )
)
def test_what_is_called_a_scan_has_as_many_doors_within_a_minute(tries: list[tuple[int, int, How]]) -> None:
    network = Network("client")
    for number, start, how in tries:
        how(network.talk(client=SCANNER, server=port(number), start=start))
    network.idle(300_000)
    exchanges = network.exchanges()
    found = [exchanges[place] for place in scanned(exchanges)]
    assert not found or len({exchange.server for exchange in found}) >= DOORS
    assert not any(seen.sides.back.data for exchange in found for seen in exchange.seen)
