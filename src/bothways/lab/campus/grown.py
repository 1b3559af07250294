r"""The campus as a network, sound and with a fault planted in it.

    client - gateway - distribution - firewall - core - border ~~~ transit-1 ... transit-n - server
                            \________________________/                               \____ mirror
                              a link around the firewall

`~~~` is a wire with latency. All that leaves the campus goes through the firewall; so do the replies, unless a fault
(or a healthy asymmetry) sends them over the link around it. The mirror is a second site behind the same carrier.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from msgspec.structs import replace

from bothways.lab.campus import rulesets
from bothways.lab.campus.plan import Plan, Prefix
from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import End, Link, Name, Network, Node, Quality, Route, Rule
from bothways.lab.model.scenario import Where

AROUND = 100
"""The routing table of what goes around the firewall."""


@dataclass(frozen=True, kw_only=True)
class Campus:
    """A plan with its links laid: who has which address, and the network that comes of it."""

    plan: Plan
    translated: bool = False
    """Whether the border gives the campus its own address (NAT)."""

    @property
    def chain(self) -> tuple[str, ...]:
        """All nodes from client to server, on the way there."""
        return ("client", "gateway", "distribution", "firewall", "core", "border", *self.transit, "server")

    @property
    def transit(self) -> tuple[str, ...]:
        """The carrier's routers."""
        return tuple(f"transit-{n}" for n in range(1, self.plan.transit + 1))

    @property
    def links(self) -> tuple[Link, ...]:
        """Every cable, the client's first; without what a fault does to them."""
        plan, last = self.plan, self.transit[-1]
        inside, outside = iter(plan.inside_subnets), iter(plan.outside_subnets)
        lan = next(inside)
        links = [Link(a=end("client", 0, lan, plan.hosts[0]), b=end("gateway", 0, lan, 1))]
        for left, right in pairwise(self.chain[1:-1]):
            subnet = next(outside if right.startswith("transit") else inside)
            links.append(Link(a=end(left, 1, subnet, 1), b=end(right, 0, subnet, 2)))
        for port, (site, subnet, host) in enumerate(
            (("server", plan.server_subnet, plan.hosts[1]), ("mirror", plan.mirror_subnet, plan.hosts[2])), start=1
        ):
            links.append(Link(a=end(last, port, subnet, 1), b=end(site, 0, subnet, host)))
        subnet = next(inside)
        return (*links, Link(a=end("distribution", 2, subnet, 1), b=end(plan.around, 2, subnet, 2)))

    def address(self, node: str, interface: str = "eth0") -> str:
        """Return a node's address on one of its interfaces."""
        return _address(
            next(
                end for link in self.links for end in (link.a, link.b) if (end.node, end.interface) == (node, interface)
            )
        )

    def addresses(self, node: str) -> list[str]:
        """Return all addresses of a node."""
        return [_address(end) for link in self.links for end in (link.a, link.b) if end.node == node]

    @property
    def client(self) -> str:
        """The client's address."""
        return self.address("client")

    @property
    def server(self) -> str:
        """The server's."""
        return self.address("server")

    @property
    def mirror(self) -> str:
        """The mirror's, whose replies pass the firewall whatever happens to the server's."""
        return self.address("mirror")

    @property
    def client_outside(self) -> str:
        """The client's address as the server sees it."""
        return self.address("border", "eth1") if self.translated else self.client

    @property
    def client_subnet(self) -> str:
        """The prefix of the client's link."""
        return str(self.plan.inside_subnets[0])

    @property
    def server_subnet(self) -> str:
        """The prefix of the server's link."""
        return str(self.plan.server_subnet)

    @property
    def host_length(self) -> int:
        """The length of a prefix that is one address."""
        return 32 if self.plan.ip == 4 else 128

    def where(self, way: Literal["there", "back"], *nodes: str) -> Where:
        """Name the place of a fault."""
        return Where(
            way=way, between=list(nodes), addresses=[address for node in nodes for address in self.addresses(node)]
        )

    def back_around(self) -> Plant:
        """Send the server's replies to the client around the firewall."""
        at = self.plan.around
        return Plant(
            rules=(Rule(node=at, source=self.server_subnet, to=self.client_subnet, table=AROUND),),
            routes=(Route(node=at, to=self.client_subnet, via=self.address("distribution", "eth2"), table=AROUND),),
        )

    def there_around(self) -> Plant:
        """Send what goes to the server around the firewall."""
        return Plant(
            rules=(Rule(node="distribution", to=self.server_subnet, table=AROUND),),
            routes=(
                Route(
                    node="distribution", to=self.server_subnet, via=self.address(self.plan.around, "eth2"), table=AROUND
                ),
            ),
        )

    def network(self, plant: Plant) -> Network:
        """Return the network with a fault in it (an empty one: sound)."""
        filters = {"firewall": rulesets.stateful(), **plant.filters}
        if self.translated:
            filters["border"] = filters.get("border", "") + rulesets.translating(
                str(self.plan.inside), "eth1", self.plan.ip
            )
        nodes = [
            Node(
                name=name,
                router=name not in {"client", "server", "mirror"},
                settings=plant.settings.get(name, {}),
                filter=filters.get(name, ""),
                verifies=name in plant.verifies,
            )
            for name in (*self.chain, "mirror")
        ]
        return Network(
            nodes=[*nodes, *plant.nodes],
            links=[*(self._as_planted(link, plant) for link in self.links), *plant.links],
            routes=[*self._routes(), *plant.routes],
            rules=list(plant.rules),
            names=self._names(),
        )

    def _as_planted(self, link: Link, plant: Plant) -> Link:
        """The carrier's wire has its latency, whatever else is done to it."""
        if (link.a.node, link.b.node) == ("distribution", "firewall"):
            return replace(link, vlan=plant.vlan)
        if (link.a.node, link.b.node) != ("border", "transit-1"):
            return link
        there, back = (_with_latency(quality, self.plan.latency_ms) for quality in (plant.there, plant.back))
        return Link(a=link.a, b=link.b, there=there, back=back, inspection=plant.inspection, rewriting=plant.rewriting)

    def _routes(self) -> list[Route]:
        default = "default" if self.plan.ip == 4 else "default6"
        routes = [
            Route(node=right, to=default, via=self.address(left, "eth2" if right == "mirror" else "eth1"))
            for left, right in ((self.transit[-1], "server"), (self.transit[-1], "mirror"))
        ]
        routes += [Route(node=left, to=default, via=self.address(right)) for left, right in pairwise(self.chain[:7])]
        routes.append(Route(node="distribution", to=self.client_subnet, via=self.address("gateway", "eth1")))
        routes += [
            Route(node=right, to=str(self.plan.inside), via=self.address(left, "eth1"))
            for left, right in pairwise(self.chain[2:-1])
        ]
        for left, right in pairwise(self.transit):
            sites = (self.plan.server_subnet, self.plan.mirror_subnet)
            routes += [Route(node=left, to=str(site), via=self.address(right)) for site in sites]
            routes.append(Route(node=right, to=str(self.plan.outside), via=self.address(left, "eth1")))
        return routes

    def _names(self) -> list[Name]:
        plan = self.plan
        ends = [end for link in self.links for end in (link.a, link.b) if end.node in plan.devices]
        return [
            *(Name(address=address, name=plan.site) for address in (self.server, self.mirror)),
            Name(address=self.server, name=plan.other_site),
            *(Name(address=_address(end), name=f"{end.interface}.{plan.devices[end.node]}") for end in ends),
        ]


def end(node: str, port: int, subnet: Prefix, host: int) -> End:
    """Say where a link meets a node: the *host*-th address of a subnet on an interface."""
    return End(node=node, interface=f"eth{port}", addresses=[f"{subnet[host]}/{subnet.prefixlen}"])


def _address(end: End) -> str:
    return end.addresses[0].partition("/")[0]


def _with_latency(quality: Quality | None, latency_ms: float) -> Quality:
    return replace(quality or Quality(), latency_ms=latency_ms)
