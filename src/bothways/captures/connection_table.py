"""Which connection does a packet belong to: the endpoints tell, and a new SYN where ports are used again."""

from typing import TYPE_CHECKING

from msgspec import Struct

from bothways.captures.copies import Copies
from bothways.captures.eviction import MOST_ROWS, Eviction
from bothways.captures.history import extended
from bothways.captures.way_track import WayTrack
from bothways.evidence.capture import ConnectionRow
from bothways.evidence.icmp_error import IcmpError, Unreachable
from bothways.evidence.left_out import Crowd
from bothways.evidence.segment import Flags, Segment
from bothways.units import SECOND, Duration, between
from bothways.wire.sequence import advance

if TYPE_CHECKING:
    from bothways.evidence.endpoint import Endpoint

_SYN = int(Flags.SYN)
_SYN_ACK = int(Flags.SYN | Flags.ACK)
_KIND = int(Flags.SYN | Flags.ACK | Flags.RST)

_SWAPPED_WITHIN = Duration(SECOND)
"""An error that stands in the file ahead of what it quotes was written by another receive queue, a moment late."""

_MOST_EARLY = 1000
"""Errors that wait for what they quote; more of them quote connections that the capture does not show."""


class _Side(Struct, frozen=True, kw_only=True):
    """One way of a connection, as its packets find it."""

    row: ConnectionRow
    own: WayTrack
    peer: WayTrack
    opens: bool
    """This way is the opener's."""

    after: int
    """Number of the last packet of an earlier connection between the same ports; 0 where there was none."""


class ConnectionTable:
    """The connections of one capture, in order of first appearance."""

    def __init__(self, *, most_rows: int = MOST_ROWS) -> None:
        """*most_rows* are held at a time (`bothways.captures.eviction`)."""
        self.rows: list[ConnectionRow] = []
        self._met = 0
        """Connections so far."""

        self._eviction = Eviction(most_rows)
        self._sides: dict[tuple[Endpoint, Endpoint], _Side] = {}
        """By sender and receiver: the latest connection between them."""

        self._early: dict[tuple[Endpoint, Endpoint], tuple[int, IcmpError]] = {}
        """Errors about packets that were not seen yet, with their numbers."""

        self._copies = Copies()
        self.adopted = 0
        """Errors that turned out to be about a connection whose first packet came after them."""

    def add(self, segment: Segment, number: int) -> bool:
        """Count a segment, *number* in the capture, for its connection, a new one if need be.

        Segments come in the order of their numbers, but for a first fragment that waited in vain for the others: False
        where that belongs to an earlier use of its ports.
        """
        side = self._sides.get((segment.source, segment.destination))
        if side is None or (_opens_another(side, segment) and not segment.partial):
            side = self._open(segment, number)
        row = side.row
        if number < row.first_number:
            if number <= side.after:
                return False
            row.first_number, row.first_frame, row.part = number, segment.frame, segment.part
        row.last_number = max(row.last_number, number)
        for letter in side.own.count(segment):
            row.history = extended(row.history, letter if side.opens else letter.lower())
        if self._early and (segment.source, segment.destination) in self._early:
            self._adopt(side, segment)
        return True

    def add_error(self, error: IcmpError, number: int) -> bool:
        """Count an ICMP error, *number* in the capture, for the way that it quotes.

        False where no packet of that connection was seen before: it may still come.
        """
        side = self._sides.get((error.source, error.destination))
        if side is None or number < side.row.first_number:
            if len(self._early) < _MOST_EARLY:
                self._early.setdefault((error.source, error.destination), (number, error))
            return False
        self._count_error(side, error, number)
        return True

    def _count_error(self, side: _Side, error: IcmpError, number: int) -> None:
        side.own.counters.icmp_errors += 1
        if error.says is Unreachable.EXPIRED:
            side.own.counters.expired_at = error.reporter
        side.row.last_number = max(side.row.last_number, number)
        side.row.history = extended(side.row.history, "U" if side.opens else "u")

    def _adopt(self, side: _Side, segment: Segment) -> None:
        """Count an error that stands ahead of *segment*, the first of its connection, and quotes it."""
        number, error = self._early.pop((segment.source, segment.destination))
        apart = abs(between(error.at, segment.at))
        if apart <= _SWAPPED_WITHIN and error.seq in {None, segment.seq} and number > side.after:
            side.row.first_number = min(side.row.first_number, number)
            self._count_error(side, error, number)
            self.adopted += 1

    @property
    def crowd(self) -> Crowd | None:
        """Connections of which rows were let go; None where all are held."""
        return self._eviction.crowd()

    def settle(self) -> None:
        """Count what was never seen of each connection, now that all its packets were."""
        for side in self._sides.values():
            side.own.settle(side.peer.counters.acked)

    def _open(self, segment: Segment, number: int) -> _Side:
        after = 0
        for before in (segment.source, segment.destination), (segment.destination, segment.source):
            if (earlier := self._sides.get(before)) is not None:
                earlier.own.settle(earlier.peer.counters.acked)
                after = earlier.row.last_number
        if self._eviction.is_full(self.rows):
            self._make_room()
        row = ConnectionRow(
            number=self._met,
            opener=segment.source,
            other=segment.destination,
            first_frame=segment.frame,
            part=segment.part,
            first_number=number,
            last_number=number,
        )
        self._met += 1
        self.rows.append(row)
        self._eviction.meet(row)
        sent = WayTrack(row.sent, self._copies)
        received = WayTrack(row.received, self._copies)
        opener = _Side(row=row, own=sent, peer=received, opens=True, after=after)
        other = _Side(row=row, own=received, peer=sent, opens=False, after=after)
        self._sides[segment.destination, segment.source] = other
        self._sides[segment.source, segment.destination] = opener
        return opener

    def _make_room(self) -> None:
        self.settle()
        gone = self._eviction.chosen(self.rows)
        self.rows = [row for row in self.rows if row.number not in gone]
        self._sides = {ends: side for ends, side in self._sides.items() if side.row.number not in gone}


def _opens_another(side: _Side, segment: Segment) -> bool:
    """Tell whether a segment begins another connection between the same ports.

    A SYN with another initial sequence number does: "A TCP implementation MUST use the above type of "clock" for
    clock-driven selection of initial sequence numbers" (RFC 9293 section 3.4.1, MUST-8), while a repeated SYN keeps its
    number.
    """
    kind = int(segment.flags) & _KIND
    if kind == _SYN:
        return not _fits(side, segment.seq)
    if kind == _SYN_ACK:
        # Where only the way back is seen, the SYN+ACK must tell: another number that answers another SYN.
        known = side.own.counters
        return (
            known.isn is not None
            and known.isn != segment.seq
            and side.peer.counters.isn is None
            and known.first_ack != segment.ack
        )
    return False


def _fits(side: _Side, isn: int) -> bool:
    """Tell whether a SYN can be the one that began this connection, seen late or again."""
    own = side.own.counters
    if own.isn is not None:
        return own.isn == isn
    first = advance(isn, 1)
    return side.own.first_seq in {None, first} and side.peer.counters.first_ack in {None, first}
