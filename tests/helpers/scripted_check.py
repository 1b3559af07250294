"""A network that exists on paper: which connections are answered after how long, as a script says."""

from collections.abc import Callable, Mapping, Sequence

from bothways.check.network import Looked, Road, Running
from bothways.check.traced import Trace
from bothways.check.trial import Trial, Tried
from bothways.evidence.attempt import Attempt, Outcome
from bothways.evidence.endpoint import Endpoint
from bothways.host.network.errand import Ask
from bothways.units import MILLISECOND, SECOND, Duration, Instant, seconds

HERE = "198.51.100.7"
STEP = Duration(50 * MILLISECOND)


class Fate:
    """What happens to a connection: its SYN is answered after *connects* seconds, it is over after *ends*."""

    def __init__(self, outcome: Outcome, *, connects: float | None = 0.02, ends: float | None = 0.1) -> None:
        self.outcome, self.connects, self.ends = outcome, connects, ends


ANSWERED = Fate(Outcome.ANSWERED)
REFUSED = Fate(Outcome.REFUSED, connects=None, ends=0.02)
STALLED = Fate(Outcome.STALLED, ends=None)
UNANSWERED = Fate(Outcome.NO_CONNECTION, connects=None, ends=None)

Script = Callable[[Trial, int], Fate]
"""Told of a trial and its source port."""


class ScriptedRun:
    """One connection of the script."""

    def __init__(self, network: "ScriptedNetwork", trial: Trial, port: int, fate: Fate) -> None:
        self.trial, self.port, self.fate, self.closed = trial, port, fate, False
        self._network, self._began = network, network.now()

    def tried(self) -> Tried:
        """How it has gone so far."""
        age = self._network.now() - self._began
        over = self.closed or (self.fate.ends is not None and age >= seconds(self.fate.ends))
        connects = self.fate.connects is not None and age >= seconds(self.fate.connects)
        waited = over or age >= 3 * SECOND
        return Tried(
            trial=self.trial,
            attempt=_attempt(self.trial, self.fate.outcome if waited else Outcome.UNKNOWN),
            local=Endpoint(HERE, self.port),
            over=over,
            connected=seconds(self.fate.connects or 0) if connects else None,
            heard=seconds(0.05) if over and self.fate.outcome is Outcome.ANSWERED else None,
        )

    def close(self) -> None:
        """End it."""
        self.closed = True


class ScriptedNetwork:
    """A `check.network.Network` whose time passes only while it runs."""

    def __init__(
        self, script: Script, *, addresses: Mapping[str, Sequence[str]] | None = None, unreachable: Sequence[str] = ()
    ) -> None:
        self._script, self._addresses, self._unreachable = script, addresses or {}, unreachable
        self._now = Instant(1_700_000_000 * SECOND)
        self.begun: list[ScriptedRun] = []
        self.traces: list[tuple[Trace, Running | None]] = []
        self.watched: tuple[str, ...] = ()
        self._trace_ends = Instant(0)

    def now(self) -> Instant:
        """The time on paper."""
        return self._now

    def lookup(self, host: str, *, within: Duration) -> Looked:
        """What the paper says."""
        assert within > 0
        found = tuple(self._addresses.get(host, (host,) if host[0].isdigit() or ":" in host else ()))
        return Looked(addresses=found, why="" if found else "Name or service not known")

    def road(self, address: str) -> Road:
        """Everywhere but where it is unreachable."""
        if address in self._unreachable:
            return Road(address=address, source=None, why="network is unreachable")
        return Road(address=address, source=HERE, interface="eth0")

    def watch(self, addresses: Sequence[str]) -> str:
        """Always allowed."""
        self.watched = tuple(addresses)
        return ""

    def begin(self, trial: Trial) -> ScriptedRun:
        """Open a connection; ports count from 40000."""
        port = trial.source_port or 40_000 + len(self.begun)
        made = ScriptedRun(self, trial, port, self._script(trial, port))
        self.begun.append(made)
        return made

    def trace(self, trace: Trace, running: Running | None) -> None:
        """Takes two seconds, like all of them."""
        self.traces.append((trace, running))
        self._trace_ends = Instant(self._now + 2 * SECOND)

    def tracing(self) -> int:
        """Whether they are over."""
        return int(self._now < self._trace_ends)

    def run(self, *, until: Instant, while_: Callable[[], bool]) -> None:
        """Let time pass."""
        while self._now < until and while_():
            self._now = Instant(min(self._now + STEP, until))


def _attempt(trial: Trial, outcome: Outcome) -> Attempt:
    has_tls = trial.ask in {Ask.TLS, Ask.HTTPS}
    return Attempt(
        line=0,
        outcome_line=0,
        name=trial.name,
        address=trial.server.address,
        port=trial.server.port,
        scheme=None,
        outcome=outcome,
        client_hello_sent=has_tls,
        tls_answered=has_tls and outcome is Outcome.ANSWERED,
        took=None,
        status=None,
    )
