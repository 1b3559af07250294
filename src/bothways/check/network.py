"""What a check asks of the world outside, so that a scripted one can stand in for it."""

from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec import Struct

from bothways.check.traced import Trace
from bothways.check.trial import Trial, Tried
from bothways.units import Duration, Instant


class Looked(Struct, frozen=True, kw_only=True):
    """What became of a name."""

    addresses: tuple[str, ...]
    """Canonical, in the order in which a program would try them (RFC 6724 section 6)."""

    why: str = ""
    """In the resolver's words where there are none."""

    took: Duration = Duration(0)


class Road(Struct, frozen=True, kw_only=True):
    """How this machine sends to an address."""

    address: str
    source: str | None
    """None: it does not, and *why* says so."""

    interface: str = ""
    gateway: str = ""
    """Empty where the address is on the link, or where nobody tells."""

    why: str = ""


class Running(Protocol):
    """One connection that was begun."""

    def tried(self) -> Tried:
        """How it has gone so far."""
        ...

    def close(self) -> None:
        """End it; it then is over."""
        ...


class Network(Protocol):
    """This machine's network."""

    def now(self) -> Instant:
        """The time, by the clock that stamps packets."""
        ...

    def lookup(self, host: str, *, within: Duration) -> Looked:
        """The addresses of a name, of the families that the user wants."""
        ...

    def road(self, address: str) -> Road:
        """Where packets to an address leave."""
        ...

    def watch(self, addresses: Sequence[str]) -> str:
        """Capture what is sent to these and comes from them; empty, or why not."""
        ...

    def begin(self, trial: Trial) -> Running:
        """Open a connection, which goes on whenever `run` runs."""
        ...

    def trace(self, trace: Trace, running: Running | None) -> None:
        """Begin a trace, in the connection *running* where it is one inside."""
        ...

    def tracing(self) -> int:
        """How many traces are not over."""
        ...

    def run(self, *, until: Instant, while_: Callable[[], bool]) -> None:
        """Let everything go on until a moment, or until *while_* says that there is no more need."""
        ...
