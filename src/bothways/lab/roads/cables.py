"""The cables of a long way: between which routers, with which addresses, and which way uses which."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal

from bothways.lab.model.network import Quality
from bothways.lab.roads.addressing import Block, Numbering, host_links
from bothways.lab.roads.shape import Shape
from bothways.way import Way

CLIENT, SERVER = "client", "server"

PARALLEL = 0.15
"""Share of networks in which some neighbours have a cable for each way."""

DELAYED = 0.5
"""Share of networks in which some cables take time; a process carries the frames of each, so that they are few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cable:
    """One; *a* is the end on the client's side."""

    a: str
    b: str
    ports: tuple[int, int]
    addresses: tuple[str, str]
    """At *a* and at *b*, each with the length of its prefix."""

    owner: int | None
    """Whose block they are of; None of a host's."""

    carries: frozenset[Way]
    there: Quality | None = None
    back: Quality | None = None

    def address(self, node: str) -> str:
        """The address of the end at a node."""
        return self.addresses[node == self.b].partition("/")[0]

    def port(self, node: str) -> int:
        """The number of the node's interface."""
        return self.ports[node == self.b]

    def other(self, node: str) -> str:
        """The node at the other end."""
        return self.a if node == self.b else self.b


def edges(shape: Shape, way: Way) -> list[tuple[str, str]]:
    """Which node stands behind which on a way, hosts included, named from the client's side on."""
    firsts, lasts = shape.there[0], shape.back[0]
    return [
        *((CLIENT, first) for first in firsts),
        *shape.edges(back=way is Way.BACK),
        *((last, SERVER) for last in lasts),
    ]


def laid(
    chance: Random, shape: Shape, of: Mapping[str, int], numberings: Mapping[int, Numbering], ip: Literal[4, 6]
) -> tuple[Cable, ...]:
    """Lay the cables that both ways need."""
    ports: dict[str, int] = {}
    hosts = dict(zip((CLIENT, SERVER), host_links(chance, ip), strict=True))
    delayed = 0.15 if chance.random() < DELAYED else 0.0
    found: list[Cable] = []
    for a, b, carries in _needed(chance, shape):
        owner = None if {a, b} & hosts.keys() else of[chance.choice((a, b))]
        match a, b:
            case "client", _:
                addresses = hosts[CLIENT]
            case _, "server":
                addresses = hosts[SERVER][1], hosts[SERVER][0]
            case _:
                addresses = numberings[of[a] if owner is None else owner].link()
        if owner is not None and chance.random() < 0.5:
            addresses = addresses[1], addresses[0]
        numbers = tuple(ports.setdefault(node, 0) for node in (a, b))
        ports |= {a: ports[a] + 1, b: ports[b] + 1}
        there, back = _delay(chance) if chance.random() < delayed and len(found) < 40 else (None, None)
        found.append(
            Cable(
                a=a,
                b=b,
                ports=(numbers[0], numbers[1]),
                addresses=addresses,
                owner=owner,
                carries=carries,
                there=there,
                back=back,
            )
        )
    return tuple(found)


def _needed(chance: Random, shape: Shape) -> Iterator[tuple[str, str, frozenset[Way]]]:
    ways = {way: edges(shape, way) for way in Way}
    parallel = 0.3 if chance.random() < PARALLEL else 0.0
    for a, b in dict.fromkeys(edge for found in ways.values() for edge in found):
        carries = frozenset(way for way in Way if (a, b) in ways[way])
        if len(carries) > 1 and not {a, b} & {CLIENT, SERVER} and chance.random() < parallel:
            yield from ((a, b, frozenset({way})) for way in Way)
        else:
            yield a, b, carries


def _delay(chance: Random) -> tuple[Quality, Quality]:
    """As long both ways, mostly."""
    there = float(chance.choice((1, 2, 5, 9, 14, 30)))
    back = there if chance.random() < 0.6 else float(chance.choice((1, 3, 8, 20)))
    return Quality(latency_ms=there), Quality(latency_ms=back)


def blocks_of(chance: Random, blocks: Iterator[Block], count: int) -> dict[int, Numbering]:
    """Give each of *count* operators a block."""
    return {number: Numbering(block, chance) for number, block in zip(range(count), blocks, strict=False)}
