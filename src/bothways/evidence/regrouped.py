"""The same bytes inside and outside of a tunnel, cut differently.

A host hands its tunnel packets of up to 64 KiB, which are cut to the path's size only where they leave it, and puts
arriving ones together again (Linux: Documentation/networking/segmentation-offloads.rst). An observer of both sides sees
one large packet and its pieces, none of which is a copy of another by its header; what was sent once would count as
sent twice.
"""

from collections import deque

from bothways.evidence.segment import Segment
from bothways.units import MILLISECOND, Instant, between
from bothways.wire.sequence import advance, distance

_SAME_MOMENT = MILLISECOND
"""Cutting and joining take microseconds; a retransmission, which takes a round trip, is carried as the first was."""

_MOST_PIECES = 48
"""Pieces of 1,448 bytes that a packet of 64 KiB is cut into, and a few."""

_Span = tuple[int, int, int, int | None, int | None, tuple[str, ...], Instant]


class Regrouped:
    """The data that one way showed in the last moment, since it was first seen in a second carrier.

    Most ways have one carrier, a VLAN's tag or none, and nothing is remembered of them.
    """

    __slots__ = ("_carrier", "_spans")

    def __init__(self) -> None:
        self._carrier: tuple[str, ...] | None = None
        """What carried the first packet."""

        self._spans: deque[_Span] | None = None

    def saw(self, segment: Segment) -> bool:
        """Tell whether all of a segment's bytes were just seen in another carrier, and remember it."""
        if self._carrier is None:
            self._carrier = segment.layers
        if self._spans is None:
            if segment.layers == self._carrier:
                return False
            self._spans = deque(maxlen=_MOST_PIECES)
        if not segment.payload:
            return False
        while self._spans and abs(between(self._spans[0][-1], segment.at)) > _SAME_MOMENT:
            self._spans.popleft()
        options = segment.options
        end = advance(segment.seq, segment.payload)
        span = (segment.seq, end, segment.ack, options.ts_value, options.ts_echo, segment.layers, segment.at)
        found = _covers(self._spans, span)
        self._spans.append(span)
        return found


def _covers(spans: deque[_Span], span: _Span) -> bool:
    """Tell whether one earlier span holds all of *span*, or several that begin and end where it does."""
    start, end, *same, layers, at = span
    begins = ends = False
    for first, last, *alike, other, before in spans:
        if other == layers or alike != same or abs(between(before, at)) > _SAME_MOMENT:
            continue
        if distance(first, start) >= 0 and distance(end, last) >= 0:
            return True
        begins = begins or first == start
        ends = ends or last == end
    return begins and ends
