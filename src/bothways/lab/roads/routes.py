"""The routing tables by which packets take the two ways of a shape, and by which errors come home from them."""

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bothways.lab.model.network import Hop, Route
from bothways.lab.roads.cables import CLIENT, SERVER, Cable
from bothways.way import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """How routers reach the two hosts."""

    client: str
    """The prefix of the client's link."""

    server: str
    translated: str | None
    """The border's address that stands for the client outside (NAT), as a prefix; None where nobody translates."""

    inside: frozenset[str]
    """The routers on the client's side of the border, and the border itself."""

    def client_for(self, node: str) -> str:
        """The prefix by which a router knows the client."""
        return self.client if self.translated is None or node in self.inside else self.translated


def routes(cables: Iterable[Cable], ends: Ends, *, onward: bool) -> Iterator[Route]:
    """Yield the routes of all nodes.

    Args:
        cables: All there are.
        ends: Where they lead to.
        onward: Whether the errors of a router that stands on one way only go on with that way's packets before they
            turn, rather than back by where the packets came from.
    """
    cables = list(cables)
    towards: dict[Way, dict[str, list[Cable]]] = {way: {} for way in Way}
    for cable in cables:
        for way in cable.carries:
            towards[way].setdefault(cable.a if way is Way.THERE else cable.b, []).append(cable)
    for way in Way:
        for node in _routers(cables):
            if node not in towards[way]:
                towards[way][node] = _homewards(node, cables, way, onward=onward)
    default = "default6" if ":" in ends.client else "default"
    for way, found in towards.items():
        for node, leaving in found.items():
            if node in {CLIENT, SERVER}:
                yield _line(node, default, leaving)
                continue
            to = ends.server if way is Way.THERE else ends.client_for(node)
            reached = {cable.other(node) for cable in leaving} & {CLIENT, SERVER}
            if not reached:
                yield _line(node, to, leaving)


def _routers(cables: list[Cable]) -> list[str]:
    nodes = dict.fromkeys(node for cable in cables for node in (cable.a, cable.b))
    return [node for node in nodes if node not in {CLIENT, SERVER}]


def _homewards(node: str, cables: list[Cable], way: Way, *, onward: bool) -> list[Cable]:
    """The cable by which a router that is not on *way* sends what goes that way."""
    to_client = way is Way.BACK
    sides = [cable for cable in cables if (cable.b if to_client else cable.a) == node]
    others = [cable for cable in cables if (cable.a if to_client else cable.b) == node]
    return (others if onward else sides)[:1]


def _line(node: str, to: str, leaving: list[Cable]) -> Route:
    gateways = [cable.address(cable.other(node)) for cable in leaving]
    if len(gateways) == 1:
        return Route(node=node, to=to, via=gateways[0])
    return Route(node=node, to=to, hops=[Hop(via=gateway) for gateway in gateways])


def subnet(interface: str) -> str:
    """The prefix of an address that has the length of its prefix behind it."""
    return str(ipaddress.ip_interface(interface).network)
