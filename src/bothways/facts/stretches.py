"""Stretches between neighbouring observers, and what was lost on each, class by class, by a proven observer."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bothways.connections.delivery import Crossing, PacketClass, count_by_class, crossings, packet_class
from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Observer, Place
from bothways.connections.outcome import SEVERAL
from bothways.evidence.citation import Citation
from bothways.evidence.segment import Segment
from bothways.facts.subject import Subject, cite
from bothways.way import Way

Crossed = tuple[Seen, Crossing]
"""A packet as its upstream observer saw it, and whether it arrived downstream."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What was lost between two neighbouring observers, over all exemplars."""

    way: Way
    upstream: Observer
    downstream: Observer
    counts: dict[PacketClass, tuple[int, int]]
    """Arrived of sent, by class."""

    lost: tuple[PacketClass, ...]
    """Classes of which something was lost for good."""

    witnesses: tuple[Citation, ...]
    """Packets upstream that never arrived."""

    crossed: tuple[Crossed, ...]
    """Every packet that was compared."""

    @property
    def at_device(self) -> bool:
        """Whether both observers stood on the two sides of one device, or at least inside the path."""
        return self.upstream.place is not Place.CLIENT and self.downstream.place is not Place.SERVER

    @property
    def sure(self) -> bool:
        """Whether the order of the two observers is certain.

        By their places, or by the TTL that packets lost in between.
        """
        start, end = self._routers(self.upstream), self._routers(self.downstream)
        ordered = start is not None and end is not None and start < end
        return ordered or (self.upstream.sure and self.downstream.sure)

    def _routers(self, observer: Observer) -> int | None:
        return observer.routers_there if self.way is Way.THERE else observer.routers_back

    def tally(self) -> str:
        """`SYN 3 of 3, ACK 0 of 9, data 0 of 12`."""
        return ", ".join(f"{kind} {arrived} of {sent}" for kind, (arrived, sent) in self.counts.items())


def stretches(subject: Subject, way: Way) -> tuple[Stretch, ...]:
    """Every pair of neighbouring observers.

    In the order in which packets of *way* pass them, with what was lost between.
    """
    order = subject.observers if way is Way.THERE else tuple(reversed(subject.observers))
    found = []
    for upstream, downstream in pairwise(order):
        crossed = list(_crossed(subject, upstream, downstream, way))
        if crossed:
            found.append(_stretch(way, upstream, downstream, crossed))
    return tuple(found)


def _crossed(subject: Subject, upstream: Observer, downstream: Observer, way: Way) -> Iterator[Crossed]:
    client_side, server_side = (upstream, downstream) if way is Way.THERE else (downstream, upstream)
    offset = subject.offset(client_side.vantage, server_side.vantage)
    for exchange in subject.exemplars:
        up = exchange.at(upstream.vantage)
        if up is None or not up.segments(way):
            continue
        down = exchange.at(downstream.vantage) or _saw_nothing(up, downstream)
        known = way is Way.THERE and proven(subject, exchange, downstream)
        for crossing in crossings(up, down, way, offset=offset, proven=known):
            yield up, crossing


def _saw_nothing(up: Seen, downstream: Observer) -> Seen:
    """A stand-in for an observer that holds nothing of a connection."""
    return Seen(observer=downstream, sides=up.sides, fate=up.fate, packets=None)


def _stretch(way: Way, upstream: Observer, downstream: Observer, crossed: Sequence[Crossed]) -> Stretch:
    counts = count_by_class(crossing for _, crossing in crossed)
    missing = lost_for_good(crossed)
    classes = tuple(dict.fromkeys(packet_class(segment) for _, segment in missing))
    return Stretch(
        way=way,
        upstream=upstream,
        downstream=downstream,
        counts=counts,
        lost=tuple(kind for kind in classes if kind is PacketClass.DATA or _all_lost(counts[kind])),
        witnesses=tuple(where for seen, segment in missing[:4] for where in cite(seen, segment)),
        crossed=tuple(crossed),
    )


def _all_lost(count: tuple[int, int]) -> bool:
    arrived, sent = count
    return arrived == 0 and sent >= SEVERAL


def lost_for_good(crossed: Sequence[Crossed]) -> list[tuple[Seen, Segment]]:
    """Packets, with their observer, whose bytes no sending brought across.

    A packet without bytes is its own sending.
    """
    delivered = {
        (seen.sides.client, crossing.segment.source, crossing.segment.seq)
        for seen, crossing in crossed
        if crossing.arrived and crossing.segment.payload
    }
    tries = Counter((seen.sides.client, crossing.segment.source, crossing.segment.seq) for seen, crossing in crossed)
    lost = []
    for seen, crossing in crossed:
        key = (seen.sides.client, crossing.segment.source, crossing.segment.seq)
        if crossing.arrived or (crossing.segment.payload and (key in delivered or tries[key] < SEVERAL)):
            continue
        lost.append((seen, crossing.segment))
    return lost


def proven(subject: Subject, exchange: Exchange, observer: Observer) -> bool:
    """Whether *observer* saw another connection of the same hosts while this one was tried."""
    first, last = observer.survey.first, observer.survey.last
    begun = exchange.seen[0].sides.there.first
    if first is None or last is None or begun is None or not first <= begun <= last:
        return False
    others = (*subject.connections, *(other for item in subject.neighbours for other in item.exchanges))
    return any(
        seen.observer is observer and seen.sides.there.packets and _same_hosts(seen, exchange)
        for other in others
        for seen in other.seen
    )


def _same_hosts(seen: Seen, exchange: Exchange) -> bool:
    return (seen.sides.client.address, seen.sides.server.address) == (exchange.client.address, exchange.server.address)
