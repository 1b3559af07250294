"""Routes that nobody wrote: each node reaches each network by the fewest links."""

import ipaddress
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from msgspec.structs import replace

from bothways.lab.model.network import Network, Route
from bothways.lab.model.words import DEFAULTS, Prefix, prefix

Step = tuple[str, str]
"""A neighbour, and the address by which it sends on to the node in question."""

MAIN = 254
"""The number of the main table (rtnetlink(7), RT_TABLE_MAIN)."""


def with_routes(network: Network) -> Network:
    """Return the network with all the routes that `Network.routing` says, written.

    Only routers hand on what is not for them. Of ways with equally few links, the one that is written first is taken. A
    host that sends everything the same way gets a default route.
    """
    if network.routing == "written" or (network.routing is None and network.routes):
        return network
    return replace(network, routing="written", routes=[*network.routes, *_filled(network)])


def _filled(network: Network) -> Iterator[Route]:
    routers = {node.name for node in network.nodes if node.router}
    attached = _attached(network)
    written = {
        node: [prefix(route.to) for route in routes]
        for node, routes in groupby(
            sorted((r for r in network.routes if r.table == MAIN), key=lambda r: r.node), lambda r: r.node
        )
    }
    ways: dict[str, dict[Prefix, str]] = {node.name: {} for node in network.nodes}
    for version in (4, 6):
        steps = _steps(network, version)
        for to, owners in attached.items():
            if to.version == version:
                for node, via in _towards(owners & routers or owners, steps, routers).items():
                    if node not in owners and not _covered(to, written.get(node, ())):
                        ways[node][to] = via
    for node, found in ways.items():
        yield from _lines(node, found, is_router=node in routers)


def _attached(network: Network) -> Mapping[Prefix, set[str]]:
    """Every network that has an address, with the nodes that are on it, in the order of the links."""
    attached: dict[Prefix, set[str]] = {}
    for link in network.links:
        for end in (link.a, link.b):
            for text in end.addresses:
                attached.setdefault(ipaddress.ip_interface(text).network, set()).add(end.node)
    return attached


def _steps(network: Network, version: int) -> Mapping[str, Sequence[Step]]:
    """By node: its neighbours, each with the node's own address on the network that they share."""
    steps: dict[str, list[Step]] = {node.name: [] for node in network.nodes}
    for link in network.links:
        ends = [[ipaddress.ip_interface(text) for text in end.addresses] for end in (link.a, link.b)]
        shared = next(
            ((a, b) for a in ends[0] for b in ends[1] if a.version == version and a.network == b.network), None
        )
        if shared is not None:
            steps[link.a.node].append((link.b.node, str(shared[0].ip)))
            steps[link.b.node].append((link.a.node, str(shared[1].ip)))
    return steps


def _towards(origins: set[str], steps: Mapping[str, Sequence[Step]], routers: set[str]) -> Mapping[str, str]:
    """By node that can reach one of the origins: the neighbour's address to go on by."""
    via: dict[str, str] = {}
    waiting = deque(node for node in steps if node in origins)
    while waiting:
        node = waiting.popleft()
        for neighbour, address in steps[node]:
            if neighbour not in via and neighbour not in origins:
                via[neighbour] = address
                if neighbour in routers:
                    waiting.append(neighbour)
    return via


def _covered(to: Prefix, written: Sequence[Prefix]) -> bool:
    return any(isinstance(to, type(route)) and to.subnet_of(route) for route in written)  # type: ignore[arg-type]


def _lines(node: str, found: Mapping[Prefix, str], *, is_router: bool) -> Iterator[Route]:
    for version, default in DEFAULTS.items():
        ways = {to: via for to, via in found.items() if to.version == version}
        gateways = set(ways.values())
        if len(gateways) == 1 and not is_router:
            yield Route(node=node, to=default, via=gateways.pop())
        else:
            yield from (Route(node=node, to=str(to), via=via) for to, via in ways.items())
