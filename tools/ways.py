"""The way of a packet through a network of the lab, by its routes and policy rules."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_interface

from bothways.lab.model.interfaces import addressed
from bothways.lab.model.network import Network, Route, Rule
from bothways.lab.model.shortest import MAIN
from bothways.lab.model.words import prefix


def way(network: Network, source: str, target: str) -> tuple[str, ...]:
    """Return the nodes that a TCP packet from one address to another meets, both ends included.

    It ends where no route leads on, and where a node is met again. Routes must all be written (a completed scenario).
    Filters and translation are not looked at; of ways that are chosen by a hash, the first is taken.
    """
    places = dict(_places(network))
    (node, _), interface = places[source], "lo"
    met = [node]
    while node != places[target][0]:
        via = _next(network, node, interface, source, target)
        if via not in places:
            break
        node, interface = places[via]
        met.append(node)
        if node in met[:-1]:
            break
    return tuple(met)


def _places(network: Network) -> Iterator[tuple[str, tuple[str, str]]]:
    """Every address, with its node and interface."""
    for link in network.links:
        for end in (link.a, link.b):
            for text in end.addresses:
                yield str(ip_interface(text).ip), (end.node, addressed(link, end))


def _next(network: Network, node: str, interface: str, source: str, target: str) -> str:
    """The address to which a node hands on a packet that came in by an interface; empty where it does not."""
    rules = sorted((rule for rule in network.rules if rule.node == node), key=lambda rule: rule.priority)
    tables = [rule.table for rule in rules if _applies(rule, interface, source, target)]
    # What the kernel adds by itself: a network of an interface is reached without anybody between.
    attached = [
        Route(node=node, to=str(ip_interface(text).network), via=target)
        for end in network.ends(node)
        for text in end.addresses
    ]
    for table in (*tables, MAIN):
        routes = [route for route in network.routes if (route.node, route.table) == (node, table)]
        leading = [route for route in (*routes, *(attached if table == MAIN else ())) if _covers(route.to, target)]
        if leading:
            best = max(leading, key=lambda route: prefix(route.to).prefixlen)
            return best.via or next((hop.via for hop in best.hops), "")
    return ""


def _applies(rule: Rule, interface: str, source: str, target: str) -> bool:
    return (
        (rule.source is None or _covers(rule.source, source))
        and (rule.to is None or _covers(rule.to, target))
        and rule.coming_in in {None, interface}
        and rule.protocol in {None, "tcp"}
    )


def _covers(to: str, address: str) -> bool:
    return ip_address(address) in prefix(to)
