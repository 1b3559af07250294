"""The one loop in which a check's sockets, captured packets and plans take their turns.

    with Loop() as loop, Capture(loop, ...) as capture, Attempts(loop) as attempts:
        attempt = attempts.begin(Errand(...))
        loop.run(until=now() + 8 * SECOND, while_=lambda: not attempt.settled)

There is no thread: whatever interrupts `Loop.run` (Ctrl-C raises in it at once) interrupts everything, and what was
opened is closed by the `with` statement around it.
"""

import selectors
import time
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from bothways.units import NANOSECONDS_PER_SECOND, Instant

LONGEST_WAIT = 0.25
"""Seconds after which conditions are looked at again, even if nothing happened."""

READ = selectors.EVENT_READ
WRITE = selectors.EVENT_WRITE


def now() -> Instant:
    """The time by the clock that stamps packets (CLOCK_REALTIME)."""
    return Instant(time.time_ns())


class Part(Protocol):
    """What has its own times in a loop."""

    def due(self, now: Instant) -> Instant | None:
        """When `act` is to be called next; None: not before something else happens."""
        ...

    def act(self, now: Instant) -> None:
        """Its time has come."""
        ...


class Loop:
    """Waits for sockets and times, and calls those that they concern."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._parts: list[Part] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget all sockets and parts; the sockets themselves belong to others."""
        self._selector.close()
        self._parts.clear()

    def watch(self, socket: int, events: int, act: Callable[[int], None]) -> None:
        """Call *act* with the events whenever *socket* (a descriptor) is ready for any of *events*; 0 ends that."""
        known = socket in self._selector.get_map()
        if not events:
            if known:
                self._selector.unregister(socket)
        elif known:
            self._selector.modify(socket, events, act)
        else:
            self._selector.register(socket, events, act)

    def forget(self, socket: int) -> None:
        """Watch a descriptor no longer, in a loop that may be closed."""
        if self._selector.get_map() is not None:
            self.watch(socket, 0, _nothing)

    def add(self, part: Part) -> None:
        """Let *part* act when it is due."""
        self._parts.append(part)

    def remove(self, part: Part) -> None:
        """Let it act no longer; one that is not there is passed over."""
        if part in self._parts:
            self._parts.remove(part)

    def run(self, *, until: Instant, while_: Callable[[], bool] = lambda: True) -> None:
        """Let everybody have his turns until a moment, or until there is no more need.

        Args:
            until: By `now`; held by the monotonic clock too, so that a clock set back does not prolong it.
            while_: Asked after each turn; False ends the run.
        """
        end = time.monotonic_ns() + max(until - now(), 0)
        while while_() and (left := end - time.monotonic_ns()) > 0:
            self.turn(min(left / NANOSECONDS_PER_SECOND, LONGEST_WAIT))
        self.turn(0)

    def turn(self, longest: float = 0.0) -> None:
        """One turn: wait at most *longest* seconds for something to happen, and let those act whom it concerns."""
        moment = now()
        times = [due for part in self._parts if (due := part.due(moment)) is not None]
        wait = min([longest, *(max(due - moment, 0) / NANOSECONDS_PER_SECOND for due in times)])
        for key, events in self._selector.select(wait):
            # One of the first may have closed one of the later ones.
            if self._selector.get_map().get(key.fd) is key:
                key.data(events)
        for part in tuple(self._parts):
            due = part.due(now())
            if due is not None and due <= now():
                part.act(now())


def _nothing(_: int) -> None:
    """Nobody to be called."""
