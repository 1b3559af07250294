"""One connection that a program tried, in its own words."""

from enum import StrEnum

from msgspec import Struct

from bothways.evidence.endpoint import Endpoint
from bothways.units import Duration, Instant


class Outcome(StrEnum):
    """How far the program got."""

    NO_CONNECTION = "no-connection"
    """Timed out before the connection was made."""
    REFUSED = "refused"
    """A reset answered the SYN."""
    UNREACHABLE = "unreachable"
    """An ICMP error answered the SYN: no route to host, network unreachable, prohibited."""
    STALLED = "stalled"
    """Connected, then timed out with no answer or with an unfinished one."""
    RESET = "reset"
    """Connected, then reset by the other side."""
    CLOSED = "closed"
    """Connected, then closed by the other side without an answer."""
    ANSWERED = "answered"
    """An answer of the application came, whatever it says."""
    UNKNOWN = "unknown"
    """The log does not tell."""


class Said(StrEnum):
    """What the program said first on a connection, where its log tells."""

    NOTHING = "nothing"
    """It waited for the server to speak first."""
    REQUEST = "request"
    """A request in clear: HTTP."""
    HELLO = "hello"
    """A TLS ClientHello with the name that was asked for (RFC 6066 section 3)."""
    OTHER_HELLO = "other-hello"
    """A ClientHello with another name."""
    NAMELESS_HELLO = "nameless-hello"
    """A ClientHello without any."""


class Attempt(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One try at one address."""

    line: int
    """Line where the try starts."""

    outcome_line: int
    """Line that tells how it ended."""

    name: str | None
    """Host name asked for, escaped; None where the log has none."""

    address: str | None
    """Address tried; None where the log has none (a failed lookup)."""

    port: int | None
    scheme: str | None
    """`https`, `http`; None where not told."""

    outcome: Outcome
    client_hello_sent: bool
    """The log shows a TLS ClientHello going out."""

    tls_answered: bool
    """The log shows a TLS message coming in."""

    took: Duration | None
    """How long until the outcome, where the log says; None otherwise."""

    status: int | None
    """HTTP status; None without an HTTP answer."""

    declined: bool = False
    """TLS was broken off in words: by an alert of the server, or because the program did not trust its certificate."""

    control: bool = False
    """It was made for comparison: at another address or port, under another name, or otherwise than usual."""

    began: Instant | None = None
    """When the program asked for the connection; None where the log does not say."""

    source: Endpoint | None = None
    """The address and port that it came from; None where the log does not say."""

    said: Said | None = None
    """What was, or would have been, said first; None where the log does not say."""

    said_name: str | None = None
    """The server name in the ClientHello, escaped; None where there was none, or the log does not say."""

    segment: int | None = None
    """Bytes of the largest TCP segment that the program allowed, both ways (TCP_MAXSEG, tcp(7)); None for the usual."""

    sent: int | None = None
    """Bytes that the program handed to its kernel; None where the log does not say. Likewise the next three."""

    received: int | None = None
    """Bytes that it got."""

    connected_after: Duration | None = None
    """Since it began, until the kernel called the connection made; None also where that never was."""

    answered_after: Duration | None = None
    """Since it began, until the first byte came in; None also where none ever did."""


class AttemptLog(Struct, frozen=True, kw_only=True):
    """One log of connection attempts."""

    file: str
    attempts: tuple[Attempt, ...]
