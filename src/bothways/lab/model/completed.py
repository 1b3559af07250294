"""What a scenario leaves out, filled in: a file needs to say only what is particular about it.

| what is missing | what it is then |
|---|---|
| routes | shortest paths (`Network.routing`) |
| names | every address is called by its node's name |
| an address to go to, where a node's name stands | the node's first address, of a version of IP that both have |
| captures | all interfaces of all hosts, and of nodes with a filter; `NODE`, or `NODE-INTERFACE` if there are several |
| state | nodes with a filter |
| counters | all hosts |
| path reports | `mtr` both ways, and a TCP traceroute there, of the first visit |
"""

import ipaddress
from collections.abc import Iterator

from msgspec.structs import replace

from bothways.lab.model.interfaces import interfaces
from bothways.lab.model.network import Name, Network, Node
from bothways.lab.model.scenario import Capture, PathReport, Scenario
from bothways.lab.model.shortest import with_routes
from bothways.lab.model.words import Address, address


def complete(scenario: Scenario) -> Scenario:
    """Return the scenario with everything filled in; its network is known to be right."""
    network = with_routes(scenario.network)
    if not network.names:
        network = replace(network, names=list(_names(network)))
    whole = replace(
        scenario,
        network=network,
        visits=[replace(visit, to=_resolved(network, visit.node, visit.to)) for visit in scenario.visits],
        paths=[replace(report, to=_resolved(network, report.node, report.to)) for report in scenario.paths],
    )
    return replace(
        whole,
        captures=whole.captures or list(_captures(network)),
        state=whole.state or [node.name for node in network.nodes if node.filter],
        counters=whole.counters or [node.name for node in network.nodes if not node.router],
        paths=whole.paths or list(_paths(whole)),
    )


def _names(network: Network) -> Iterator[Name]:
    for node in network.nodes:
        yield from (Name(address=str(found), name=node.name) for found in _addresses(network, node.name))


def _addresses(network: Network, node: str) -> list[Address]:
    return [ipaddress.ip_interface(text).ip for end in network.ends(node) for text in end.addresses]


def _resolved(network: Network, visitor: str, to: str) -> str:
    """The address that a node's name stands for; what is no node's name is left as it is."""
    versions = {found.version for found in _addresses(network, visitor)}
    return next((str(found) for found in _addresses(network, to) if found.version in versions), to)


def _captures(network: Network) -> Iterator[Capture]:
    for node in network.nodes:
        if _is_watched(node):
            there = interfaces(network, node.name)
            for interface in there:
                name = node.name if len(there) == 1 else f"{node.name}-{interface}"
                yield Capture(name=name, node=node.name, interface=interface)


def _is_watched(node: Node) -> bool:
    return not node.router or bool(node.filter)


def _paths(scenario: Scenario) -> Iterator[PathReport]:
    """Both ways of the first visit, where both its ends are the network's."""
    for visit in scenario.visits[:1]:
        to = address(visit.to)
        owner = next(
            (node.name for node in scenario.network.nodes if to in _addresses(scenario.network, node.name)), None
        )
        back = next((own for own in _addresses(scenario.network, visit.node) if to and own.version == to.version), None)
        yield PathReport(file="outbound.mtr.txt", tool="mtr", node=visit.node, to=visit.to)
        if owner is not None and back is not None:
            yield PathReport(file="inbound.mtr.txt", tool="mtr", node=owner, to=str(back))
        yield PathReport(
            file="outbound.tcp-traceroute.txt", tool="tcp-traceroute", node=visit.node, to=visit.to, port=visit.port
        )
