"""What the counters of one connection say of its two ends: bytes on the way, silences, ends without a word.

Each is read from one observer's counters alone and judges nothing; `outcome` does.
"""

from bothways.connections.sides import Sides
from bothways.evidence.capture import WayCounters
from bothways.evidence.segment import Content
from bothways.units import Instant
from bothways.wire.sequence import advance, distance

ALERT = 7
"""Bytes of a fatal alert of TLS that is not encrypted (RFC 8446 sections 5.1 and 6); no answer is as short."""


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


def may_have_been_turned_away(sides: Sides) -> bool:
    """The client asked, both ends closed, and what the server said is not in view and too short to be an answer.

    What was said is told by the numbers where a filter or the snap length left out the words. Where it is nothing, who
    closed first decides, if the file's order tells that.
    """
    if sides.back.opening not in {Content.NOTHING, Content.CUT_OFF} or not _bytes_sent(sides.there):
        return False
    said = _bytes_sent(sides.back)
    if said:
        return said <= ALERT
    return _is_in_no_order(sides.history) or "f" in sides.history.partition("F")[0]


def _bytes_sent(way: WayCounters) -> int:
    """Bytes of payload, by the numbers where both its beginning and its end are in view."""
    if way.isn is None or way.end is None or not way.fins:
        return way.payload
    return max(0, distance(way.isn, way.end) - 2)


def _is_in_no_order(history: str) -> bool:
    """Whether the client's words stand before the SYN+ACK, or the server's before the SYN: two queues in one file."""
    server_first = any(letter.islower() for letter in history.partition("S")[0]) and "S" in history
    return server_first or ("h" in history and any(letter in "ADF" for letter in history.partition("h")[0]))
