"""Stretches between neighbouring observers, and what was lost on each, class by class, by a proven observer."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from bothways.connections.delivery import (
    Crossing,
    Downstream,
    count_by_class,
    crossings,
    ran_when,
)
from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Observer, Place
from bothways.connections.outcome import SEVERAL, Outcome
from bothways.connections.packet_class import PacketClass, packet_class
from bothways.evidence.citation import Citation
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.segment import Segment
from bothways.facts.subject import Subject, cite
from bothways.way import Way

BY_CHANCE = 0.001
"""Probability up to which a capture that misses packets can have missed all of a class and none of the others."""

Crossed = tuple[Seen, Crossing]
"""A packet as its upstream observer saw it, and whether it arrived downstream."""


class Stretch(Struct, frozen=True, kw_only=True):
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

    certain: bool
    """Whether the downstream capture certainly ran when what is lost was due."""

    @property
    def at_device(self) -> bool:
        """Whether both observers stood on the two sides of one device, or at least inside the path."""
        return self.upstream.place is not Place.CLIENT and self.downstream.place is not Place.SERVER

    @property
    def sure(self) -> bool:
        """Whether the loss is certain, and the order of the two observers.

        By their places, or by the TTL that packets lost in between.
        """
        start, end = self._routers(self.upstream), self._routers(self.downstream)
        ordered = start is not None and end is not None and start < end
        return self.certain and (ordered or (self.upstream.sure and self.downstream.sure))

    def _routers(self, observer: Observer) -> int | None:
        return observer.routers_there if self.way is Way.THERE else observer.routers_back

    def certainly(self) -> "Stretch":
        """The same of those packets alone of which it is certain whether they arrived."""
        crossed = tuple((seen, crossing) for seen, crossing in self.crossed if crossing.certain)
        counts = count_by_class(crossing for _, crossing in crossed)
        return replace(self, crossed=crossed, counts=counts, certain=True)

    def tally(self) -> str:
        """`SYN 3 of 3, ACK 0 of 9, data 0 of 12`."""
        return ", ".join(f"{kind} {arrived} of {sent}" for kind, (arrived, sent) in self.counts.items())


@lru_cache(maxsize=16)  # Many facts ask for the same ones.
def stretches(subject: Subject, way: Way) -> tuple[Stretch, ...]:
    """Every pair of neighbouring observers.

    In the order in which packets of *way* pass them, with what was lost between.
    """
    order = [observer for observer in _order(subject, way) if not _around(subject, observer, way)]
    found = []
    for upstream, downstream in pairwise(order):
        crossed = list(_crossed(subject, upstream, downstream, way))
        if crossed:
            found.append(_surest(way, upstream, downstream, crossed))
    return tuple(found)


def _surest(way: Way, upstream: Observer, downstream: Observer, crossed: Sequence[Crossed]) -> Stretch:
    """What is certain, if that shows a loss; else all that is probable."""
    certain = [(seen, crossing) for seen, crossing in crossed if crossing.certain]
    stretch = _stretch(way, upstream, downstream, certain)
    return stretch if stretch.lost else _stretch(way, upstream, downstream, crossed)


def _crossed(subject: Subject, upstream: Observer, downstream: Observer, way: Way) -> Iterator[Crossed]:
    client_side, server_side = (upstream, downstream) if way is Way.THERE else (downstream, upstream)
    offset = subject.offset(client_side.vantage, server_side.vantage)
    for exchange in subject.exemplars:
        up = exchange.at(upstream.vantage)
        if up is None or not up.segments(way):
            continue
        down = exchange.at(downstream.vantage) or _saw_nothing(up, downstream)
        beyond = _beyond(subject, exchange, downstream, way)
        if beyond and not down.segments(way):
            continue  # It went around the observer.
        known = way is Way.THERE and proven(subject, exchange, downstream)
        where = Downstream(seen=down, proven=known, beyond=beyond, acknowledged=exchange.acknowledged(way))
        for crossing in crossings(up, where, way, offset=offset):
            yield up, crossing


def _order(subject: Subject, way: Way) -> tuple[Observer, ...]:
    """The observers as packets of *way* pass them."""
    return subject.observers if way is Way.THERE else tuple(reversed(subject.observers))


def _around(subject: Subject, observer: Observer, way: Way) -> bool:
    """Whether all that goes *way* goes around *observer*: then those before and after it are neighbours."""
    return all(
        _beyond(subject, exchange, observer, way) and not _saw(exchange, observer, way)
        for exchange in subject.exemplars
    )


def _saw(exchange: Exchange, observer: Observer, way: Way) -> bool:
    seen = exchange.at(observer.vantage)
    return seen is not None and bool(seen.segments(way))


def _beyond(subject: Subject, exchange: Exchange, observer: Observer, way: Way) -> list[Seen]:
    """What those farther along *way* than *observer* saw of the connection that way."""
    order = _order(subject, way)
    farther = {other.vantage for other in order[order.index(observer) + 1 :]}
    return [seen for seen in exchange.seen if seen.observer.vantage in farther and seen.segments(way)]


def _saw_nothing(up: Seen, downstream: Observer) -> Seen:
    """A stand-in for an observer that holds nothing of a connection."""
    return Seen(observer=downstream, sides=up.sides, fate=up.fate, packets=None)


def _stretch(way: Way, upstream: Observer, downstream: Observer, crossed: Sequence[Crossed]) -> Stretch:
    missing = lost_for_good(crossed)
    classes = tuple(dict.fromkeys(packet_class(segment) for _, segment in missing))
    return Stretch(
        way=way,
        upstream=upstream,
        downstream=downstream,
        counts=count_by_class(crossing for _, crossing in crossed),
        lost=tuple(kind for kind in classes if kind is PacketClass.DATA or _all_lost(kind, crossed, downstream)),
        witnesses=tuple(where for seen, segment in missing[:4] for where in cite(seen, segment)),
        crossed=tuple(crossed),
        certain=all(crossing.certain for _, crossing in crossed),
    )


def _all_lost(kind: PacketClass, crossed: Sequence[Crossed], downstream: Observer) -> bool:
    """Whether none of several came across, and not because the capture downstream missed just these.

    Where data does come across, a lack of bare ACKs is chance or a capture's filter.
    """
    alike = [crossing for _, crossing in crossed if packet_class(crossing.segment) is kind]
    carried = [crossing for _, crossing in crossed if kind is PacketClass.ACK and crossing.segment.payload]
    by_chance = downstream.quality.misses ** len(alike)
    enough = len(alike) >= SEVERAL and by_chance < BY_CHANCE
    return enough and not any(crossing.delivered for crossing in (*alike, *carried))


def lost_for_good(crossed: Sequence[Crossed]) -> list[tuple[Seen, Segment]]:
    """Packets, with their observer, that came across in no sending; data only after several tries."""
    tries = Counter(_bytes_of(seen, crossing.segment) for seen, crossing in crossed if crossing.segment.payload)
    return [
        (seen, crossing.segment)
        for seen, crossing in crossed
        if not crossing.delivered
        and (not crossing.segment.payload or tries[_bytes_of(seen, crossing.segment)] >= SEVERAL)
    ]


def _bytes_of(seen: Seen, segment: Segment) -> tuple[Endpoint, Endpoint, int]:
    """Which bytes *segment* brings, by their beginning."""
    return (seen.sides.client, segment.source, segment.seq)


def proven(subject: Subject, exchange: Exchange, observer: Observer) -> bool:
    """Whether *observer* would have shown the connection: it shows another one to the same port meanwhile.

    Of the same hosts; or of another client that was served, where nothing that failed in this capture can be the
    connection under another address.
    """
    if not _tried_while_it_ran(subject, exchange, observer):
        return False
    shown = subject.seen_by.get(id(observer), ())
    if any(seen.sides.there.packets and _alike(other, seen, exchange) for other, seen in shown):
        return True
    return any(_served(other, seen, exchange) for other, seen in shown) and not any(
        may_be(other, exchange) for other, _ in shown
    )


def _tried_while_it_ran(subject: Subject, exchange: Exchange, observer: Observer) -> bool:
    """Whether the client's first packet or a repeat of its SYN was due while the observer's capture ran."""
    view = exchange.seen[0]
    begun = view.sides.there.first
    tries = [segment.at for segment in view.there if segment.is_syn]
    moments = (subject.reckon(at, view.observer, observer) for at in ((begun,) if begun else ()) + tuple(tries))
    return any(due is not None and ran_when(observer, due) for due in moments)


def _served(other: Exchange, seen: Seen, exchange: Exchange) -> bool:
    return other.outcome is Outcome.WORKED and other.server == exchange.server == seen.sides.server


def may_be(other: Exchange, exchange: Exchange) -> bool:
    """Whether *other*, which nobody ahead of this observer knows, may be *exchange* under another address."""
    met = {seen.observer.vantage for seen in exchange.seen}
    return not any(seen.observer.vantage in met for seen in other.seen) and other.outcome is not Outcome.WORKED


def _alike(other: Exchange, seen: Seen, exchange: Exchange) -> bool:
    """The same hosts and the same port: a capture may have been told to keep one port only.

    The client may have another address there. A server may not: where one address stands for several servers, another
    connection may have gone to another one.
    """
    same = (other.client.address, other.server) == (exchange.client.address, exchange.server)
    return same and seen.sides.server == exchange.server
