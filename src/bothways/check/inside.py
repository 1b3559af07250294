"""Which plans are carried out for the traces that a check wants, and when they can begin."""

import secrets
from collections.abc import Sequence

from bothways.check.controls import OTHER_NAME
from bothways.check.traced import Trace
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.probing import ProbeTrace, Sends
from bothways.host.network.attempt import Attempt
from bothways.host.network.capturing import Capture
from bothways.host.network.carrying import Carrier
from bothways.host.network.loop import now
from bothways.probes import kinds
from bothways.probes.kinds import Asked
from bothways.probes.opened import Opened, opened
from bothways.probes.tracing import Tracing
from bothways.units import SECOND, Duration

_NAMELESS = "nobody.example"
"""What a ClientHello names where the target has no name."""


class Inside:
    """All traces of a connection's own packets, made together as soon as its SYN+ACK was captured."""

    def __init__(self, carrier: Carrier, capture: Capture, attempt: Attempt) -> None:
        self._carrier, self._capture = carrier, capture
        self.attempt = attempt
        self._wanted: list[Trace] = []
        self._plan: Tracing | None = None

    def ask(self, trace: Trace) -> None:
        """Make this trace too."""
        if self._plan is None:
            self._wanted.append(trace)

    def waits(self) -> bool:
        """Whether it has not begun and may yet."""
        return self._plan is None and not self.attempt.settled and self.attempt.open

    def advance(self) -> None:
        """Begin, if the connection is there."""
        if self._plan is not None or not self._wanted:
            return
        seen = _seen(self._capture, self.attempt)
        if seen is not None:
            self._plan = _plan([_asked(trace, seen) for trace in self._wanted])
            self._carrier.begin(self._plan)

    def traces(self) -> list[tuple[ProbeTrace, Trace]]:
        """What came of it."""
        if self._plan is None:
            return []
        return list(zip(self._plan.traces(), self._wanted, strict=True))


class Own:
    """Traces of data to one server, each in a connection of its own whose kernel never writes.

    What a device makes of a connection's first bytes stays with the connection, so no two kinds share one. They are
    made in turns, when all of the connections are there or no more come.
    """

    def __init__(self, carrier: Carrier, capture: Capture) -> None:
        self._carrier, self._capture = carrier, capture
        self._wanted: list[tuple[Trace, Attempt]] = []
        self._made: list[Trace] = []
        self._plan: Tracing | None = None

    def fits(self, trace: Trace) -> bool:
        """Whether *trace* can be one of them."""
        return self._plan is None and all(other.server == trace.server for other, _ in self._wanted)

    def ask(self, trace: Trace, attempt: Attempt) -> None:
        """Make this one too, in the connection *attempt*."""
        self._wanted.append((trace, attempt))

    def waits(self) -> bool:
        """Whether it has not begun and may yet."""
        return self._plan is None and any(not attempt.settled for _, attempt in self._wanted)

    def advance(self) -> None:
        """Begin, as soon as it is known which connections come about."""
        coming = [attempt for _, attempt in self._wanted if not attempt.settled and not attempt.connected]
        oldest = min((attempt.stages.began for attempt in coming), default=None)
        if self._plan is not None or (oldest is not None and now() - oldest < _COMES_WITHIN):
            return
        pairs = [(trace, seen) for trace, one in self._wanted if (seen := _seen(self._capture, one)) is not None]
        if pairs:
            self._made = [trace for trace, _ in pairs]
            self._plan = _plan([_asked(trace, seen) for trace, seen in pairs])
            self._carrier.begin(self._plan)

    def traces(self) -> list[tuple[ProbeTrace, Trace]]:
        """What came of it."""
        return [] if self._plan is None else list(zip(self._plan.traces(), self._made, strict=True))


_COMES_WITHIN = Duration(SECOND)
"""A connection whose SYN is lost at first comes later than the others wait for it."""


def _seen(capture: Capture, attempt: Attempt) -> Opened | None:
    """A connection that the kernel holds, as its captured packets show it."""
    if attempt.local is None or not attempt.connected:
        return None
    return opened(capture.packets(attempt.local, attempt.peer), attempt.local, attempt.peer)


def _plan(asked: Sequence[Asked]) -> Tracing:
    return Tracing(asked, number=secrets.randbelow(0xFFFF) + 1)


def _asked(trace: Trace, seen: Opened) -> Asked:
    sends, name = trace.sends, trace.name or _NAMELESS
    random = secrets.token_bytes(32)
    if sends is Sends.INSIDE_SYN:
        return kinds.inside_syn(seen)
    if sends is Sends.INSIDE_ACK:
        return kinds.inside_ack(seen)
    if sends is Sends.INSIDE_DATA:
        return kinds.inside_data(seen)
    if sends is Sends.INSIDE_LARGE:
        return kinds.inside_large(seen)
    size = _HELLO_SIZE
    if sends is Sends.INSIDE_HELLO:
        return kinds.inside_hello(seen, name, random, size=size)
    return kinds.inside_other_hello(seen, OTHER_NAME, random, size=size)


_HELLO_SIZE = 517
"""Bytes of both ClientHellos, as browsers send them (RFC 7685 section 4 pads to 512 and a record's header of 5)."""


class StrayOrUdp:
    """A trace outside of any connection."""

    def __init__(self, carrier: Carrier, trace: Trace, source: Endpoint) -> None:
        self.source = source
        self._trace = trace
        if trace.sends is Sends.UDP:
            asked = kinds.udp(source, Endpoint(trace.server.address, _UDP_PORT))
        else:
            asked = kinds.stray_ack(source, trace.server, secrets.randbits(32))
        self._plan = Tracing([asked], number=secrets.randbelow(0xFFFF) + 1)
        carrier.begin(self._plan)

    def advance(self) -> None:
        """It began at once."""

    def traces(self) -> list[tuple[ProbeTrace, Trace]]:
        """What came of it."""
        return [(trace, self._trace) for trace in self._plan.traces()]


_UDP_PORT = 33_434
"""Where traceroute begins, and nobody listens."""
