"""What curl's own sentences say of a connection.

The wordings are those of curl 7.19 to 8.17 (lib/cf-socket.c, lib/cf-ip-happy.c, lib/multi.c, lib/vtls/openssl.c in
curl's source; the numbers in "EXIT CODES" of curl(1)).
"""

import re
from enum import Enum, auto

from bothways.evidence.attempt import Outcome


class End(Enum):
    """How a transfer ended, before it is known whether it had connected."""

    TIMED_OUT = auto()
    """curl prints "Connection timed out" for the whole of the TLS handshake too, so this alone does not say where."""
    REFUSED = auto()
    UNREACHABLE = auto()
    RESET = auto()
    CLOSED = auto()
    ANSWERED = auto()
    DISTRUSTED = auto()
    """Answered with a certificate that the program did not accept."""
    UNKNOWN = auto()


REASONS = {
    "Connection refused": Outcome.REFUSED,
    "No route to host": Outcome.UNREACHABLE,
    "Network is unreachable": Outcome.UNREACHABLE,
    "Network unreachable": Outcome.UNREACHABLE,
    "Host is unreachable": Outcome.UNREACHABLE,
    "Host unreachable": Outcome.UNREACHABLE,
    "Connection timed out": Outcome.NO_CONNECTION,
    "Operation timed out": Outcome.NO_CONNECTION,
    "Timed out": Outcome.NO_CONNECTION,
    "Connection reset by peer": Outcome.RESET,
}
"""Why one address could not be connected to: the system's words on Linux, BSD and Windows. A RST that
answers the SYN is a refusal; a reset is one that comes later, even before the program noticed that it was connected
(Linux net/ipv4/tcp_input.c, tcp_reset)."""

_ENDS: tuple[tuple[re.Pattern[str], End], ...] = tuple(
    (re.compile(pattern, re.ASCII), end)
    for pattern, end in (
        (r"Resolving timed out after", End.UNKNOWN),
        (r"Could not resolve (?:host|proxy)", End.UNKNOWN),
        (r"(?:Connection|Operation|SSL connection) time(?:d )?out", End.TIMED_OUT),
        (r"Operation too slow", End.TIMED_OUT),
        (r".*SSL_ERROR_SYSCALL, errno (?:104|54|10054)\b", End.RESET),
        (r"(?:Recv|Send) failure: Connection (?:was )?reset", End.RESET),
        (r"Send failure: Broken pipe", End.RESET),
        (r"\S+ SSL_\w+: Connection (?:was )?reset", End.RESET),
        (r"(?:Recv|Send) failure: (?:Operation|Connection) timed out", End.TIMED_OUT),
        # Without an error of the system this is the end of the stream: since 7.67 curl names an error.
        (r".*SSL_ERROR_SYSCALL", End.CLOSED),
        (r".*SSL_ERROR_ZERO_RETURN", End.CLOSED),
        (r".*unexpected eof while reading", End.CLOSED),
        (r".*non-properly terminated", End.CLOSED),
        (r"Empty reply from server", End.CLOSED),
        (r"SSL certificate problem", End.DISTRUSTED),
        (r"SSL: (?:no alternative )?certificate", End.DISTRUSTED),
        (r"Received HTTP/0\.9 when not allowed", End.ANSWERED),
        (r"The requested URL returned error", End.ANSWERED),
    )
)

_EXITS = {0: End.ANSWERED, 22: End.ANSWERED, 28: End.TIMED_OUT, 51: End.DISTRUSTED, 52: End.CLOSED, 60: End.DISTRUSTED}
"""Exit codes that say how the connection ended. 7, 35 and 56 have several reasons."""

_AFTER = re.compile(r"\bafter (\d{1,12}) ?(?:ms|milliseconds)\b", re.ASCII)


def end_of(sentence: str) -> End | None:
    """How the transfer ended, if *sentence* says so."""
    return next((end for pattern, end in _ENDS if pattern.match(sentence)), None)


def end_of_exit(code: int) -> End | None:
    """How the transfer ended, if curl's exit code says so."""
    return _EXITS.get(code)


def reason_in(text: str) -> Outcome | None:
    """The outcome that a system's error message stands for."""
    return REASONS.get(text.strip().rstrip("."))


def milliseconds_in(sentence: str) -> int | None:
    """The time that *sentence* names."""
    match = _AFTER.search(sentence)
    return int(match[1]) if match else None


_MEANS: dict[End, tuple[Outcome, Outcome]] = {
    End.TIMED_OUT: (Outcome.STALLED, Outcome.NO_CONNECTION),
    End.RESET: (Outcome.RESET, Outcome.RESET),
    End.CLOSED: (Outcome.CLOSED, Outcome.UNKNOWN),
    End.ANSWERED: (Outcome.ANSWERED, Outcome.UNKNOWN),
    End.DISTRUSTED: (Outcome.ANSWERED, Outcome.UNKNOWN),
    End.REFUSED: (Outcome.UNKNOWN, Outcome.REFUSED),
    End.UNREACHABLE: (Outcome.UNKNOWN, Outcome.UNREACHABLE),
    End.UNKNOWN: (Outcome.UNKNOWN, Outcome.UNKNOWN),
}
"""What an end means on a connection that was made, and on one that was not."""


def outcome_of(end: End, *, connected: bool) -> Outcome:
    """What *end* means on a connection that was made, or was not."""
    made, not_made = _MEANS[end]
    return made if connected else not_made
