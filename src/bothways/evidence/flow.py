"""Connections as a monitor summed them up: one record each, without the packets.

A record is no row of a capture (`ConnectionRow`). A row counts what an observer saw, so that zero means "saw none" and
what is missing can be reasoned about; a record names few things and leaves the rest unsaid. So records are kept apart,
no fact about packets ever sees one, and what they do not say is None here.
"""

from enum import StrEnum

from msgspec import Struct

from bothways.evidence.endpoint import Endpoint
from bothways.units import Instant


class Ending(StrEnum):
    """How the monitor says that a connection ended."""

    ATTEMPT = "attempt"
    """A SYN, and no reply."""
    REJECTED = "rejected"
    """A RST answered the SYN."""
    OPEN = "open"
    """Established, and not ended while it was watched."""
    CLOSED = "closed"
    """Both ends closed it."""
    HALF_CLOSED = "half-closed"
    """One end closed it; the other was not seen to."""
    RESET_BY_CLIENT = "reset-by-client"
    RESET_BY_SERVER = "reset-by-server"
    PARTIAL = "partial"
    """Its opening, or a whole way of it, was not seen."""
    UNSAID = "unsaid"


class Flow(Struct, frozen=True, kw_only=True):
    """One TCP connection."""

    line: int
    """Line in the log, from 1: the first one where several tell of it."""

    client: Endpoint
    """The originator, by the monitor's word."""

    server: Endpoint
    first: Instant
    """Time of its first packet."""

    last: Instant | None
    """When it ended, by the monitor's way of counting; None where the log does not say so."""

    ending: Ending
    history: str
    """What happened, in the letters of `ConnectionRow.history` without U, each at most once or twice, whatever its
    number; empty where the log does not say so."""

    packets: tuple[int | None, int | None]
    """There and back; None where the log does not count them."""

    payload: tuple[int | None, int | None]
    """Bytes there and back by the sequence numbers; None where the log does not say so."""

    complete: bool
    """Whether nothing says that the monitor missed or discarded packets of it, and it saw both ways if there were
    two."""


class FlowLog(Struct, frozen=True, kw_only=True):
    """One monitor's log."""

    file: str
    flows: tuple[Flow, ...]
    other: int
    """Records of other protocols than TCP: counted, not judged."""
