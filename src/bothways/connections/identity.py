"""What makes a packet the same packet at another observer."""

from bothways.evidence.segment import Flags, Segment

Message = tuple[int, int, int, int]
Identity = tuple[Message, int | None, int | None]

KEPT_FLAGS = Flags.SYN | Flags.FIN | Flags.RST | Flags.ACK
"""The flags that say what a packet is for; routers may set ECN bits, and offload moves PSH."""


def message(segment: Segment) -> Message:
    """What a packet says: equal for one packet at two observers, and for its repeat."""
    return (int(segment.flags & KEPT_FLAGS), segment.seq, segment.ack, segment.payload)


def identity(segment: Segment) -> Identity:
    """A key that is equal for one packet at two observers, and differs for its repeat where anything does.

    A TSval tells repeats apart (RFC 7323 section 3); the IP identification does where the sender counts it, which Linux
    does not on a SYN+ACK (always 0).
    """
    return (message(segment), segment.options.ts_value, segment.ip_id or None)
