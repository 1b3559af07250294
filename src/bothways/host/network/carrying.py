"""Carries plans (bothways.probes.plan) out: sends what they want sent, and tells them what was captured.

    carrier = Carrier(loop, capture, raw)
    carrier.begin(plan); carrier.begin(other)
    loop.run(until=deadline, while_=lambda: not carrier.over)
    plan.traces()

Every plan hears every captured packet, its own among them, and is asked for packets only when the rate lets them be
sent at once, so that the time it is told is the time of sending.
"""

from collections import deque
from types import TracebackType
from typing import Self

from bothways.host.network.capturing import Capture
from bothways.host.network.loop import Loop
from bothways.host.network.raw import RawSender, RefusedError
from bothways.host.network.sockets import said
from bothways.probes.plan import Heard, Plan
from bothways.units import MILLISECOND, Duration, Instant

SOONEST = Duration(MILLISECOND)
"""A plan that is due and has nothing to send is not asked again before this."""


class Carrier:
    """Several plans at once, in turns."""

    def __init__(self, loop: Loop, capture: Capture, raw: RawSender) -> None:
        self._loop = loop
        self._capture = capture
        self._raw = raw
        self._plans: deque[Plan] = deque()
        self._stirred: set[int] = set()
        self._not_before = Instant(0)
        self.broken: list[tuple[Plan, str]] = []
        """Plans that were ended because this machine did not send a packet of theirs, and why: the silence after that
        packet is its own."""
        loop.add(self)
        capture.listen(self._hear)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Send nothing more."""
        self._loop.remove(self)
        self._capture.unlisten(self._hear)
        self._plans.clear()

    def begin(self, plan: Plan) -> None:
        """Carry *plan* out until it is over."""
        self._plans.append(plan)
        self._stirred.add(id(plan))

    @property
    def over(self) -> bool:
        """No plan wants anything more."""
        return not self._plans

    def due(self, now: Instant) -> Instant | None:
        """When a plan wants to be asked, and may send."""
        if not self._plans:
            return None
        if self._stirred:
            wanted = now
        else:
            times = [due if (due := plan.due(now)) is not None else now for plan in self._plans]
            wanted = max(min(times), self._not_before)
        return max(wanted, self._raw.ready(now))

    def act(self, now: Instant) -> None:
        """Ask each plan that is due, in turns, as long as the rate allows."""
        for _ in range(len(self._plans)):
            plan = self._plans.popleft()
            due = plan.due(now)
            if due is None and id(plan) not in self._stirred:
                continue
            if self._raw.ready(now) > now:
                self._plans.appendleft(plan)
                break
            stirred = id(plan) in self._stirred
            self._stirred.discard(id(plan))
            if not (stirred or (due is not None and due <= now)) or self._send(plan, now):
                self._plans.append(plan)
        self._not_before = Instant(now + SOONEST)

    def _send(self, plan: Plan, now: Instant) -> bool:
        """Whether the plan can go on."""
        try:
            for packet in plan.packets(now):
                self._raw.send(packet, now)
        except RefusedError as error:
            self.broken.append((plan, str(error)))
            return False
        except OSError as error:
            self.broken.append((plan, f"a probe could not be sent: {said(error.errno or 0)}"))
            return False
        return plan.due(now) is not None

    def _hear(self, heard: Heard) -> None:
        for plan in self._plans:
            plan.hear(heard)
            self._stirred.add(id(plan))
