"""Which sequence numbers one way of a connection has shown, and where it left holes."""

from enum import Enum, auto

from bothways.units import MILLISECOND, Instant, between
from bothways.wire.sequence import LARGEST_WINDOW, advance, before, distance

_MOST_HOLES = 8
"""Holes remembered per way. More at once are lost in one burst, of which the counts of the others already tell."""

_REORDERED_WITHIN = 3 * MILLISECOND
"""A packet that took another queue or link arrives within this time; a retransmission needs a round trip longer."""


class Showing(Enum):
    """What a segment's sequence numbers were to an observer who had seen the segments before it."""

    NEW = auto()
    """Some of them were not shown before, and they filled no hole."""

    REPEATED = auto()
    """All of them had been shown."""

    REFILLED = auto()
    """They filled a hole that had stood for 3 ms or more: lost before the observer, and repaired."""

    REORDERED = auto()
    """They filled a hole that had just appeared."""


class SequenceSpace:
    """The space from the lowest to the highest number that a way has shown, with at most eight holes in it."""

    __slots__ = ("_holes", "_lowest", "end")

    def __init__(self, start: int) -> None:
        self.end = start
        """The sequence number after the highest one shown."""

        self._lowest = start
        self._holes: list[tuple[int, int, Instant]] = []
        """First number, number after the last, and when the hole appeared; in order of appearance."""

    def show(self, seq: int, count: int, at: Instant) -> Showing:
        """Take in a segment that occupies *count* numbers from *seq* on.

        Args:
            seq: Its sequence number.
            count: Bytes of payload, and one each for SYN and FIN; 0 for bare ACKs, which only lift `end`.
            at: When it was seen.
        """
        stop = advance(seq, count)
        filled = self._fill(seq, stop, at) if self._holes and count else None
        ahead = distance(self.end, stop)
        if before(self.end, seq):
            self._open(self.end, seq, at)
        if ahead > 0:
            self.end = stop
            self._forget()
        if filled is not None:
            return filled
        if ahead > 0 or not count:
            return Showing.NEW
        if before(seq, self._lowest):
            self._lower(seq, stop, at)
            return Showing.NEW
        return Showing.REPEATED

    def unseen_below(self, acked: int) -> int:
        """How many numbers below *acked* were never shown: what holes hold, and what lies beyond the end.

        An acknowledgement further ahead than any window reaches belongs to another numbering; it tells nothing.
        """
        beyond = distance(self.end, acked)
        if beyond > LARGEST_WINDOW:
            return 0
        held = (distance(start, stop if before(stop, acked) else acked) for start, stop, _ in self._holes)
        return sum(max(0, size) for size in held) + max(0, beyond)

    def _open(self, start: int, stop: int, at: Instant) -> None:
        if len(self._holes) == _MOST_HOLES:
            # Forgotten is not shown: what lies below the forgotten hole's end counts as never seen.
            _, self._lowest, _ = self._holes.pop(0)
        self._holes.append((start, stop, at))

    def _lower(self, seq: int, stop: int, at: Instant) -> None:
        """Take in a segment from before all that was shown, as at the start of a capture."""
        if before(stop, self._lowest) and len(self._holes) < _MOST_HOLES:
            self._holes.append((stop, self._lowest, at))
        self._lowest = seq

    def _fill(self, seq: int, stop: int, at: Instant) -> Showing | None:
        """Take a segment's numbers out of the holes; None where it met none."""
        left: list[tuple[int, int, Instant]] = []
        oldest: Instant | None = None
        for start, end, since in self._holes:
            if not (before(seq, end) and before(start, stop)):
                left.append((start, end, since))
                continue
            oldest = since if oldest is None else min(oldest, since)
            if before(start, seq):
                left.append((start, seq, since))
            if before(stop, end):
                left.append((stop, end, since))
        if oldest is None:
            return None
        self._holes = left[-_MOST_HOLES:]
        return Showing.REORDERED if between(oldest, at) < _REORDERED_WITHIN else Showing.REFILLED

    def _forget(self) -> None:
        """Let go of what lies further back than any window reaches: its numbers will soon mean other bytes."""
        if distance(self._lowest, self.end) > LARGEST_WINDOW:
            self._lowest = advance(self.end, -LARGEST_WINDOW)
            self._holes = [hole for hole in self._holes if not before(hole[0], self._lowest)]
