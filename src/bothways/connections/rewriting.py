"""What the devices between two observers of one connection rewrote."""

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.identity import Columns, Message, message
from bothways.connections.observer import Observer
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.segment import Segment
from bothways.way import Way


class Side(StrEnum):
    """Where an observer stands, as seen from a device that rewrites addresses."""

    BEFORE = "before"
    """It sees the addresses that the client uses."""
    AFTER = "after"
    """It sees the addresses that the device makes of them."""
    BETWEEN = "between"
    """Some are rewritten before it and some after."""


class Rewriting(Struct, frozen=True, kw_only=True):
    """What differs between two observers of one connection; *up* is the one nearer to the client."""

    up: Seen
    down: Seen

    @property
    def client(self) -> tuple[Endpoint, Endpoint] | None:
        """The client's end at the two, where it differs."""
        return _changed(self.up.sides.client, self.down.sides.client)

    @property
    def server(self) -> tuple[Endpoint, Endpoint] | None:
        """The server's end at the two, where it differs."""
        return _changed(self.up.sides.server, self.down.sides.server)

    @property
    def addresses(self) -> bool:
        """Whether an address or a port differs."""
        return self.client is not None or self.server is not None

    def sequence(self, way: Way) -> bool | None:
        """Whether the sequence numbers of *way* differ; None where one of the two did not see them begin."""
        isns = [_raw_isn(seen, way) for seen in (self.up, self.down)]
        if None in isns:
            return None
        return self.up.numbering.seq(way) != self.down.numbering.seq(way)


def _changed(up: Endpoint, down: Endpoint) -> tuple[Endpoint, Endpoint] | None:
    return None if up == down else (up, down)


def _raw_isn(seen: Seen, way: Way) -> int | None:
    return (seen.sides.there if way is Way.THERE else seen.sides.back).isn


def rewritings(exchange: Exchange) -> tuple[Rewriting, ...]:
    """What happened between each observer of *exchange* and the next one toward the server."""
    return tuple(Rewriting(up=up, down=down) for up, down in zip(exchange.seen, exchange.seen[1:], strict=False))


def side_of(observer: Observer, exchanges: Iterable[Exchange]) -> Side | None:
    """On which side of address translation *observer* stands; None where no joined connection shows any."""
    before = after = False
    for exchange in exchanges:
        if len(exchange.seen) == 1:
            continue
        place = next((n for n, seen in enumerate(exchange.seen) if seen.observer is observer), None)
        if place is None:
            continue
        for number, rewriting in enumerate(rewritings(exchange)):
            if rewriting.addresses:
                before, after = before or number >= place, after or number < place
    if before and after:
        return Side.BETWEEN
    return Side.BEFORE if before else Side.AFTER if after else None


def columns_kept(up: Seen, down: Seen, way: Way) -> Columns:
    """Which columns still tell packets of *way* apart at both, by those that say the same at both.

    A column counts as rewritten where most messages that both saw bear it at both and none of their values is common.
    """
    stamps, marks = _Votes(), _Votes()
    arrived = _by_message(down.segments(way))
    for said, sent in _by_message(up.segments(way)).items():
        came = arrived.get(said)
        if came:
            stamps.add({one.options.ts_value for one in sent}, {one.options.ts_value for one in came})
            marks.add({one.ip_id or None for one in sent}, {one.ip_id or None for one in came})
    return Columns(timestamps=stamps.kept, ip_ids=marks.kept)


def _by_message(segments: Iterable[Segment]) -> dict[Message, list[Segment]]:
    found: defaultdict[Message, list[Segment]] = defaultdict(list)
    for segment in segments:
        found[message(segment)].append(segment)
    return found


class _Votes:
    """For how many messages a column is the same at both observers, and for how many it is not."""

    __slots__ = ("_changed", "_same")

    def __init__(self) -> None:
        self._same = self._changed = 0

    def add(self, sent: set[int | None], came: set[int | None]) -> None:
        if sent == came == {None}:
            return
        if sent & came:
            self._same += 1
        else:
            self._changed += 1

    @property
    def kept(self) -> bool:
        return self._same >= self._changed
