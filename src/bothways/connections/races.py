"""Races between address families and addresses, and those who lost them.

A client that knows several addresses of a server begins a connection to one, a quarter of a second later (two seconds
at most) to the next, and gives up all others once one is made (RFC 8305 section 5). The losers are no failures: nobody
wanted them any more. A loser

* carried no byte, and was never answered or was closed by the client within two seconds;
* was given up: no further SYN came although the capture ran on past the time of the next;
* has a winner: a connection of the same client to the same port at another address, begun less than two seconds before
  or after, that carried data, and after whose answer the loser's SYN was not repeated. A race tries an address once, so
  that a winner beats one connection to each: what is left over of several was wanted.

The addresses of one host in two families have nothing in common. So where several hosts of the other family are in
view, or the loser repeated its SYN and so waited for a second, a winner of the other family must be known by its name,
or be the only host of that family.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.outcome import PATIENCE, SEVERAL, Outcome
from bothways.connections.sides import Sides
from bothways.evidence.endpoint import Endpoint
from bothways.units import SECOND, Duration, Instant, between

APART = Duration(2 * SECOND)
"""The longest time between two attempts of a race (RFC 8305 section 8, Maximum Connection Attempt Delay)."""

MOST_LOOKED_AT = 500
"""Winners begun within `APART` that one loser is compared with; more of them are no race but a busy port."""


class Race(Struct, frozen=True, kw_only=True):
    """One loser and who won."""

    loser: int
    """Place of the exchange in the sequence."""

    winner: int
    answered: bool
    """The loser's SYN was answered, too late."""


class _Winner(Struct, frozen=True, kw_only=True):
    index: int
    at: Instant
    answered: Instant


class _Winners:
    """The connections that worked, by who may have raced against them, in order of time."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        self._by_host: defaultdict[tuple[int, str | bool], list[_Winner]] = defaultdict(list)
        """By port, and by client for its own family, by family for the other one."""
        hosts: defaultdict[bool, set[str]] = defaultdict(set)
        for index, exchange in enumerate(exchanges):
            sides = exchange.seen[0].sides
            client, port = sides.client.address, sides.server.port
            six = ":" in client
            hosts[six].add(client)
            at, answered = sides.first, sides.back.first
            if at is not None and answered is not None and _carried_data(exchange):
                winner = _Winner(index=index, at=at, answered=answered)
                self._by_host[port, client].append(winner)
                self._by_host[port, six].append(winner)
        for listed in self._by_host.values():
            listed.sort(key=lambda one: one.at)
        self.alone = {six: len(addresses) == 1 for six, addresses in hosts.items()}
        """Whether a family has a single host in view."""

    def near(self, loser: Exchange, at: Instant) -> Iterator[_Winner]:
        """Those that began less than `APART` before or after *at*."""
        for host in (loser.client.address, not _is_six(loser.client)):
            listed = self._by_host.get((loser.server.port, host), [])
            start = bisect_left(listed, at - APART, key=lambda one: one.at)
            end = bisect_left(listed, at + APART + 1, key=lambda one: one.at)
            yield from listed[start : min(end, start + MOST_LOOKED_AT)]


def races(exchanges: Sequence[Exchange], names: Mapping[Endpoint, frozenset[str]]) -> list[Race]:
    """Every loser among *exchanges*; *names* are those by which programs asked for a server."""
    if len({exchange.server.address for exchange in exchanges}) < 2:
        return []
    losers = [(index, at) for index, exchange in enumerate(exchanges) if (at := _lost_at(exchange)) is not None]
    if not losers:
        return []
    winners = _Winners(exchanges)
    beaten: set[tuple[int, Endpoint]] = set()
    found = []
    for index, at in losers:
        exchange = exchanges[index]
        for one in winners.near(exchange, at):
            raced = (one.index, exchange.server)
            if raced not in beaten and _beat(exchanges[one.index], exchange, one, winners, names):
                beaten.add(raced)
                answered = any(seen.sides.back.packets for seen in exchange.seen)
                found.append(Race(loser=index, winner=one.index, answered=answered))
                break
    return found


def _carried_data(exchange: Exchange) -> bool:
    there = back = 0
    for seen in exchange.seen:
        there += seen.sides.there.data
        back += seen.sides.back.data
    return there > 0 < back and exchange.outcome is not Outcome.PROBE and not exchange.outcome.failed


def _lost_at(exchange: Exchange) -> Instant | None:
    """When *exchange* began, if it can have lost a race."""
    for seen in exchange.seen:
        if seen.sides.there.data or seen.sides.back.data:
            return None  # So it is with nearly all.
    seen = exchange.seen[0]
    lost = _given_up(seen) if not any(item.sides.back.packets for item in exchange.seen) else _closed(seen.sides)
    return seen.sides.there.first if lost and seen.sides.there.syns else None


def _given_up(seen: Seen) -> bool:
    """No further SYN came although the capture ran on past the time of the next; each waits twice as long."""
    there, end = seen.sides.there, seen.observer.survey.end
    if there.first is None or there.last is None or end is None or there.icmp_errors:
        return False
    if there.first_ack is not None or there.last < there.first:
        return False  # It was answered out of view, or the clock was set meanwhile.
    return between(there.last, end) >= max(PATIENCE, 2 * between(there.first, there.last) + SECOND)


def _closed(sides: Sides) -> bool:
    """The client closed it as soon as it was made. A server that repeats its SYN+ACK had not made it."""
    there = sides.there
    ended = there.fins or there.resets
    if not ended or not 1 <= sides.back.syn_acks <= there.syns or there.first is None or there.last is None:
        return False
    return (
        0 <= between(there.first, there.last) <= APART and "r" not in sides.history.partition("R")[0].partition("F")[0]
    )


def _beat(
    winner: Exchange, loser: Exchange, one: _Winner, winners: _Winners, names: Mapping[Endpoint, frozenset[str]]
) -> bool:
    there = loser.seen[0].sides.there
    if winner.server.address == loser.server.address or winner.seen[0].observer is not loser.seen[0].observer:
        return False
    answered = any(seen.sides.back.packets for seen in loser.seen)
    if not answered and (there.last is None or there.last > one.answered):
        return False
    known = _same_name(winner, loser, names)
    if known is not None:
        return known
    if _is_six(winner.client) is _is_six(loser.client):
        return there.syns < SEVERAL
    return winners.alone[_is_six(winner.client)]


def _same_name(winner: Exchange, loser: Exchange, names: Mapping[Endpoint, frozenset[str]]) -> bool | None:
    """Whether both were wanted under one name; None where nobody says so of one of them."""
    asked = names.get(loser.server, frozenset())
    carried = names.get(winner.server, frozenset()) | ({winner.name} if winner.name else frozenset())
    return not asked.isdisjoint(carried) if asked and carried else None


def _is_six(end: Endpoint) -> bool:
    return ":" in end.address
