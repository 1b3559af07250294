"""Which interfaces a node has."""

from bothways.lab.model.network import End, Link, Network


def addressed(link: Link, end: End) -> str:
    """Return the name of the interface that has an end's addresses."""
    return end.interface if link.vlan is None else f"{end.interface}.{link.vlan}"


def interfaces(network: Network, node: str) -> list[str]:
    """Return the names of a node's interfaces in the order of the links, a tagged one after the one that it is on."""
    ends = [(link, end) for link in network.links for end in (link.a, link.b) if end.node == node]
    return list(dict.fromkeys(name for link, end in ends for name in (end.interface, addressed(link, end))))
