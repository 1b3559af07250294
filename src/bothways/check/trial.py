"""One connection that a check makes, what for, and how it went."""

from enum import StrEnum

from msgspec import Struct

from bothways.evidence.attempt import Attempt, Outcome
from bothways.evidence.endpoint import Endpoint
from bothways.host.network.errand import Ask
from bothways.units import Duration


class Purpose(StrEnum):
    """What a connection shows by how it fares beside the others."""

    REAL = "real"
    """As the user's own program would make it."""
    OTHER_SOURCE_PORT = "other-source-port"
    """The same from a further port: routers choose among several paths by it."""
    LARGE_REQUEST = "large-request"
    """The same with a request that fills more than one packet, as cookies make it: what small ones pass may stop it."""
    SAME_SOURCE_PORT = "same-source-port"
    """The same once more from a port that was tried: a broken path fails it each time, and chance does not."""
    OTHER_NAME = "other-name"
    """The same address, asked under a name that nobody filters."""
    NO_NAME = "no-name"
    """The same address, asked under no name."""
    SMALL_SEGMENTS = "small-segments"
    """The same with segments that pass every link, both ways."""
    OTHER_PORT = "other-port"
    """The same address at another port of its own."""
    ELSEWHERE = "elsewhere"
    """The same name, said to another host."""


OF_TARGET = frozenset({Purpose.REAL, Purpose.OTHER_SOURCE_PORT, Purpose.LARGE_REQUEST, Purpose.SAME_SOURCE_PORT})
"""What is judged; everything else is made to compare it with."""

BY_PORT_ALONE = frozenset({Purpose.REAL, Purpose.OTHER_SOURCE_PORT})
"""What differs in nothing but the source port, so that a difference in fate is the port's."""

TLS = frozenset({Ask.TLS, Ask.HTTPS})
"""What begins with a ClientHello."""


class Trial(Struct, frozen=True, kw_only=True):
    """One connection to make."""

    purpose: Purpose
    server: Endpoint
    name: str | None
    """What is said to the server: in the ClientHello, in the request; None: no name is."""

    ask: Ask
    path: str = "/"
    source_port: int = 0
    """0: the kernel chooses."""

    padding: int = 0
    """Bytes by which the request is longer than need be."""

    small: bool = False
    """Whether its segments are held small both ways."""


class Tried(Struct, frozen=True, kw_only=True):
    """How one went, up to the moment of asking."""

    trial: Trial
    attempt: Attempt
    """In the words of evidence; its outcome is *unknown* while it is open and has not waited long."""

    local: Endpoint | None
    """None where no packet was sent."""

    over: bool
    """Whether nothing more is to come of it; what is not over is held open."""

    connected: Duration | None = None
    """Until the SYN+ACK came, from the connection's begin."""

    secured: Duration | None = None
    """Until the TLS handshake was done."""

    heard: Duration | None = None
    """Until the server's first byte."""

    answered: Duration | None = None
    """Until the first byte of the application's answer."""

    why: str = ""
    """The kernel's or TLS' own words of an end that was not good."""

    @property
    def is_good(self) -> bool:
        """Whether the server answered to the end."""
        return self.over and self.attempt.outcome is Outcome.ANSWERED
