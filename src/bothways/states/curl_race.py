"""One connection that curl made, with all the addresses that it tried for it (RFC 8305, "Happy Eyeballs").

"Connected to" is not the sign of a connection: since 8.11 curl prints it when TLS is done as well. Anything that only a
connection can carry is: the offer of ALPN (made once TCP is connected), a ClientHello, a request.
"""

from msgspec import Struct, field

from bothways.evidence.attempt import Attempt, Outcome
from bothways.evidence.report_lines import escaped
from bothways.states.curl_sentences import End, outcome_of
from bothways.units import MILLISECOND, Duration


class Try(Struct, kw_only=True):
    """One address that was tried."""

    line: int
    address: str | None
    port: int | None
    outcome: Outcome | None = None
    """None while it is not over."""

    outcome_line: int | None = None
    took: Duration | None = None
    unsent: bool = False
    """It failed at once, before a packet left the host: most often for want of the address's whole family."""


class Race(Struct, kw_only=True):
    """What the log has said so far."""

    line: int
    name: str | None = None
    scheme: str | None = None
    port: int | None = None
    """Of the URL; for logs that print addresses without ports."""

    tries: list[Try] = field(default_factory=list)
    winner: Try | None = None
    connected: int | None = None
    """Line of the first sign of a connection."""

    hello: bool = False
    tls_answered: bool = False
    declined: bool = False
    """TLS was broken off by an alert of the server, or for the server's certificate."""

    requested: bool = False
    status: int | None = None
    end: End | None = None
    end_line: int | None = None
    took: Duration | None = None
    closed: bool = False
    """curl is done with it; more words about it may follow all the same."""

    @property
    def is_ambiguous(self) -> bool:
        """A connection was made to one of several addresses, and the log does not say to which."""
        return self.connected is not None and self.winner is None and len(self.running()) > 1

    def running(self) -> list[Try]:
        """The tries that have not failed."""
        return [one for one in self.tries if one.outcome is None]

    def connect(self, line: int, address: str | None = None, port: int | None = None) -> None:
        """A sign that a connection was made; to *address*, if it says so."""
        self.connected = self.connected or line
        if address is None or self.winner is not None:
            return
        tried = (one for one in self.tries if one.address == address and (port is None or one.port in {port, None}))
        self.winner = next(tried, None)
        if self.winner is None:
            self.winner = Try(line=line, address=address, port=port)
            self.tries.append(self.winner)
        self.winner.port = self.winner.port or port
        self.winner.outcome = None

    def fail(self, line: int, address: str | None, port: int | None, outcome: Outcome, *, unsent: bool = False) -> None:
        """One address could not be connected to."""
        found = [one for one in self.running() if one.address == address] or self.running()[:1]
        for one in found[:1]:
            one.outcome, one.outcome_line, one.port, one.unsent = outcome, line, one.port or port, unsent

    def finish(self, line: int, end: End, took: int | None = None, *, weak: bool = False) -> None:
        """The transfer ended; *weak* words (an exit code) do not overrule what was said before."""
        self.declined = self.declined or end is End.DISTRUSTED
        if took is not None:
            self.took = Duration(took * MILLISECOND)
        if self.end in {None, End.UNKNOWN} or (not weak and end is not End.UNKNOWN):
            same = self.end is end
            self.end, self.end_line = end, self.end_line if same else line

    def attempts(self) -> list[Attempt]:
        """One record for each address tried; one for a run that never came to trying."""
        if self.connected is not None and self.winner is None and len(self.running()) == 1:
            (self.winner,) = self.running()
        if not self.tries and self.end is None:
            return []
        tries = self.tries or [Try(line=self.line, address=None, port=self.port)]
        return [self._attempt(one) for one in tries]

    def _attempt(self, one: Try) -> Attempt:
        won = one is self.winner
        outcome, line = one.outcome, one.outcome_line
        if outcome is None:
            outcome, line = self._outcome(one, won=won), self.end_line
        elif one.unsent and self.winner is not None:
            # A host without IPv6 tries it all the same, and is served by IPv4.
            outcome = Outcome.UNKNOWN
        scheme = self.scheme
        if scheme is None and self.requested:
            scheme = "https" if self.hello or self.tls_answered else "http"
        return Attempt(
            line=one.line,
            outcome_line=line or (self.connected if won else None) or one.line,
            name=escaped(self.name) if self.name else None,
            address=one.address,
            port=one.port or self.port,
            scheme=scheme,
            outcome=outcome,
            client_hello_sent=won and (self.hello or self.tls_answered),
            tls_answered=won and self.tls_answered,
            took=one.took or (self.took if self._is_last(one) else None),
            status=self.status if won else None,
            declined=won and self.declined and outcome is Outcome.ANSWERED and self.status is None,
        )

    def _outcome(self, one: Try, *, won: bool) -> Outcome:
        if self.end is None or self.is_ambiguous or (self.winner is not None and not won):
            return Outcome.UNKNOWN
        if one.address is None and self.end in {End.TIMED_OUT, End.RESET}:
            # Without a verbose log nothing says whether there was a connection.
            return Outcome.UNKNOWN
        return outcome_of(self.end, connected=won)

    def _is_last(self, one: Try) -> bool:
        """The time that curl names is that of the whole, so it belongs to what ended last."""
        return one is self.winner if self.winner else one.outcome is None or one is self.tries[-1]
