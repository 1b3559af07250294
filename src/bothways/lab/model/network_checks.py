"""What must hold of a network's nodes, links and names before it is built."""

import ipaddress
import re
from collections.abc import Hashable, Iterator, Mapping

from bothways.lab.model import words
from bothways.lab.model.complaint import Complaint, repeated, too_many, unknown, unless
from bothways.lab.model.interfaces import addressed
from bothways.lab.model.network import Link, Network, Node, Quality, Rewriting
from bothways.lab.model.route_checks import LARGEST_MTU, SMALLEST_MTU, route_complaints
from bothways.wire.sequence import MODULUS

# Bounds on what a stranger's file may ask of this machine: far above any lab, and less than it would feel.
MOST_NODES = 100
MOST_LINKS = 200
MOST_ADDRESSES = 500
MOST_NAMES = 2000
MOST_SETTINGS = 100
LONGEST_FILTER = 100_000
LONGEST_LATENCY_MS = 5000
FASTEST_KBIT = 100_000_000
LONGEST_QUEUE = 100_000
LONGEST_BURST = 10_000

_INCLUDE = re.compile(r"\binclude\s*[\"']")
"""nft would read another of this machine's files."""


def network_complaints(at: str, network: Network) -> Iterator[Complaint]:
    """Yield what is wrong with a network, in the order in which it is written; *at* is its key."""
    yield from too_many(f"{at}nodes", len(network.nodes), MOST_NODES)
    yield from too_many(f"{at}links", len(network.links), MOST_LINKS)
    if not network.nodes:
        yield Complaint(f"{at}nodes", "a network needs a node")
    for number, node in enumerate(network.nodes):
        yield from _node(f"{at}nodes[{number}]", node)
    yield from repeated(f"{at}nodes", ".name", [node.name for node in network.nodes])
    for number, link in enumerate(network.links):
        yield from _link(f"{at}links[{number}]", link, {node.name for node in network.nodes})
    yield from _together(f"{at}links", network)
    yield from route_complaints(at, network)
    yield from too_many(f"{at}names", len(network.names), MOST_NAMES)
    for number, name in enumerate(network.names):
        yield from unless(words.wrong_address(name.address), f"{at}names[{number}].address", name.address)
        yield from unless(words.wrong_host(name.name), f"{at}names[{number}].name", name.name)


def _node(path: str, node: Node) -> Iterator[Complaint]:
    yield from unless(words.wrong_node(node.name), f"{path}.name", node.name)
    yield from settings_complaints(path, node.settings)
    if len(node.filter) > LONGEST_FILTER:
        yield Complaint(f"{path}.filter", f"has more than {LONGEST_FILTER:,} characters")
    if _INCLUDE.search(node.filter):
        yield Complaint(f"{path}.filter", "includes another file; write the rules here")


def settings_complaints(path: str, settings: Mapping[str, int | str]) -> Iterator[Complaint]:
    """Yield what is wrong with kernel settings, a node's or those that come with a visit."""
    yield from too_many(f"{path}.settings", len(settings), MOST_SETTINGS)
    for name, value in settings.items():
        yield from unless(words.wrong_setting(name), f"{path}.settings", name)
        yield from unless(words.wrong_value(value), f'{path}.settings."{name}"', value)


def _link(path: str, link: Link, nodes: set[str]) -> Iterator[Complaint]:
    for side, end in (("a", link.a), ("b", link.b)):
        yield from unknown(f"{path}.{side}.node", end.node, nodes, "node")
        yield from unless(words.wrong_interface(end.interface), f"{path}.{side}.interface", end.interface)
        for number, text in enumerate(end.addresses):
            yield from unless(words.wrong_own_address(text), f"{path}.{side}.addresses[{number}]", text)
    if link.a.node == link.b.node:
        yield Complaint(f"{path}.b.node", f"both ends are {link.a.node}; a link needs two nodes")
    if link.vlan is not None:
        yield from unless(words.wrong_number(link.vlan, 1, 4094), f"{path}.vlan", link.vlan)
        for side, end in (("a", link.a), ("b", link.b)):
            if len(addressed(link, end)) > words.LONGEST_INTERFACE:
                says = f"{addressed(link, end)} is longer than the {words.LONGEST_INTERFACE} characters of a name"
                yield Complaint(f"{path}.{side}.interface", says)
    if link.mtu is not None:
        versions = {ipaddress.ip_interface(text).version for end in (link.a, link.b) for text in end.addresses}
        least = SMALLEST_MTU[max(versions, default=4)]
        yield from unless(words.wrong_number(link.mtu, least, LARGEST_MTU), f"{path}.mtu", link.mtu)
    yield from _quality(f"{path}.there", link.there)
    yield from _quality(f"{path}.back", link.back)
    yield from _boxes(path, link)


def _boxes(path: str, link: Link) -> Iterator[Complaint]:
    if link.inspection is not None:
        yield from too_many(f"{path}.inspection.names", len(link.inspection.names), MOST_NAMES)
        for number, name in enumerate(link.inspection.names):
            yield from unless(words.wrong_host(name), f"{path}.inspection.names[{number}]", name)
    if link.rewriting is not None:
        yield from _rewriting(f"{path}.rewriting", link.rewriting)


def _rewriting(path: str, rewriting: Rewriting) -> Iterator[Complaint]:
    yield from too_many(f"{path}.servers", len(rewriting.servers), MOST_ADDRESSES)
    for number, text in enumerate(rewriting.servers):
        yield from unless(words.wrong_address(text), f"{path}.servers[{number}]", text)
    for way, rewrite in (("there", rewriting.there), ("back", rewriting.back)):
        for key, shift in (("seq", rewrite.seq), ("ack", rewrite.ack), ("blocks", rewrite.blocks)):
            yield from unless(words.wrong_number(shift, 0, MODULUS - 1), f"{path}.{way}.{key}", shift)
        if rewrite.scale is not None:
            yield from unless(words.wrong_number(rewrite.scale, 0, 255), f"{path}.{way}.scale", rewrite.scale)


def _quality(path: str, quality: Quality | None) -> Iterator[Complaint]:
    if quality is None:
        return
    yield from unless(
        words.wrong_number(quality.latency_ms, 0, LONGEST_LATENCY_MS), f"{path}.latency_ms", quality.latency_ms
    )
    for key, chance in (("loss", quality.loss), ("reorder", quality.reorder), ("duplicate", quality.duplicate)):
        yield from unless(words.wrong_chance(chance), f"{path}.{key}", chance)
    yield from unless(words.wrong_number(quality.burst, 1, LONGEST_BURST), f"{path}.burst", quality.burst)
    if quality.rate_kbit is not None:
        yield from unless(
            words.wrong_number(quality.rate_kbit, 1, FASTEST_KBIT), f"{path}.rate_kbit", quality.rate_kbit
        )
    yield from unless(words.wrong_number(quality.queue, 1, LONGEST_QUEUE), f"{path}.queue", quality.queue)


def _together(path: str, network: Network) -> Iterator[Complaint]:
    """What two ends may not have in common."""
    interfaces: dict[Hashable, str] = {}
    addresses: dict[Hashable, str] = {}
    for number, link in enumerate(network.links):
        for side, end in (("a", link.a), ("b", link.b)):
            key = f"{path}[{number}].{side}"
            yield from _taken(interfaces, (end.node, end.interface), f"{key}.interface", f"{end.node} {end.interface}")
            for position, text in enumerate(end.addresses):
                address = ipaddress.ip_interface(text).ip
                yield from _taken(addresses, address, f"{key}.addresses[{position}]", str(address))
    yield from too_many(f"{path}[*].a.addresses and .b.addresses", len(addresses), MOST_ADDRESSES)


def _taken(taken: dict[Hashable, str], value: Hashable, key: str, shown: str) -> Iterator[Complaint]:
    if value in taken:
        yield Complaint(key, f"{shown} is taken already, by {taken[value]}")
    taken[value] = key
