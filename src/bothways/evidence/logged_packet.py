"""One packet that a packet filter wrote into a log."""

from enum import StrEnum

from msgspec import Struct

from bothways.evidence.endpoint import Endpoint
from bothways.units import Instant


class Said(StrEnum):
    """What the log line claims that became of the packet.

    The words are those of whoever wrote the rule; the filter itself only logs, and another rule may decide otherwise.
    """

    DROPPED = "dropped"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    NOTHING = "nothing"
    """The packet was at this device with these interfaces; more is not said."""


class LoggedPacket(Struct, frozen=True, kw_only=True):
    """One line. A packet is logged where its rule stands, so it may have been rewritten later, or before."""

    line: int
    at: Instant | None
    """None where the time is not printed with its date."""

    prefix: str
    """What the rule's author had written in front, escaped; empty for none."""

    said: Said
    stateful: bool
    """The prefix speaks of a packet that fits no connection: `INVALID`, `STATE`, `out of state`, `not syn`."""

    came_in: str
    """Interface it came in by; empty where it was made here."""

    went_out: str
    """Interface it would leave by; empty where it was for this host, or was not routed yet."""

    protocol: str
    """`TCP`, `UDP`, `ICMP`, ... as logged."""

    source: Endpoint
    destination: Endpoint
    """Ports are 0 for protocols without."""

    flags: frozenset[str]
    """TCP flags: `SYN`, `ACK`, `FIN`, `RST`, `PSH`, ...; empty for other protocols."""


class PacketLog(Struct, frozen=True, kw_only=True):
    """One file of such lines."""

    file: str
    packets: tuple[LoggedPacket, ...]
    table_full: tuple[int, ...]
    """Lines in which connection tracking says that its table is full and that it drops packets for it."""
