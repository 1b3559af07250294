"""Connections to one target, and what many questions ask of all of them, put together once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TypeVar

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.outcome import Outcome
from bothways.connections.tally import how_many

_Word = TypeVar("_Word")


class Crowd(tuple[Exchange, ...]):  # noqa: SLOT001 - what is put together once is kept in it
    """A tuple of connections; each of the following is a part of it in the same order."""

    @cached_property
    def by_outcome(self) -> Mapping[Outcome, tuple[Exchange, ...]]:
        """Those of each outcome that occurs."""
        found: defaultdict[Outcome, list[Exchange]] = defaultdict(list)
        for exchange in self:
            found[exchange.outcome].append(exchange)
        return _kept(found)

    @cached_property
    def worked(self) -> tuple[Exchange, ...]:
        """Those that worked."""
        return self.by_outcome.get(Outcome.WORKED, ())

    @cached_property
    def counts(self) -> Counter[Outcome]:
        """How many connections ended in each way."""
        return Counter({outcome: how_many(members) for outcome, members in self.by_outcome.items()})

    @cached_property
    def size(self) -> int:
        """How many connections they are."""
        return self.counts.total()

    @property
    def failed(self) -> int:
        """How many failed by themselves."""
        return sum(count for outcome, count in self.counts.items() if outcome.failed)

    @cached_property
    def captured(self) -> tuple[Exchange, ...]:
        """Those whose packets are at hand."""
        return tuple(exchange for exchange in self if exchange.has_packets)

    @cached_property
    def by_client_port(self) -> Mapping[int, tuple[Exchange, ...]]:
        """Those that used a port of the client, as anybody saw it."""
        found: defaultdict[int, list[Exchange]] = defaultdict(list)
        for exchange in self:
            for port in {seen.sides.client.port for seen in exchange.seen}:
                found[port].append(exchange)
        return _kept(found)

    @cached_property
    def tried_again(self) -> tuple[tuple[Exchange, ...], ...]:
        """Those that failed or worked by the client's end nearest to it, where one was used for more than one."""
        found: defaultdict[object, list[Exchange]] = defaultdict(list)
        for exchange in self:
            if exchange.outcome.failed or exchange.outcome is Outcome.WORKED:
                found[exchange.seen[0].sides.client].append(exchange)
        return tuple(tuple(members) for members in found.values() if len(members) > 1)

    @cached_property
    def seen_by(self) -> Mapping[int, tuple[tuple[Exchange, Seen], ...]]:
        """What each observer, by identity, saw of which of them."""
        found: defaultdict[int, list[tuple[Exchange, Seen]]] = defaultdict(list)
        for exchange in self:
            for seen in exchange.seen:
                found[id(seen.observer)].append((exchange, seen))
        return {observer: tuple(items) for observer, items in found.items()}


def crowd(connections: Iterable[Exchange]) -> Crowd:
    """*connections* as a crowd; a crowd stays what it is, with all that was put together of it."""
    return connections if isinstance(connections, Crowd) else Crowd(connections)


def _kept(found: Mapping[_Word, list[Exchange]]) -> dict[_Word, tuple[Exchange, ...]]:
    return {word: tuple(members) for word, members in found.items()}
