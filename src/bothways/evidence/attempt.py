"""One connection that a program tried, in its own words."""

from enum import StrEnum

from msgspec import Struct

from bothways.units import Duration


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


class Attempt(Struct, frozen=True, kw_only=True):
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


class AttemptLog(Struct, frozen=True, kw_only=True):
    """One log of connection attempts."""

    file: str
    attempts: tuple[Attempt, ...]
