"""Routes that nobody wrote."""

import ipaddress
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bothways.lab.model.checked import check_network
from bothways.lab.model.network import End, Link, Network, Node, Route
from bothways.lab.model.shortest import with_routes
from bothways.lab.model.words import prefix


def link(number: int, left: str, right: str, *, six: bool = False) -> Link:
    """10.0.NUMBER.0/30 between two nodes, left with .1 and right with .2."""
    ends = []
    for node, position in ((left, 1), (right, 2)):
        addresses = [f"10.0.{number}.{position}/30", *([f"2001:db8:{number}::{position}/64"] if six else [])]
        ends.append(End(node=node, interface=f"to-{right if node == left else left}", addresses=addresses))
    return Link(a=ends[0], b=ends[1])


def network(nodes: str, *links: Link, routes: list[Route] | None = None) -> Network:
    """A word that begins with r is a router."""
    named = [Node(name=name, router=name.startswith("r")) for name in nodes.split()]
    return Network(nodes=named, links=list(links), routes=routes or [])


def table(whole: Network, node: str) -> dict[str, str | None]:
    return {route.to: route.via for route in whole.routes if route.node == node}


CHAIN = network("a r1 r2 b", link(0, "a", "r1"), link(1, "r1", "r2"), link(2, "r2", "b"))


def test_hosts_get_a_default_route_and_routers_one_for_each_network() -> None:
    whole = with_routes(CHAIN)
    assert table(whole, "a") == {"default": "10.0.0.2"}
    assert table(whole, "r1") == {"10.0.2.0/30": "10.0.1.2"}
    assert table(whole, "r2") == {"10.0.0.0/30": "10.0.1.1"}
    assert table(whole, "b") == {"default": "10.0.2.1"}


def test_both_families_are_routed_each_for_itself() -> None:
    four_only = network("a r1 r2 b", link(0, "a", "r1", six=True), link(1, "r1", "r2"), link(2, "r2", "b", six=True))
    whole = with_routes(four_only)
    assert table(whole, "a") == {"default": "10.0.0.2"}
    both = with_routes(network("a r1 b", link(0, "a", "r1", six=True), link(1, "r1", "b", six=True)))
    assert table(both, "a") == {"default": "10.0.0.2", "default6": "2001:db8::2"}


def test_the_way_with_the_fewest_links_is_taken_and_of_two_the_first() -> None:
    longer = [link(1, "r1", "r2"), link(2, "r2", "r3"), link(3, "r1", "r4"), link(4, "r4", "r3")]
    square = network("r1 r2 r3 r4 b", *longer, link(5, "r3", "b"))
    assert table(with_routes(square), "r1")["10.0.5.0/30"] == "10.0.1.2"
    direct = replace(square, links=[*square.links, link(6, "r1", "r3")])
    assert table(with_routes(direct), "r1")["10.0.5.0/30"] == "10.0.6.2"


def test_a_host_hands_nothing_on() -> None:
    whole = with_routes(network("r1 host r2", link(0, "r1", "host"), link(1, "host", "r2")))
    assert table(whole, "r1") == {}


def test_a_network_with_routers_on_it_is_reached_by_a_router() -> None:
    """By the host on that network it would be as near, and the host would not hand on what is for the router."""
    whole = with_routes(network("r1 host r2 r3", link(0, "r1", "host"), link(1, "host", "r2"), link(2, "r1", "r3")))
    assert "10.0.1.0/30" not in table(whole, "r1")
    assert table(whole, "r3") == {"10.0.0.0/30": "10.0.2.1"}


def test_a_host_with_two_ways_out_gets_a_route_for_each_network() -> None:
    whole = with_routes(
        network("a r1 r2 b c", link(0, "a", "r1"), link(1, "a", "r2"), link(2, "r1", "b"), link(3, "r2", "c"))
    )
    assert table(whole, "a") == {"10.0.2.0/30": "10.0.0.2", "10.0.3.0/30": "10.0.1.2"}


def test_an_address_of_its_own_network_is_routed_too() -> None:
    extra = End(node="b", interface="eth0", addresses=["10.0.2.2/30", "203.0.113.9/32"])
    whole = with_routes(network("a r1 b", link(0, "a", "r1"), Link(a=link(2, "r1", "b").a, b=extra)))
    assert table(whole, "r1") == {"203.0.113.9/32": "10.0.2.2"}


def test_written_routes_are_all_there_is_unless_the_network_says_otherwise() -> None:
    written = [Route(node="a", to="default", via="10.0.0.2")]
    assert with_routes(replace(CHAIN, routes=written)).routes == written
    assert with_routes(replace(CHAIN, routing="written")).routes == []
    filled = with_routes(replace(CHAIN, routes=written, routing="shortest"))
    assert filled.routes[0] == written[0]
    assert table(filled, "r1") == {"10.0.2.0/30": "10.0.1.2"}
    assert with_routes(filled) == filled


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (Route(node="r1", to="10.0.2.0/30", kind="blackhole"), {"10.0.2.0/30": None}),
        (Route(node="r1", to="10.0.0.0/8", kind="blackhole"), {"10.0.0.0/8": None}),
        (Route(node="r1", to="default", kind="blackhole"), {"default": None}),
        (Route(node="r1", to="default6", kind="blackhole"), {"default6": None, "10.0.2.0/30": "10.0.1.2"}),
        (Route(node="r1", to="10.0.2.0/31", kind="blackhole"), {"10.0.2.0/31": None, "10.0.2.0/30": "10.0.1.2"}),
        (Route(node="r2", to="10.0.2.0/30", kind="blackhole"), {"10.0.2.0/30": "10.0.1.2"}),
    ],
)
def test_a_written_route_takes_all_that_it_covers(written: Route, expected: Mapping[str, str | None]) -> None:
    whole = with_routes(replace(CHAIN, routes=[written], routing="shortest"))
    assert table(whole, "r1") == expected


def test_a_route_of_another_table_takes_nothing() -> None:
    aside = Route(node="r1", to="default", via="10.0.1.2", table=100)
    whole = with_routes(replace(CHAIN, routes=[aside], routing="shortest"))
    assert table(whole, "r1") == {"default": "10.0.1.2", "10.0.2.0/30": "10.0.1.2"}


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Up to eight nodes, any of them linked, even twice."""
    names = [f"{draw(st.sampled_from('hr'))}{number}" for number in range(draw(st.integers(1, 8)))]
    pairs = st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda pair: pair[0] != pair[1])
    chosen = draw(st.lists(pairs, max_size=12)) if len(names) > 1 else []
    links = []
    for number, (left, right) in enumerate(chosen):
        made = link(number, left, right, six=draw(st.booleans()))
        links.append(
            replace(made, a=replace(made.a, interface=f"a{number}"), b=replace(made.b, interface=f"b{number}"))
        )
    return network(" ".join(names), *links)


@given(networks())
def test_what_is_routed_arrives(bare: Network) -> None:
    """Step by step along the longest matching routes, every address that a node has a route to is reached.

    Not so behind a host: a network that only hosts are on is reached as far as the first of them.
    """
    whole = with_routes(bare)
    check_network(whole)
    owners = {
        ipaddress.ip_interface(text).ip: node.name
        for node in whole.nodes
        for end in whole.ends(node.name)
        for text in end.addresses
    }
    connected = {
        node.name: {ipaddress.ip_interface(text).network for end in whole.ends(node.name) for text in end.addresses}
        for node in whole.nodes
    }
    routers = {node.name for node in whole.nodes if node.router}
    lines = {node.name: [route for route in whole.routes if route.node == node.name] for node in whole.nodes}

    def arrives(start: str, to: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
        node = start
        for _ in range(len(whole.nodes) + 1):
            if owners[to] == node:
                return True
            if node != start and node not in routers:
                return False
            if any(to in own for own in connected[node]):
                return True
            matching = [route for route in lines[node] if to in prefix(route.to)]
            if not matching:
                return False
            best = max(matching, key=lambda route: prefix(route.to).prefixlen)
            assert best.via
            node = owners[ipaddress.ip_address(best.via)]
        return False

    behind_routers = {network for router in routers for network in connected[router]}
    for node, routes in lines.items():
        for to in (address for address in owners if any(address in network for network in behind_routers)):
            if any(to in prefix(route.to) for route in routes if not route.to.startswith("default")):
                assert arrives(node, to), (node, to)
