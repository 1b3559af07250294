"""What of the packets seen at one observer arrived at the next, class by class.

Absence needs a proven observer: a packet counts as lost only if the downstream observer's capture ran at that time and
saw other packets of the same flow and way, or of the same two hosts. Only a later packet in it shows for certain that
it ran. Data is compared by bytes, not by packets: a sender's capture shows segments before the network card cuts them,
a receiver's after it joined them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bothways.connections.clock import ClockOffset
from bothways.connections.exchange import Seen
from bothways.connections.identity import identity
from bothways.connections.observer import Observer
from bothways.evidence.segment import Segment
from bothways.units import MILLISECOND, SECOND, Duration, Instant
from bothways.way import Way
from bothways.wire.sequence import distance

QUIET = Duration(3 * SECOND)
"""How long before its first and after its last packet a capture probably ran, too: few people stop it in the seconds
between a SYN and its consequences, and a path that lost everything shows nothing later. A loss that rests on it is
unsure."""

LONGEST_TRANSIT = Duration(5 * SECOND)
"""Longer no queue on the Internet holds a packet."""

CLOCK_SLACK = Duration(20 * MILLISECOND)
"""By how much an estimated clock offset may be wrong."""


class PacketClass(StrEnum):
    """Classes of packets that a filter can tell apart without looking into them."""

    SYN = "SYN"
    SYN_ACK = "SYN+ACK"
    ACK = "ACK"
    DATA = "data"
    FIN = "FIN"
    RESET = "RST"


def packet_class(segment: Segment) -> PacketClass:
    """The class of *segment*; data with FIN counts as data."""
    if segment.is_syn:
        return PacketClass.SYN
    if segment.is_syn_ack:
        return PacketClass.SYN_ACK
    if segment.is_reset:
        return PacketClass.RESET
    if segment.payload:
        return PacketClass.DATA
    return PacketClass.FIN if segment.is_fin else PacketClass.ACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """One packet that left the upstream observer."""

    segment: Segment
    arrived: bool
    """Seen downstream. False means lost between the two: the observer is proven, or the crossing is not listed."""

    certain: bool
    """Whether it arrived, or the downstream capture certainly ran when it was due."""


def crossings(up: Seen, down: Seen, way: Way, *, offset: ClockOffset | None, proven: bool) -> tuple[Crossing, ...]:
    """Every packet of *way* at *up* whose fate at *down* can be told.

    *proven*: down saw other packets of these hosts this way.

    *up* is the observer that packets of *way* pass first.
    """
    arrivals = down.segments(way)
    if not arrivals and (not proven or offset is None):
        return ()
    shift = Duration(offset.offset) if offset else Duration(0)
    shift = shift if way is Way.THERE else Duration(-shift)
    matcher = _Matcher(arrivals)
    listed = []
    for segment in up.segments(way):
        expected = Instant(segment.at + shift)
        arrived = matcher.saw(segment, expected)
        if arrived or was_running(down.observer, expected, probably=True):
            certain = arrived or was_running(down.observer, expected)
            listed.append(Crossing(segment=segment, arrived=arrived, certain=certain))
    return tuple(listed)


def was_running(observer: Observer, moment: Instant, *, probably: bool = False) -> bool:
    """Whether *observer*'s capture ran at *moment*, by its own clock; for certain only between packets in it."""
    first, last = observer.survey.first, observer.survey.last
    if first is None or last is None:
        return False
    if probably:
        return first - QUIET <= moment <= last + QUIET
    return first <= moment <= last - CLOCK_SLACK


class _Matcher:
    """The packets that arrived, to be claimed by those that were sent."""

    def __init__(self, arrivals: Sequence[Segment]) -> None:
        self._exact = Counter(identity(segment) for segment in arrivals)
        self._data = [segment for segment in arrivals if segment.payload]

    def saw(self, segment: Segment, expected: Instant) -> bool:
        key = identity(segment)
        if self._exact[key]:
            self._exact[key] -= 1
            return True
        return segment.payload > 0 and self._covered(segment, expected)

    def _covered(self, segment: Segment, expected: Instant) -> bool:
        """Whether pieces of *segment* arrived that together cover its bytes."""
        pieces = sorted(
            (distance(segment.seq, piece.seq), distance(segment.seq, piece.seq) + piece.payload)
            for piece in self._data
            if _same_sending(segment, piece, expected)
        )
        reached = 0
        for start, end in pieces:
            if start > reached:
                break
            reached = max(reached, end)
        return reached >= segment.payload


def _same_sending(sent: Segment, piece: Segment, expected: Instant) -> bool:
    """Whether *piece* can come from this sending of the bytes and not from an earlier or later repeat."""
    if sent.options.ts_value is not None and piece.options.ts_value is not None:
        return sent.options.ts_value == piece.options.ts_value
    return expected - CLOCK_SLACK <= piece.at <= expected + LONGEST_TRANSIT


def count_by_class(crossed: Iterable[Crossing]) -> dict[PacketClass, tuple[int, int]]:
    """For each class how many arrived of how many sent, in the order of `PacketClass`."""
    sent: Counter[PacketClass] = Counter()
    arrived: Counter[PacketClass] = Counter()
    for crossing in crossed:
        kind = packet_class(crossing.segment)
        sent[kind] += 1
        arrived[kind] += crossing.arrived
    return {kind: (arrived[kind], sent[kind]) for kind in PacketClass if sent[kind]}
