"""Two paths through the carrier, chosen for each connection by a hash over its addresses and ports (RFC 2992)."""

from bothways.lab.campus.grown import Campus, end
from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import Hop, Link, Node, Route, Rule

BESIDE = "transit-beside"
"""A router beside the link of the carrier's first two."""

BALANCED = 102
"""The routing table of what has two ways to go on."""

_HASH_PORTS: dict[str, int | str] = {
    "net.ipv4.fib_multipath_hash_policy": 1,
    "net.ipv6.fib_multipath_hash_policy": 1,
}


def balanced(campus: Campus) -> Plant:
    """Give the carrier a second path between its first two routers, both ways."""
    first, second = campus.transit[:2]
    near, far = campus.plan.outside_subnets[-2:]
    to_server, to_client = campus.server_subnet, f"{campus.client_outside}/{campus.host_length}"
    links = (
        Link(a=end(first, 3, near, 1), b=end(BESIDE, 0, near, 2)),
        Link(a=end(BESIDE, 1, far, 1), b=end(second, 3, far, 2)),
    )
    return Plant(
        nodes=(Node(name=BESIDE, router=True),),
        links=links,
        rules=(Rule(node=first, to=to_server, table=BALANCED), Rule(node=second, to=to_client, table=BALANCED)),
        routes=(
            _two_ways(first, to_server, campus.address(second), str(near[2])),
            _two_ways(second, to_client, campus.address(first, "eth1"), str(far[1])),
            Route(node=BESIDE, to=to_server, via=str(far[2])),
            Route(node=BESIDE, to=to_client, via=str(near[1])),
        ),
        settings={first: _HASH_PORTS, second: _HASH_PORTS},
    )


def _two_ways(node: str, to: str, *gateways: str) -> Route:
    return Route(node=node, to=to, hops=[Hop(via=gateway) for gateway in gateways], table=BALANCED)
