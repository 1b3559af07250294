"""Selective acknowledgements that name numbers which nobody sent: seen by one observer, on the sender's side."""

from collections.abc import Iterator

from bothways.connections.exchange import Seen
from bothways.evidence.segment import Segment
from bothways.way import Way
from bothways.wire.sequence import distance, later

FAR = 1 << 20
"""Bytes beyond all that was seen sent: more than a capture misses, and less than numbers differ by that were chosen at
random (RFC 6528)."""

ENOUGH = 3
"""Acknowledgements with such blocks; damaged packets are rarer."""


def strangers(seen: Seen) -> tuple[Way, tuple[Segment, ...]] | None:
    """The way and the segments, a few at least, all of whose blocks name what was never sent the other way.

    A block lies above the acknowledgement number, or, where it tells of a duplicate, below (RFC 2018 section 3, RFC
    2883 section 4); but never before the connection's first byte, nor far beyond its last. None where the numbers of
    the other way are not known, or where any block fits.
    """
    for way in Way:
        origin, end = _range(seen, way.other)
        if origin is None or end is None:
            continue
        telling = [one for one in seen.segments(way) if one.options.sack_blocks and not one.is_syn_ack]
        strange = [one for one in telling if all(_lies_outside(edge, origin, end) for edge in _edges(one))]
        if len(strange) >= ENOUGH and len(strange) == len(telling):
            return way, tuple(strange)
    return None


def _edges(segment: Segment) -> Iterator[int]:
    return (edge for block in segment.options.sack_blocks for edge in block)


def _lies_outside(edge: int, origin: int, end: int) -> bool:
    return distance(origin, edge) < 0 or distance(end, edge) > FAR


def _range(seen: Seen, way: Way) -> tuple[int | None, int | None]:
    """The initial sequence number of *way*, and the highest that was sent."""
    opening = next((one for one in seen.segments(way) if one.is_syn or one.is_syn_ack), None)
    end: int | None = None
    for one in seen.segments(way):
        reached = (one.seq + one.payload) % (1 << 32)
        end = reached if end is None else later(end, reached)
    return (None if opening is None else opening.seq), end
