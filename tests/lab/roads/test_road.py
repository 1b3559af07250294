"""Roads as plain values: what a seed decides, and that the truth is what will be built."""

import json
from collections.abc import Iterable

import pytest

from bothways.lab.model.checked import check_network
from bothways.lab.model.network import Network
from bothways.lab.roads.behaviour import Silent
from bothways.lab.roads.road import Road, road
from bothways.lab.roads.shape import FEWEST, MOST, Kind
from bothways.lab.roads.truth import text
from bothways.way import Way

ROADS = [road(seed) for seed in range(100, 140)]


def test_a_seed_gives_the_same_road_each_time_and_another_seed_another() -> None:
    assert text(road(7)) == text(road(7)) != text(road(8))
    assert road(7).network() == road(7).network()


def test_every_road_can_be_built_and_is_as_long_as_was_asked_for() -> None:
    for one in ROADS:
        check_network(one.network())
        assert FEWEST <= max(len(one.shape.there), len(one.shape.back)) <= MOST
    assert len(road(3, longest=9).shape.there) <= 9


def test_roads_differ_in_what_real_ones_differ_in() -> None:
    assert {stretch.kind for one in ROADS for stretch in one.shape.stretches} == set(Kind)
    assert {one.ip for one in ROADS} == {4, 6}
    assert {one.border is None for one in ROADS} == {True, False}
    assert {any(cable.there for cable in one.cables) for one in ROADS} == {True, False}
    alike = [one for one in ROADS if len(one.way(Way.THERE)) == len(one.way(Way.BACK))]
    assert 0 < len(alike) < len(ROADS)


def test_no_more_than_a_third_of_the_routers_keeps_silent() -> None:
    for one in ROADS:
        silent = [router for router, does in one.behaviours.items() if does.silent is not Silent.NOBODY]
        assert len(silent) <= len(one.shape.routers) / 3


def _led(one: Road, network: Network, source: str, to: str) -> Iterable[set[str]]:
    """The nodes that a packet may pass, by distance, as the routes of the network say; the end included."""
    owners = {
        address.partition("/")[0]: end.node
        for link in network.links
        for end in (link.a, link.b)
        for address in end.addresses
    }
    at = {source}
    for _ in range(40):
        at = {owners[gateway] for node in at for gateway in _gateways(one, network, node, to)}
        yield at
        if at == {owners[to]}:
            return


def _gateways(one: Road, network: Network, node: str, to: str) -> list[str]:
    if to in {cable.address(cable.other(node)) for cable in one.cables_of(node)}:
        return [to]
    prefixes = {one.server: one.ends.server, one.client: one.ends.client, one.client_seen: one.ends.translated}
    wanted = {prefixes[to] or one.ends.client, "default", "default6"}
    (route,) = [route for route in network.routes if route.node == node and route.to in wanted]
    return [hop.via for hop in route.hops] or [str(route.via)]


def test_the_routes_lead_along_the_truth_both_ways() -> None:
    for one in ROADS:
        network = one.network()
        there = list(_led(one, network, "client", one.server))
        assert there == [*(set(at) for at in one.way(Way.THERE)), {"server"}]
        back = list(_led(one, network, "server", one.client_seen))
        assert back == [*(set(at) for at in one.way(Way.BACK)), {one.border or "client"}]


def test_every_router_of_one_way_only_knows_both_ends() -> None:
    for one in ROADS:
        network = one.network()
        for router in one.shape.routers:
            for to in (one.server, one.client if router in one.ends.inside else one.client_seen):
                *_, last = _led(one, network, router, to)
                assert last <= {"client", "server", one.border}, (one.seed, router, to)


def test_the_truth_tells_every_address_of_every_router() -> None:
    for one in ROADS:
        told = json.loads(text(one))
        owned = [address for router in told["routers"].values() for address in router["addresses"]]
        assert len(owned) == len(set(owned))
        assert {address for link in one.network().links for end in (link.a, link.b) for address in end.addresses} == {
            *(f"{address}/{length}" for address, length in _with_lengths(one))
        }
        assert set(told["names"]) <= {*owned, one.client, one.server}


def _with_lengths(one: Road) -> Iterable[tuple[str, str]]:
    for cable in one.cables:
        for text_ in cable.addresses:
            address, _, length = text_.partition("/")
            yield address, length


@pytest.mark.parametrize("way", Way)
def test_a_router_that_translates_and_those_behind_it_are_on_no_way_back(way: Way) -> None:
    (one,) = [one for one in ROADS if one.border][:1]
    passed = {router for at in one.way(way) for router in at}
    assert (one.border in passed) == (way is Way.THERE)
    assert bool(one.ends.inside & passed) == (way is Way.THERE)
