"""Path tools' SYNs whose own TTL nobody can tell any more: a device on the way wrote its own into all that passed.

They expire at one router after the other, to find out where these stand. What loops expires, too, and a host that
connects may take one such error for final (RFC 5461); but with the TTL that all its packets leave with, a
SYN that loops dies always at the same router, or at another one of the few of its loop.
"""

from collections import defaultdict
from collections.abc import Sequence

from bothways.connections.exchange import Exchange
from bothways.connections.sides import Sides

HOPS = 3
"""Routers at which SYNs of one client to one server expire from which on it is a trace: a loop of two is the usual one
(each holds the other for the way), and the TTL that hosts set themselves is the same for all of a host's packets."""


def traced(exchanges: Sequence[Exchange]) -> set[int]:
    """Which of *exchanges* are probes of traces, by their places in the sequence."""
    expired: defaultdict[object, dict[int, str]] = defaultdict(dict)
    for place, exchange in enumerate(exchanges):
        for seen in exchange.seen:
            if (router := _expired_at(seen.sides)) is not None:
                expired[exchange.client.address, exchange.server][place] = router
                break
    return {place for found in expired.values() if len(set(found.values())) >= HOPS for place in found}


def _expired_at(sides: Sides) -> str | None:
    """The router at which the connection's only packet, a SYN, ran out of hops; None where it was another fate."""
    there = sides.there
    lone = there.icmp_errors == there.packets == there.syns == 1 and not sides.back.packets
    return there.expired_at if lone else None
