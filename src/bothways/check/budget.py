"""How long each stage of a check may take, and how much it may send, by how thorough the user wants it."""

from enum import StrEnum

from msgspec import Struct

from bothways.units import Duration, seconds


class Depth(StrEnum):
    """How thorough a check is."""

    QUICK = "quick"
    USUAL = "usual"
    DEEP = "deep"


class Budget(Struct, frozen=True, kw_only=True):
    """What one check may spend."""

    lookup: Duration
    """For the name. The resolver's own first timeout is 5 s (resolv.conf(5)); with less, one lost query of the usual
    case were a name that does not resolve."""

    look: Duration
    """From when on a connection without an answer is looked into while it still waits. A SYN or a request that was lost
    once is repeated after 1 s (RFC 6298 section 2), so that what comes soon after is an answer; and a healthy target is
    to be told within 3 s in all."""

    hold: Duration
    """For how long a connection without an answer is held open, from its begin. A failure is one that waited 3 s at
    least; the SYN+ACK of a server that never got the ACK repeats after 1, 3 and 7 s (RFC 6298 section 5.5)."""

    compare: Duration
    """The same for what it is compared with: the 3 s that a failure takes, and something for its repeats."""

    finish: Duration
    """For the end of an answer that has begun to come: long transfers show faults of their own, downloads take for
    ever."""

    probes: int
    """Packets of traces in all: at three for each of 30 distances, a handful of traces that reach no end."""

    judge: Duration = seconds(1.5)
    """Set aside for closing, reading all files and judging them."""


BUDGETS = {
    # 3.9 s hold two repeats of a SYN+ACK (at 1 and 3 s), and leave of 6 s what start-up and judgement take.
    Depth.QUICK: Budget(
        lookup=seconds(3), look=seconds(0.7), hold=seconds(3.9), compare=seconds(3.1), finish=seconds(2), probes=300
    ),
    # The third repeat of the SYN+ACK comes at 7 s, and the longest way to anywhere adds half a second.
    Depth.USUAL: Budget(
        lookup=seconds(5), look=seconds(1.3), hold=seconds(8), compare=seconds(3.5), finish=seconds(3), probes=900
    ),
    # The fourth repeat comes at 15 s; rate limits of routers are waited out by repeating every trace.
    Depth.DEEP: Budget(
        lookup=seconds(10), look=seconds(2.5), hold=seconds(24), compare=seconds(8), finish=seconds(10), probes=4000
    ),
}
