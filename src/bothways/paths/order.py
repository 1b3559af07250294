"""In what order two reports pass what they have in common: the same for one way, the reverse for opposite ways.

Routers show the address of one interface on the way there and of another one on the way back. The two addresses of one
link then tell the same as one address: the router behind the link shows one of them, and on the way back the router
before it shows the other.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

from bothways.evidence.path_report import HopReply, PathReport
from bothways.paths.addresses import parsed
from bothways.paths.routers import GENERIC_NAMES

LINK_BITS = {4: 2, 6: 2}
"""Host bits of a link between two routers: /30 and /31 (RFC 3021), /126 and /127 (RFC 6164)."""

MOST_COMPARED = 64
"""Places in common that are compared: no path is longer, and each is held against each."""


class Order(StrEnum):
    """How one report passes the routers of another one."""

    SAME = "same"
    REVERSED = "reversed"


def order_of(one: PathReport, other: PathReport) -> Order | None:
    """The order in which *other* passes what *one* passes; None where they share too little, or disagree with it."""
    by_name = _order(_places(one), _places(other))
    return by_name or _order(_links(one), _links(other))


def _order(one: Mapping[str, int], other: Mapping[str, int]) -> Order | None:
    common = sorted((at, other[what]) for what, at in one.items() if what in other)[:MOST_COMPARED]
    turns = [(mine < later) - (mine > later) for (_, mine), (_, later) in combinations(common, 2)]
    same, reverse = turns.count(1), turns.count(-1)
    if same > 3 * reverse:
        return Order.SAME
    return Order.REVERSED if reverse > 3 * same else None


def _places(report: PathReport) -> dict[str, int]:
    """Where each router stands that answers at one distance: by its name unless many bear it, and by its address."""
    seen: dict[str, set[int]] = {}
    for hop in report.hops:
        for reply in hop.replies:
            for word in _words(reply):
                seen.setdefault(word, set()).add(hop.index)
    return {word: next(iter(places)) for word, places in seen.items() if len(places) == 1}


def _words(reply: HopReply) -> list[str]:
    name = reply.name.casefold() if reply.name else None
    named = [name] if name and name not in GENERIC_NAMES else []
    return [*named, *([reply.address] if reply.address else [])]


def _links(report: PathReport) -> dict[str, int]:
    """Where each link is entered."""
    places: dict[str, int] = {}
    for hop in report.hops:
        for reply in hop.replies:
            link = _link(reply.address)
            if link:
                places.setdefault(link, hop.index)
    return places


@lru_cache(maxsize=4096)
def _link(address: str | None) -> str | None:
    number = parsed(address)
    if number is None:
        return None
    return f"{number.version}/{int(number) >> LINK_BITS[number.version]:x}"
