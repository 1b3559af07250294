"""What the counters of one connection say of its two ends: bytes on the way, silences, ends without a word.

Each is read from one observer's counters alone and judges nothing; `outcome` does.
"""

from bothways.connections.sides import Sides
from bothways.evidence.capture import WayCounters
from bothways.units import Instant
from bothways.wire.sequence import advance, distance


def reset_came_first(history: str) -> bool:
    """A filter's reset overtakes the server's answer: data that comes after it meets no connection any more."""
    return "r" in history.partition("d")[0]


def open_bytes(sender: WayCounters, receiver: WayCounters) -> int:
    """Bytes that *sender* sent and *receiver* never acknowledged; an unacknowledged FIN alone does not count."""
    if sender.end is None or receiver.acked is None:
        return 0
    return max(0, distance(receiver.acked, sender.end) - (1 if sender.fins else 0))


def newest(sender: WayCounters) -> Instant | None:
    """When *sender* sent its newest byte, else its first packet."""
    return sender.first if sender.advanced is None else sender.advanced


def spoke_unseen(sides: Sides) -> bool:
    """Whether the server's later numbers, or what the client acknowledges, show more of the server than is in view.

    Bytes, or the FIN of a server that closed: both use up numbers.
    """
    start = sides.there.first_ack if sides.back.isn is None else advance(sides.back.isn, 1)
    ends = (sides.back.end, sides.there.acked)
    shown = 1 if sides.back.fins else 0
    return start is not None and any(distance(start, end) > shown for end in ends if end is not None)


def silent_since(sides: Sides) -> Instant | None:
    """Since when a connection without data and without an end has been silent."""
    if sides.there.data or sides.back.data or sides.there.fins or sides.back.fins:
        return None
    return max((last for last in (sides.there.last, sides.back.last) if last is not None), default=None)


def closed_without_answer(sides: Sides) -> bool:
    """The server was asked something and closed first, without a word: an end in good order, and no work done."""
    return sides.there.data > 0 and sides.back.data == 0 and "f" in sides.history.partition("F")[0]
