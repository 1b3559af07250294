"""Builds a network out of namespaces, as its description says.

    namespaces ── settings ── links, wires, tags ── addresses ── routes, rules ── neighbours find each other ── filters

Filters come last, and when the caller says so: what they count begins with the experiment.
"""

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyroute2 import netns  # type: ignore[import-untyped]  # it ships no types

from bothways.lab.box import filters, links, names, routing, settings
from bothways.lab.box.netlink import Sockets, part, sockets
from bothways.lab.model.checked import check_network
from bothways.lab.model.network import Link, Network
from bothways.lab.wires.count import Count
from bothways.lab.wires.vlan import Tag, tag
from bothways.lab.wires.wire import Wire, lay


@dataclass(frozen=True, kw_only=True)
class Box:
    """A network that runs, until the lab that built it ends."""

    network: Network
    wires: tuple[Wire, ...]
    """In the order of the links that are wires."""
    tags: tuple[Tag, ...]
    """Both ends of each link with a VLAN, in the order of the links."""

    def load_filters(self) -> None:
        """Load the filters of all nodes, whose counters begin at nothing.

        Raises:
            InputError: a ruleset or a setting is not understood; says whose, and why.
        """
        filters.load(self.network.nodes)

    def end_wires(self) -> tuple[Count, ...]:
        """Stop the wires, and the tagging at their ends; return what each has carried and lost: all wires, all tags."""
        links.silence_tags(self.network.links)
        carrying = (*self.wires, *self.tags)
        for one in carrying:
            one.stop()
        return tuple(one.end() for one in carrying)

    def address(self, node: str, version: int | None = None) -> str:
        """Return a node's first address, of one version of IP if need be.

        Raises:
            KeyError: it has none.
        """
        for end in self.network.ends(node):
            for text in end.addresses:
                address = ipaddress.ip_interface(text).ip
                if version in {None, address.version}:
                    return str(address)
        raise KeyError(node)


def build(network: Network, seed: int) -> Box:
    """Build a network in this lab's world; all but its filters is there and works when this returns.

    Raises:
        InputError: a part of the network cannot be; says which, and why.
        TimeoutError: two neighbours did not find each other.
    """
    check_network(network)
    names.publish(network.names)
    for node in network.nodes:
        netns.create(node.name)
        settings.prepare(node, seed)
    with sockets(node.name for node in network.nodes) as opened:
        wires = tuple(_laid(network, opened, seed))
        tags = tuple(_tagged(network.links))
        links.forward_whole_frames(network.links, {node.name: node for node in network.nodes if node.router})
        for node in network.nodes:
            settings.apply_to_interfaces(node)
        links.bring_up(network.links, opened)
        for route in network.routes:
            routing.add_route(route, opened)
        for rule in network.rules:
            routing.add_rule(rule, opened)
        for wire in wires:
            wire.await_ready()
        links.await_neighbours(network.links, opened)
    return Box(network=network, wires=wires, tags=tags)


def _laid(network: Network, opened: Sockets, seed: int) -> Iterator[Wire]:
    """Lay every link; yield those that are wires."""
    for number, link in enumerate(network.links):
        with part(f"link of {link.a.node} {link.a.interface} to {link.b.node} {link.b.interface}"):
            if link.there or link.back or link.inspection or link.rewriting:
                yield lay(link, number, seed)
            else:
                links.lay_cable(link, opened)


def _tagged(laid: Sequence[Link]) -> Iterator[Tag]:
    for link in laid:
        if link.vlan is not None:
            for end in (link.a, link.b):
                with part(f"VLAN {link.vlan} of {end.node} {end.interface}"):
                    yield tag(end.node, end.interface, link.vlan)
