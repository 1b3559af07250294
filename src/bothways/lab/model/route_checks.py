"""What must hold of a network's routes and rules before it is built."""

import ipaddress
from collections.abc import Collection, Iterator

from bothways.lab.model import words
from bothways.lab.model.complaint import Complaint, repeated, too_many, unknown, unless
from bothways.lab.model.interfaces import interfaces
from bothways.lab.model.network import Network, Route, Rule

MOST_ROUTES = 5000
MOST_RULES = 500
MOST_HOPS = 64
MOST_WEIGHT = 256
"""rtnetlink(7), rtnh_hops: a byte, that is one less."""
LARGEST_TABLE = 2**32 - 1
LAST_PRIORITY = 32765
"""The rule of the main table comes next (ip-rule(8))."""
SMALLEST_MTU = {4: 68, 6: 1280}
"""By version of IP: RFC 791 section 3.2, RFC 8200 section 5."""
LARGEST_MTU = 65535

_KERNELS_OWN = {0: "means no table", 255: "is the table of a node's own addresses, which the kernel keeps"}
_VERSIONS = {"icmp": {4}, "ipv6-icmp": {6}}


def route_complaints(at: str, network: Network) -> Iterator[Complaint]:
    """Yield what is wrong with routes and rules; nodes and links are right. *at* is what stands before their keys."""
    nodes = {node.name: interfaces(network, node.name) for node in network.nodes}
    own = {
        name: [ipaddress.ip_interface(text) for end in network.ends(name) for text in end.addresses] for name in nodes
    }
    yield from too_many(f"{at}routes", len(network.routes), MOST_ROUTES)
    for number, route in enumerate(network.routes):
        yield from unknown(f"{at}routes[{number}].node", route.node, nodes, "node")
        yield from _route(f"{at}routes[{number}]", route, own[route.node])
    lines = [f"{route.node} to {words.prefix(route.to)} in table {route.table}" for route in network.routes]
    yield from repeated(f"{at}routes", ".to", lines)
    yield from too_many(f"{at}rules", len(network.rules), MOST_RULES)
    for number, rule in enumerate(network.rules):
        yield from unknown(f"{at}rules[{number}].node", rule.node, nodes, "node")
        yield from _rule(f"{at}rules[{number}]", rule, {"lo", *nodes[rule.node]})


def _route(path: str, route: Route, own: Collection[words.Interface]) -> Iterator[Complaint]:
    yield from unless(words.wrong_prefix(route.to), f"{path}.to", route.to)
    version = words.prefix(route.to).version
    yield from _ways_on(path, route, version, own)
    yield from _table(f"{path}.table", route.table)
    if route.mtu is not None:
        wrong = words.wrong_number(route.mtu, SMALLEST_MTU[version], LARGEST_MTU)
        yield from unless(wrong, f"{path}.mtu", route.mtu)


def _ways_on(path: str, route: Route, version: int, own: Collection[words.Interface]) -> Iterator[Complaint]:
    if route.kind != "unicast":
        if route.via is not None or route.hops:
            yield Complaint(path, f"a route of kind {route.kind} leads nowhere: it has neither `via` nor `hops`")
        return
    if (route.via is None) == (not route.hops):
        yield Complaint(path, "needs either `via` or `hops`")
    yield from too_many(f"{path}.hops", len(route.hops), MOST_HOPS)
    gateways = [] if route.via is None else [(f"{path}.via", route.via)]
    for number, hop in enumerate(route.hops):
        gateways.append((f"{path}.hops[{number}].via", hop.via))
        wrong = words.wrong_number(hop.weight, 1, MOST_WEIGHT)
        yield from unless(wrong, f"{path}.hops[{number}].weight", hop.weight)
    for key, text in gateways:
        gateway = words.address(text)
        if gateway is None or gateway.version != version:
            yield Complaint(key, f"{text!r} must be an address of IPv{version}, as the route's prefix is")
        elif not any(gateway in interface.network for interface in own):
            yield Complaint(key, f"{text} is on none of the networks of {route.node}")
        elif any(gateway == interface.ip for interface in own):
            yield Complaint(key, f"{text} is an address of {route.node} itself")


def _rule(path: str, rule: Rule, known: Collection[str]) -> Iterator[Complaint]:
    yield from _table(f"{path}.table", rule.table)
    versions = _VERSIONS.get(rule.protocol or "", {4, 6})
    for key, text in (("source", rule.source), ("to", rule.to)):
        if text is not None:
            yield from unless(words.wrong_prefix(text), f"{path}.{key}", text)
            version = words.prefix(text).version
            if version not in versions:
                yield Complaint(f"{path}.{key}", f"{text!r} is of another version of IP than the rest of the rule")
            versions = {version}
    if rule.coming_in is not None:
        yield from unknown(f"{path}.coming_in", rule.coming_in, known, f"interface of {rule.node}")
    yield from unless(words.wrong_number(rule.priority, 1, LAST_PRIORITY), f"{path}.priority", rule.priority)


def _table(path: str, table: int) -> Iterator[Complaint]:
    yield from unless(words.wrong_number(table, 0, LARGEST_TABLE), path, table)
    yield from unless(_KERNELS_OWN.get(table, ""), path, table)
