"""What carried the failing connections where they were seen: a tunnel has ends, an MTU and filters of its own."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from bothways.connections.exchange import Exchange
from bothways.evidence.citation import Citation
from bothways.facts.fact import MOST_CITATIONS, Fact, Kind, unknown
from bothways.facts.subject import Subject
from bothways.way import Way


class Carrier(StrEnum):
    """Were the connection's packets inside of others?"""

    PLAIN = "plain"
    """Each way, at each observer, went as it is; tags of a VLAN are no tunnel."""

    TUNNELLED = "tunnelled"
    MIXED = "mixed"
    """One way or one observer had them in a tunnel, another not."""


CARRIED_IN = Kind(
    id="carried-in",
    asks="Were the connection's packets carried inside of others?",
    family="encapsulation",
    answers=Carrier,
    decisive=False,
)

_NO_TUNNELS = ("vlan ", "macsec")
_MOST_NAMED = 3


class _Way(Struct, frozen=True, kw_only=True):
    """One way of one connection at one observer."""

    vantage: str
    cite: Citation
    tunnels: str
    """What carried its first packet, outermost first; empty for nothing."""


def carried_in(subject: Subject) -> Fact:
    """By the first packet of each way of the failing connections at each observer that saw it."""
    ways = [way for exchange in subject.exemplars for way in _ways(exchange)]
    if not ways:
        return unknown(CARRIED_IN, "no capture shows these connections")
    inside = [way for way in ways if way.tunnels]
    if not inside:
        return _fact(Carrier.PLAIN, f"none of the {_counted(len(ways))} was carried in a tunnel", ways)
    names = list(dict.fromkeys(f"{way.tunnels} at {way.vantage}" for way in inside))
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    listed = f"{'; '.join(names[:_MOST_NAMED])}{more}"
    if len(inside) == len(ways):
        return _fact(Carrier.TUNNELLED, f"all of the {_counted(len(ways))} were carried in {listed}", inside)
    says = f"{len(inside)} of the {_counted(len(ways))} were carried in {listed}; the others in none"
    return _fact(Carrier.MIXED, says, inside)


def _ways(exchange: Exchange) -> Iterator[_Way]:
    for seen in exchange.seen:
        for way, counters in ((Way.THERE, seen.sides.there), (Way.BACK, seen.sides.back)):
            if counters.packets:
                first = next(iter(seen.segments(way)), None)
                tunnels = [word for word in counters.layers if not word.startswith(_NO_TUNNELS)]
                yield _Way(
                    vantage=seen.observer.vantage,
                    cite=seen.begins if first is None else seen.cite(first),
                    tunnels=", ".join(tunnels),
                )


def _counted(count: int) -> str:
    return f"{count} ways seen" if count > 1 else "one way seen"


def _fact(answer: Carrier, says: str, ways: Sequence[_Way]) -> Fact:
    cites = tuple(dict.fromkeys(way.cite for way in ways))
    return Fact(kind=CARRIED_IN, answer=answer, says=says, cites=cites[:MOST_CITATIONS])
