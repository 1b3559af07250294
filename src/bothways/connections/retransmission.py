"""Who hears no acknowledgement sends again (RFC 6298 section 5): what repeats say of it, and what their lack says.

An acknowledgement that an observer did not record may have been heard all the same, and one that it did record may have
been lost farther on. The sender knows, and its repeats tell.
"""

from bothways.evidence.capture import WayCounters
from bothways.units import SECOND, between
from bothways.wire.sequence import distance

TIMER = 2
"""Repeats from which on the retransmission timer runs: a single one may be a probe of the tail (RFC 8985 section 7)."""


def repeats_on(sender: WayCounters) -> bool:
    """Whether *sender* went on repeating after its last new byte: it heard no acknowledgement, whoever else saw one.

    A second: less than the timer's first three runs take (Linux's shortest is 200 ms, and it doubles).
    """
    since = sender.first if sender.advanced is None else sender.advanced
    if sender.stuck < TIMER or since is None or sender.stuck_until is None:
        return False
    return between(since, sender.stuck_until) >= SECOND


def is_content(sender: WayCounters) -> bool:
    """Whether *sender* repeated nothing although all that it sent is in view, or all since the capture began.

    If it then waited, an acknowledgement or a RST ended that, which the observer missed.
    """
    if sender.end is None or sender.repeated:
        return False
    if sender.isn is None:
        return not sender.missed
    return distance(sender.isn, sender.end) == 1 + sender.payload + (1 if sender.fins else 0)
