"""What a stateful device remembers of a connection."""

from enum import StrEnum

from msgspec import Struct

from bothways.evidence.endpoint import Endpoint
from bothways.units import Instant


class Change(StrEnum):
    """How a session record came about."""

    LISTED = "listed"
    """It stood in the table when the table was printed."""
    NEW = "new"
    UPDATE = "update"
    DESTROY = "destroy"


class Session(Struct, frozen=True, kw_only=True):
    """One entry, or one change of an entry, of a connection-tracking table."""

    line: int
    change: Change
    at: Instant | None
    """When the change was reported (when a packet was *accepted*, not when it was sent); None where not printed."""

    protocol: str
    """`tcp`, `udp`, `icmp`, ..."""

    state: str | None
    """The device's own name for the state, conntrack's spelling: `SYN_SENT`, `SYN_RECV`, `ESTABLISHED`; None where
    none."""

    unreplied: bool
    """The device has seen no packet of the other way."""

    assured: bool
    original: tuple[Endpoint, Endpoint]
    """Source and destination of the first packet. Ports are 0 for protocols without."""

    reply: tuple[Endpoint, Endpoint]
    """Source and destination that a reply is expected to have: differs from the mirrored original under NAT."""

    timeout_seconds: int | None
    """Seconds until the entry expires; None where not printed."""
    packets: tuple[int, int] | None = None
    """Packets counted in the original and the reply way; None without accounting."""


class SessionLog(Struct, frozen=True, kw_only=True):
    """One file of session records."""

    file: str
    sessions: tuple[Session, ...]
    is_event_log: bool
    """True for a log of changes (`conntrack -E`), False for a listing (`conntrack -L`)."""

    vantage: str | None = None
    """Where it was printed, as the file's name or the user tells; None where neither does."""

    decided: bool = False
    """The vantage is the user's word."""
