"""Routes and rules of a running network (ip-route(8), ip-rule(8))."""

import ipaddress
import socket
from collections.abc import Mapping
from typing import Any, assert_never

from bothways.lab.box.netlink import Sockets, part
from bothways.lab.model.network import Route, Rule
from bothways.lab.model.words import prefix

_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
_MTU_LOCKED = 1 << 2  # RTAX_MTU's bit, linux/rtnetlink.h: without the lock, forwarding asks only the interface
_PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17, "ipv6-icmp": 58}


def add_route(route: Route, sockets: Sockets) -> None:
    """Add a line to a node's routing table.

    Raises:
        InputError: the gateway cannot be reached from there, or such a line is there already.
    """
    to = prefix(route.to)
    request: dict[str, Any] = {
        "family": _FAMILIES[to.version],
        "dst": str(to),
        "type": route.kind,
        "table": route.table,
        **_way_on(route),
    }
    if route.mtu is not None:
        request["metrics"] = {"mtu": route.mtu, "lock": _MTU_LOCKED}
    if route.source is not None:
        request["prefsrc"] = route.source
    gateways = [route.via] if route.via else [hop.via for hop in route.hops]
    way_on = f" via {', '.join(gateways)}" if gateways else ""
    with part(f"route of {route.node} to {route.to}{way_on}"):
        sockets[route.node].route("add", **request)


def _way_on(route: Route) -> Mapping[str, object]:
    match route.kind:
        case "unicast" if route.hops:
            # The kernel counts a weight from 0 (rtnetlink(7), rtnh_hops).
            return {"multipath": [{"gateway": hop.via, "hops": hop.weight - 1} for hop in route.hops]}
        case "unicast":
            return {"gateway": route.via}
        case "blackhole" | "unreachable" | "prohibit":
            return {}
        case _:
            assert_never(route.kind)


def add_rule(rule: Rule, sockets: Sockets) -> None:
    """Add a rule to a node, for both families where it does not say which.

    Raises:
        InputError: such a rule is there already.
    """
    request: dict[str, Any] = {"table": rule.table, "priority": rule.priority}
    for key, text in (("src", rule.source), ("dst", rule.to)):
        if text is not None:
            network = ipaddress.ip_network(text)
            request |= {key: str(network.network_address), f"{key}_len": network.prefixlen}
    if rule.coming_in is not None:
        request["iifname"] = rule.coming_in
    if rule.protocol is not None:
        request["ip_proto"] = _PROTOCOLS[rule.protocol]
    for version in versions(rule):
        with part(f"rule of {rule.node} for table {rule.table}"):
            sockets[rule.node].rule("add", family=_FAMILIES[version], **request)


def versions(rule: Rule) -> tuple[int, ...]:
    """Return the versions of IP that a rule is about."""
    for text in (rule.source, rule.to):
        if text is not None:
            return (ipaddress.ip_network(text).version,)
    match rule.protocol:
        case "icmp":
            return (4,)
        case "ipv6-icmp":
            return (6,)
        case "tcp" | "udp" | None:
            return (4, 6)
        case _:
            assert_never(rule.protocol)
