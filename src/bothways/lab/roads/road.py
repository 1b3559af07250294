"""A long way between two hosts as a seed has it: the network to be built, the reports to be made, and the truth.

    shape ── operators, cables, behaviour ── network, reports, truth

What varies is what real ways vary in: how many routers there are and where the two ways part, who answers and from
which address, how links are numbered, what names tell, how long cables take. Nothing of it is told to who reads the
reports.
"""

from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Literal

from bothways.lab.model.network import End, Link, Name, Network, Node
from bothways.lab.model.scenario import PathReport
from bothways.lab.roads import behaviour, cables, kit, operators, shape
from bothways.lab.roads.addressing import blocks
from bothways.lab.roads.behaviour import Answers, Behaviour
from bothways.lab.roads.cables import CLIENT, SERVER, Cable
from bothways.lab.roads.naming import Called, called
from bothways.lab.roads.operators import Staff
from bothways.lab.roads.routes import Ends, routes, subnet
from bothways.lab.roads.shape import Kind, Shape
from bothways.way import Way

SILENT = (0.0, 0.0, 0.1, 0.2, 0.33)
"""Share of routers that keep silent, of which one is drawn."""

NAMELESS = 0.35
"""Share of networks in which no router has a name."""

LARGE = 0.3
"""Share of networks whose links have room for more than two, so that an address does not tell its neighbour's; of those
without names half as much again."""

TRANSLATED = 0.15
"""Share of IPv4 networks in which a router gives the client its own address."""

_DEFAULT_ROUTER = "_gateway"
"""What nss-myhostname(8) calls the next router, in reports of the client's own making."""


@dataclass(frozen=True, kw_only=True)
class Road:
    """All of it; made by `road`."""

    seed: int
    ip: Literal[4, 6]
    shape: Shape
    staff: Staff
    cables: tuple[Cable, ...]
    behaviours: dict[str, Behaviour]
    loopbacks: dict[str, str]
    """Of routers that answer from an address that is on no link."""

    names: dict[str, Called]
    """By address, as a look-up in reverse has it."""

    hashes_ports: bool
    """Whether balanced ways are chosen by ports, too."""

    onward: bool
    border: str | None
    """Which router translates; None where none does."""

    reports: tuple[PathReport, ...]

    @cached_property
    def client(self) -> str:
        """The client's address, as the client has it."""
        return self.cables_of(CLIENT)[0].address(CLIENT)

    @cached_property
    def server(self) -> str:
        """The server's address."""
        return self.cables_of(SERVER)[0].address(SERVER)

    @property
    def client_seen(self) -> str:
        """The client's address, as the server has it."""
        return self.ends.translated.partition("/")[0] if self.ends.translated else self.client

    @cached_property
    def ends(self) -> Ends:
        """How routers reach the hosts."""
        routers = self.shape.routers
        inside = routers[: routers.index(self.border) + 1] if self.border else ()
        out = next((cable for cable in self.cables if cable.a == self.border), None)
        return Ends(
            client=subnet(self.cables_of(CLIENT)[0].addresses[0]),
            server=subnet(self.cables_of(SERVER)[0].addresses[1]),
            translated=f"{out.address(out.a)}/32" if out else None,
            inside=frozenset(inside),
        )

    def cables_of(self, node: str) -> list[Cable]:
        """The cables that end at a node."""
        return [cable for cable in self.cables if node in {cable.a, cable.b}]

    def addresses(self, node: str) -> dict[str, str]:
        """A node's addresses by interface."""
        return {f"eth{cable.port(node)}": cable.address(node) for cable in self.cables_of(node)}

    def way(self, way: Way) -> tuple[tuple[str, ...], ...]:
        """By distance from where a way begins: the routers that may stand there. One that translates is an end."""
        if way is Way.THERE:
            return self.shape.there
        return tuple(at for at in self.shape.back if not self.border or not self.ends.inside.intersection(at))

    def network(self) -> Network:
        """What is to be built."""
        return Network(
            nodes=[Node(name=CLIENT), *(self._node(router) for router in self.shape.routers), Node(name=SERVER)],
            links=[
                Link(
                    a=End(node=cable.a, interface=f"eth{cable.ports[0]}", addresses=[cable.addresses[0]]),
                    b=End(node=cable.b, interface=f"eth{cable.ports[1]}", addresses=[cable.addresses[1]]),
                    there=cable.there,
                    back=cable.back,
                )
                for cable in self.cables
            ],
            routing="written",
            routes=list(routes(self.cables, self.ends, onward=self.onward)),
            names=[Name(address=address, name=one.name) for address, one in self.names.items()],
        )

    def _node(self, router: str) -> Node:
        one = self.behaviours[router]
        ends = (self.ends.client_for(router), self.ends.server)
        rules = behaviour.ruleset(one, self.addresses(router), self.loopbacks.get(router), ends)
        if router == self.border:
            out = next(cable for cable in self.cables if cable.a == router)
            rules += behaviour.translating(self.ends.client, out.address(router))
        hashing = {f"net.ipv{self.ip}.fib_multipath_hash_policy": 1} if self.hashes_ports else {}
        return Node(name=router, router=True, filter=rules, settings={**behaviour.settings(one, self.ip), **hashing})


def road(seed: int, longest: int | None = None) -> Road:
    """Draw a road; the same for the same seed on every machine. *longest* is how many routers its longer way has."""
    chance = Random(f"road {seed}")  # noqa: S311 - variety, not secrecy
    drawn = shape.drawn(chance, longest)
    named = chance.random() >= NAMELESS
    large = chance.random() < (LARGE if named else 1.5 * LARGE)
    staff = operators.drawn(chance, drawn, named=named)
    ip: Literal[4, 6] = 6 if chance.random() < 1 / 3 else 4
    numberings = cables.blocks_of(chance, blocks(chance, ip, large=large), len(staff.operators))
    laid = cables.laid(chance, drawn, staff.of, numberings, ip)
    behaviours = behaviour.drawn(chance, drawn.routers, chance.choice(SILENT))
    loopbacks = {
        router: numberings[staff.of[router]].loopback()
        for router in drawn.routers
        if behaviours[router].answers is Answers.LOOPBACK
    }
    border = _border(chance, drawn, laid) if ip == 4 and chance.random() < TRANSLATED else None
    if border:
        # Whoever answers for the client is an end of the way back, and no router of it.
        behaviours[border] = Behaviour()
        loopbacks.pop(border, None)
    silent = sum(one.silent is not behaviour.Silent.NOBODY for one in behaviours.values())
    made = Road(
        seed=seed,
        ip=ip,
        shape=drawn,
        staff=staff,
        cables=laid,
        behaviours=behaviours,
        loopbacks=loopbacks,
        names=_names(chance, staff, laid, loopbacks),
        hashes_ports=chance.random() < 0.5,
        onward=chance.random() < 0.3,
        border=border,
        reports=(),
    )
    return Road(**{**vars(made), "reports": kit.drawn(chance, made.server, made.client_seen, patient=silent < 3)})


def _border(chance: Random, drawn: Shape, laid: tuple[Cable, ...]) -> str | None:
    """One of the first routers, before the ways part and with one cable to the server's side."""
    first = drawn.stretches[0]
    (chain,) = first.there
    found = [router for router in chain[1:3] if sum(cable.a == router for cable in laid) == 1]
    return chance.choice(found) if found and first.kind is Kind.SHARED else None


def _names(chance: Random, staff: Staff, laid: tuple[Cable, ...], loopbacks: dict[str, str]) -> dict[str, Called]:
    names: dict[str, Called] = {}
    for cable in laid:
        for node in (cable.a, cable.b):
            if node in staff.of:
                own = called(
                    chance, staff.operators[staff.of[node]], staff.devices[node], cable.port(node), cable.address(node)
                )
                names |= {cable.address(node): own} if own else {}
    for router, address in loopbacks.items():
        own = called(chance, staff.operators[staff.of[router]], staff.devices[router], None, address)
        names |= {address: own} if own else {}
    gateway = next(cable for cable in laid if cable.a == CLIENT)
    if chance.random() < 0.15:
        names[gateway.address(gateway.b)] = Called(name=_DEFAULT_ROUTER, device=None)
    if chance.random() < 0.7:
        names[gateway.address(CLIENT)] = Called(name="desk7.orchard.example", device=None)
        names[next(cable for cable in laid if cable.b == SERVER).address(SERVER)] = Called(
            name="www.willow.example", device=None
        )
    return names
