"""A connection that was open before the capture began, and of which nothing but keepalives is in view.

A keepalive repeats the sequence number before the next one, with a byte of garbage or none, to be acknowledged again
(RFC 9293 section 3.8.4). So both ends acknowledge, over and over, what they had acknowledged before, and no byte is
new. A probe of a closed window looks the same (section 3.8.6.1) and is a wait: the window tells.
"""

from bothways.connections.sides import Sides
from bothways.evidence.capture import WayCounters
from bothways.wire.sequence import distance

GARBAGE = 1
"""Bytes that a keepalive may carry."""


def is_kept_alive(sides: Sides) -> bool:
    """Whether both ends say nothing but that they are there."""
    if sides.opened_in_view:
        return False
    ways = (sides.there, sides.back)
    return all(map(_says_nothing, ways)) and _hears_all(*ways) and _hears_all(*ways[::-1])


def _says_nothing(way: WayCounters) -> bool:
    eventful = way.fins or way.resets or way.zero_windows or way.icmp_errors or way.largest > GARBAGE
    return way.packets > 0 and not eventful and way.acked is not None and way.acked == way.first_ack


def _hears_all(sender: WayCounters, receiver: WayCounters) -> bool:
    """Nothing of *sender* is open: acknowledged up to its end, or one further where only its probes were seen."""
    if sender.end is None or receiver.acked is None:
        return False
    return distance(sender.end, receiver.acked) in {0, 1}
