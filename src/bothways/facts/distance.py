"""How many routers each way has, by TTL arithmetic. The Internet is asymmetric: this never settles anything.

Captures at both ends show how much of its TTL one and the same packet lost: no initial TTL has to be guessed, and
hosts with an unusual one are counted right. Only the connections that fail are looked at, where there are any: others
of the same clients may take other ways.
"""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.evidence.capture import WayCounters
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject, seen_at


class Counts(StrEnum):
    """Do both ways have as many routers?"""

    EQUAL = "equal"
    UNEQUAL = "unequal"


ROUTERS_EACH_WAY = Kind(
    id="routers-each-way", asks="Do both ways pass as many routers?", family="ttl", answers=Counts, decisive=False
)


LOOKED_AT = 3
"""Connections that are counted."""

MOST_SEARCHED = 1000
"""Connections that did not fail among which they are looked for."""


class _Ends(Struct, frozen=True, kw_only=True):
    """One connection at both ends."""

    client: Seen
    server: Seen

    @property
    def both_ways(self) -> bool:
        """Whether each end saw a packet of the other that is no reset, which any device may send."""
        return _is_seen(self.server.sides.there) and _is_seen(self.client.sides.back)


def routers_each_way(subject: Subject) -> Fact:
    """Routers there by what the client's packets lost of their TTL up to the server, back by what the server's lost."""
    if subject.observer_at(Place.CLIENT) is None or subject.observer_at(Place.SERVER) is None:
        return unknown(ROUTERS_EACH_WAY, "it takes captures at both ends to compare TTLs")
    ends = _at_both(subject.exemplars) or _at_both(subject.connections[:MOST_SEARCHED])
    if not ends:
        return unknown(ROUTERS_EACH_WAY, "one of the two captures shows other hosts' packets only")
    told = [pair for pair in ends if pair.both_ways][:LOOKED_AT]
    if not told:
        return unknown(ROUTERS_EACH_WAY, "one end saw no packet of the other")
    return agreed([_counted(pair) for pair in told])


def _at_both(exchanges: Sequence[Exchange]) -> list[_Ends]:
    pairs = [(seen_at(exchange, Place.CLIENT), seen_at(exchange, Place.SERVER)) for exchange in exchanges]
    return [
        _Ends(client=client, server=server) for client, server in pairs if client is not None and server is not None
    ]


def _is_seen(way: WayCounters) -> bool:
    return way.packets > way.resets


def _counted(ends: _Ends) -> Fact:
    there = _lost(ends.client.sides.there, ends.server.sides.there)
    back = _lost(ends.server.sides.back, ends.client.sides.back)
    if there is None or back is None:
        return unknown(ROUTERS_EACH_WAY, "one end's capture does not show what it sent itself")
    if there < 0 or back < 0:
        return unknown(
            ROUTERS_EACH_WAY, "packets arrive with a higher TTL than they left with: a device sends them anew"
        )
    answer = Counts.EQUAL if there == back else Counts.UNEQUAL
    says = f"{there} routers there and {back} back, by the TTLs with which packets left and arrived"
    return Fact(kind=ROUTERS_EACH_WAY, answer=answer, says=says, cites=(ends.server.begins, ends.client.begins))


def _lost(left: WayCounters, arrived: WayCounters) -> int | None:
    """By how much the TTL sank from the sender's capture to the receiver's; None where one of them shows none."""
    if left.ttl is None or arrived.ttl is None or not _is_seen(left):
        return None
    return left.ttl - arrived.ttl
