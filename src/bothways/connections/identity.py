"""What makes a packet the same packet at another observer."""

from msgspec import Struct

from bothways.evidence.segment import Flags, Segment

Message = tuple[int, int, int, int]
Identity = tuple[Message, int | None, int | None]

KEPT_FLAGS = int(Flags.SYN | Flags.FIN | Flags.RST | Flags.ACK)
"""The flags that say what a packet is for; routers may set ECN bits, and offload moves PSH."""


class Columns(Struct, frozen=True, kw_only=True):
    """Which of the columns that tell repeats apart the devices between two observers left as they were.

    OpenBSD's pf gives packets new IP identifications (`scrub random-id`) and shifts timestamps (`reassemble tcp`);
    other devices strip options.
    """

    timestamps: bool = True
    ip_ids: bool = True


ALL = Columns()


def message(segment: Segment) -> Message:
    """What a packet says: equal for one packet at two observers, and for its repeat."""
    return (int(segment.flags) & KEPT_FLAGS, segment.seq, segment.ack, segment.payload)


def identity(segment: Segment, kept: Columns = ALL) -> Identity:
    """A key that is equal for one packet at two observers, and differs for its repeat where anything does.

    A TSval tells repeats apart (RFC 7323 section 3); the IP identification does where the sender counts it, which Linux
    does not on a SYN+ACK (always 0).
    """
    stamp = segment.options.ts_value if kept.timestamps else None
    return (message(segment), stamp, (segment.ip_id or None) if kept.ip_ids else None)
