"""This machine's own network, as a check wants it: the one implementation of `check.network.Network` that is real."""

import secrets
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from bothways.check.inside import Inside, Own, StrayOrUdp
from bothways.check.network import Looked, Road
from bothways.check.traced import INSIDE, INSIDE_OWN, Trace
from bothways.check.trial import Trial, Tried
from bothways.check.wish import Wish
from bothways.errors import MissingPermissionError
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.probing import ProbeTrace, Sends
from bothways.host.network import counters, names, routes
from bothways.host.network.attempt import Attempt
from bothways.host.network.attempts import Attempts
from bothways.host.network.capturing import Capture
from bothways.host.network.carrying import Carrier
from bothways.host.network.errand import Ask, Errand
from bothways.host.network.limited import LimitedSyns
from bothways.host.network.loop import Loop
from bothways.host.network.loop import now as time_now
from bothways.host.network.raw import RawSender
from bothways.units import MILLISECOND, Duration, Instant, between

SMALL_MSS = 536
"""The segment size that every host must take (RFC 9293 section 3.7.1); with IP's headers it passes any link."""

PARTING = Duration(500 * MILLISECOND)
"""For the servers' FINs: a round trip around the world."""

_PORTS = range(20_000, 32_000)
"""Below where Linux chooses clients' ports (ip_local_port_range), so that no program gets one meanwhile."""


class Made:
    """One connection of the kernel that was begun; a `check.network.Running`."""

    def __init__(self, trial: Trial, attempt: Attempt) -> None:
        self.trial, self.attempt = trial, attempt

    def tried(self) -> Tried:
        """How it has gone so far."""
        stages = self.attempt.stages
        since = stages.began

        def after(moment: Instant | None) -> Duration | None:
            return None if moment is None else between(since, moment)

        return Tried(
            trial=self.trial,
            attempt=self.attempt.record(),
            local=self.attempt.local,
            over=self.attempt.settled,
            connected=after(stages.connected),
            secured=after(stages.secured),
            heard=after(stages.heard),
            answered=after(stages.answered),
            why=self.attempt.words() or "",
        )

    def close(self) -> None:
        """End it."""
        self.attempt.close()


class LiveNetwork:
    """Sockets, a capture and probes, all in one loop; closing it leaves nothing of them."""

    def __init__(self, wish: Wish, folder: Path) -> None:
        """*folder* is where the capture goes."""
        self._wish, self._folder = wish, folder
        self.counted_before = counters.snapshot()
        self._until_the_end = ExitStack()
        self._loop = self._until_the_end.enter_context(Loop())
        self._attempts = self._until_the_end.enter_context(Attempts(self._loop))
        self.capture: Capture | None = None
        self._carrier: Carrier | None = None
        self._probing: list[Inside | Own | StrayOrUdp] = []
        self._used: set[int] = set()
        self._limited: list[tuple[LimitedSyns, Trace]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the capture first, so that it does not hold how the rest ends."""
        for limited, _ in self._limited:
            limited.close()
        if self._carrier is not None:
            self._carrier.close()
        if self.capture is not None:
            self.capture.close()
        self._until_the_end.close()

    def part(self) -> None:
        """Let connections whose answer is complete end as they usually do, so that the capture shows their end."""
        done = [one for one in self._attempts.all if one.open and one.talk.complete]
        for one in done:
            one.part()
        self._loop.run(until=Instant(time_now() + PARTING), while_=lambda: any(one.parting for one in done))

    def now(self) -> Instant:
        """The time, by the clock that stamps packets."""
        return time_now()

    def lookup(self, host: str, *, within: Duration) -> Looked:
        """Of the families that the user wants."""
        found = names.resolve(host, family=self._wish.family, within=within)
        return Looked(addresses=found.addresses, why=found.why, took=found.took)

    def road(self, address: str) -> Road:
        """Where packets to *address* leave."""
        found = routes.route_to(address, source=self._wish.source, interface=self._wish.interface)
        return Road(
            address=address, source=found.source, interface=found.interface, gateway=found.gateway, why=found.why
        )

    def watch(self, addresses: Sequence[str]) -> str:
        """Capture them, where that is allowed."""
        if self._wish.raw is False:
            return "not wanted"
        try:
            capture = Capture(self._loop, addresses=addresses, file=self._folder / "client.pcapng")
        except MissingPermissionError as error:
            if self._wish.raw:
                raise
            return str(error)
        sender = RawSender(
            addresses,
            interface=self._wish.interface,
            rate=self._wish.rate,
            most=self._wish.budget.probes,
            apart=capture.apart,
        )
        self.capture = capture
        self._carrier = Carrier(self._loop, capture, self._until_the_end.enter_context(sender))
        return ""

    def begin(self, trial: Trial) -> Made:
        """Open a connection."""
        return Made(trial, self._attempts.begin(self._errand(trial)))

    def _errand(self, trial: Trial) -> Errand:
        return Errand(
            address=trial.server.address,
            port=trial.server.port,
            ask=trial.ask,
            name=trial.name,
            path=trial.path,
            padding=trial.padding,
            source=self._wish.source,
            source_port=trial.source_port,
            interface=self._wish.interface,
            mss=SMALL_MSS if trial.small else None,
        )

    def trace(self, trace: Trace, running: object) -> None:
        """Begin a trace; one that takes more than this user may do is left out."""
        nothing = Errand(
            address=trace.server.address,
            port=trace.server.port,
            ask=Ask.NOTHING,
            source=self._wish.source,
            interface=self._wish.interface,
        )
        if trace.sends is Sends.SYN:
            ports = self._free_port(), self._free_port()
            limited = LimitedSyns(self._loop, trace.server, ports, errand=nothing, capture=self.capture)
            self._limited.append((limited, trace))
            return
        if self.capture is None or self._carrier is None:
            return
        if trace.sends in INSIDE and isinstance(running, Made):
            self._inside(running.attempt).ask(trace)
        elif trace.sends in INSIDE_OWN:
            own = self._attempts.begin(nothing)
            if own.local is not None:
                self.capture.apart.port(own.local.port)
            beside = next((one for one in self._probing if isinstance(one, Own) and one.fits(trace)), None)
            if beside is None:
                beside = Own(self._carrier, self.capture)
                self._probing.append(beside)
            beside.ask(trace, own)
        elif trace.sends in {Sends.STRAY_ACK, Sends.UDP}:
            road = self.road(trace.server.address)
            if road.source is not None:
                source = Endpoint(road.source, self._free_port())
                self._probing.append(StrayOrUdp(self._carrier, trace, source))

    def _inside(self, attempt: Attempt) -> Inside:
        known = next((one for one in self._probing if isinstance(one, Inside) and one.attempt is attempt), None)
        if known is not None:
            return known
        if self.capture is None or self._carrier is None:
            message = "probes inside a connection take a capture of it"
            raise RuntimeError(message)
        made = Inside(self._carrier, self.capture, attempt)
        self._probing.append(made)
        return made

    def _free_port(self) -> int:
        while (port := secrets.choice(_PORTS)) in self._used:
            pass
        self._used.add(port)
        return port

    def tracing(self) -> int:
        """How many traces are not over."""
        plans = 0 if self._carrier is None or self._carrier.over else 1
        waiting = sum(one.waits() for one in self._probing if not isinstance(one, StrayOrUdp))
        return plans + waiting + sum(not limited.over for limited, _ in self._limited)

    def run(self, *, until: Instant, while_: Callable[[], bool]) -> None:
        """Let everything go on."""

        def needed() -> bool:
            for one in self._probing:
                one.advance()
            return while_()

        self._loop.run(until=until, while_=needed)

    def traces(self) -> list[tuple[ProbeTrace, Trace]]:
        """All traces, with what each was made for."""
        made = [pair for one in self._probing for pair in one.traces()]
        made += [(trace, asked) for limited, asked in self._limited for trace in limited.traces()]
        return [(trace, asked) for trace, asked in made if trace.shots]
