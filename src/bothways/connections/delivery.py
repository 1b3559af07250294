"""What of the packets seen at one observer arrived at the next, class by class.

Absence needs a proven observer: a packet counts as lost only if the downstream observer's capture ran at that time, saw
other packets of the same flow and way, or of the same two hosts, and would have shown this one. Only a later packet in
it shows for certain that it ran. And a capture may miss packets: what is seen farther on passed, and so did what the
receiver acknowledged. Data is compared by bytes, not by packets: a sender's capture shows segments before the network
card cuts them, a receiver's after it joined them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from bothways.connections.clock import ClockOffset, Reckoned
from bothways.connections.drift import LONGEST_TRANSIT
from bothways.connections.exchange import Seen
from bothways.connections.identity import Columns, identity, message
from bothways.connections.observer import Observer
from bothways.connections.packet_class import PacketClass, packet_class
from bothways.connections.quality import Shows
from bothways.connections.rewriting import columns_kept
from bothways.evidence.capture import Survey
from bothways.evidence.segment import Segment
from bothways.units import MILLISECOND, SECOND, Duration, Instant
from bothways.way import Way
from bothways.wire.sequence import advance, distance

QUIET = Duration(3 * SECOND)
"""How long before its first and after its last packet a capture probably ran, too: few people stop it in the seconds
between a SYN and its consequences, and a path that lost everything shows nothing later. A loss that rests on it is
unsure."""

PAUSE = Duration(300 * SECOND)
"""A silence in which a machine may have slept, or a piece of the capture be missing; idle hosts speak more often (a
neighbour's advertisement, a time server's answer)."""

CLOCK_SLACK = Duration(20 * MILLISECOND)
"""By how much an estimated clock offset may be wrong."""


class Crossing(Struct, frozen=True, kw_only=True):
    """One packet that left the upstream observer."""

    segment: Segment
    arrived: bool
    """Seen downstream or farther on. False means that nobody there saw this packet, though the observer is proven, or
    the crossing would not be listed."""

    delivered: bool
    """What it carried came across, in this sending or another: also one that the upstream observer missed."""

    certain: bool
    """Whether it arrived, or the downstream capture certainly ran when it was due."""


class Downstream(Struct, frozen=True, kw_only=True):
    """Where the packets of one way are looked for."""

    seen: Seen
    """What the downstream observer saw."""

    proven: bool
    """It saw other packets of these hosts this way."""

    beyond: Sequence[Seen] = ()
    """What those farther along that way saw of the same connection."""

    acknowledged: int | None = None
    """Up to which sequence number the receiver has all bytes; None where no acknowledgement was seen."""


def crossings(up: Seen, down: Downstream, way: Way, *, offset: ClockOffset | None) -> tuple[Crossing, ...]:
    """Every packet of *way* at *up* whose fate at *down* can be told.

    *up* is the observer that packets of *way* pass first.
    """
    arrivals, observer = down.seen.segments(way), down.seen.observer
    if not arrivals and (not down.proven or offset is None):
        return ()
    near = _Matcher(arrivals, columns_kept(up, down.seen, way))
    farther = [_Matcher(seen.segments(way), columns_kept(up, seen, way)) for seen in down.beyond]
    passed = [segment for seen in (down.seen, *down.beyond) for segment in seen.segments(way)]
    listed = []
    for segment in up.segments(way):
        due = offset.reckon(segment.at, way) if offset else Reckoned(at=segment.at, margin=None)
        # All of them are asked, so that each claims the packet that it saw.
        arrived = any([near.saw(segment, due.at), *(matcher.saw(segment, None) for matcher in farther)])
        shown = observer.quality.shows(way, packet_class(segment))
        if arrived or (shown is not Shows.NO and ran_when(observer, due, probably=True)):
            certain = arrived or (shown is Shows.YES and ran_when(observer, due))
            delivered = arrived or _is_delivered(segment, passed, down.acknowledged)
            listed.append(Crossing(segment=segment, arrived=arrived, delivered=delivered, certain=certain))
    return tuple(listed)


def _is_delivered(sent: Segment, shown: Sequence[Segment], acknowledged: int | None) -> bool:
    """Whether what *sent* carries came across at all: its bytes, else its acknowledgement, else a packet like it."""
    length = sent.payload + sent.is_syn + sent.is_syn_ack + sent.is_fin
    if length and not sent.is_reset:
        if acknowledged is not None and distance(advance(sent.seq, length), acknowledged) >= 0:
            return True
        if sent.payload:
            return _cover(sent, shown)
    if sent.is_bare_ack:
        heard = (segment for segment in shown if segment.has_ack and not segment.is_reset)
        return any(distance(sent.ack, segment.ack) >= 0 for segment in heard)
    return any(message(sent) == message(segment) for segment in shown)


def was_running(observer: Observer, moment: Instant, *, probably: bool = False) -> bool:
    """Whether *observer*'s capture ran at *moment*, by its own clock; for certain only between packets in it."""
    survey = observer.survey
    first, last = survey.first, survey.last
    if first is None or last is None:
        return False
    if probably:
        return first - QUIET <= moment <= last + QUIET
    return first <= moment <= last - CLOCK_SLACK and not _silent(survey, moment)


def _silent(survey: Survey, moment: Instant) -> bool:
    """Whether *moment* lies where the capture shows nothing for so long that it may have been stopped meanwhile."""
    start, length = survey.silent_from, survey.longest_silence
    return start is not None and length >= PAUSE and start < moment < start + length


def ran_when(observer: Observer, due: Reckoned, *, probably: bool = False) -> bool:
    """Whether *observer*'s capture ran at the moment *due* by its own clock, however wrong that may be."""
    if probably:
        return was_running(observer, due.at, probably=True)
    if due.margin is None:
        return False
    return all(was_running(observer, Instant(due.at + wrong)) for wrong in (-due.margin, due.margin))


class _Matcher:
    """The packets that arrived, to be claimed by those that were sent."""

    def __init__(self, arrivals: Sequence[Segment], kept: Columns) -> None:
        self._kept = kept
        self._exact = Counter(identity(segment, kept) for segment in arrivals)
        self._data = [segment for segment in arrivals if segment.payload]

    def saw(self, segment: Segment, expected: Instant | None) -> bool:
        """Whether *segment* arrived, by this observer's clock at the moment *expected* (None: its clock is unknown)."""
        key = identity(segment, self._kept)
        if self._exact[key]:
            self._exact[key] -= 1
            return True
        return segment.payload > 0 and self._covered(segment, expected)

    def _covered(self, segment: Segment, expected: Instant | None) -> bool:
        """Whether pieces of this very sending arrived that together cover its bytes."""
        return _cover(segment, [piece for piece in self._data if self._same_sending(segment, piece, expected)])

    def _same_sending(self, sent: Segment, piece: Segment, expected: Instant | None) -> bool:
        """Whether *piece* can come from this sending of the bytes and not from an earlier or later repeat."""
        stamped = sent.options.ts_value is not None and piece.options.ts_value is not None
        if stamped and self._kept.timestamps:
            return sent.options.ts_value == piece.options.ts_value
        return expected is not None and expected - CLOCK_SLACK <= piece.at <= expected + LONGEST_TRANSIT


def _cover(sent: Segment, pieces: Iterable[Segment]) -> bool:
    """Whether *pieces* together hold all bytes of *sent*."""
    spans = sorted(
        (distance(sent.seq, piece.seq), distance(sent.seq, piece.seq) + piece.payload)
        for piece in pieces
        if piece.payload
    )
    reached = 0
    for start, end in spans:
        if start > reached:
            break
        reached = max(reached, end)
    return reached >= sent.payload


def count_by_class(crossed: Iterable[Crossing]) -> dict[PacketClass, tuple[int, int]]:
    """For each class how many arrived of how many sent, in the order of `PacketClass`."""
    sent: Counter[PacketClass] = Counter()
    arrived: Counter[PacketClass] = Counter()
    for crossing in crossed:
        kind = packet_class(crossing.segment)
        sent[kind] += 1
        arrived[kind] += crossing.arrived
    return {kind: (arrived[kind], sent[kind]) for kind in PacketClass if sent[kind]}
