"""Many real connections at once, each held open as long as whoever began it wishes.

    with Loop() as loop, Attempts(loop) as attempts:
        attempt = attempts.begin(Errand(address="192.0.2.1", port=443, ask=Ask.HTTPS, name="example.org"))
        loop.run(until=now() + 8 * SECOND, while_=lambda: not attempts.all_settled)
        attempt.record(), attempt.socket_record(), attempt.stages, attempt.samples, attempt.words()

Leaving the `with` closes all of them, those that were never answered with a RST, so that nothing of them stays in this
kernel. Where packets are captured and that RST is not to be in the capture, end the capture before.
"""

from types import TracebackType
from typing import Self

from bothways.errors import CallError
from bothways.host.network.attempt import Attempt
from bothways.host.network.errand import Errand
from bothways.host.network.loop import Loop
from bothways.units import SECOND, Duration, Instant

EVERY = Duration(SECOND // 2)
"""Between two looks at what the kernel says of a connection."""

MOST = 256
"""Connections open at once."""


class Attempts:
    """The attempts of one loop."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._all: list[Attempt] = []
        self._next = Instant(0)
        loop.add(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def begin(self, errand: Errand) -> Attempt:
        """Send the SYN. What the network or its answer has against it is told by the attempt, not raised.

        Raises:
            CallError: this machine cannot go on that errand: not its address, no such interface, a senseless name, or
                too many connections are open.
            MissingPermissionError: it may not use the interface.
        """
        if sum(attempt.open for attempt in self._all) >= MOST:
            message = f"there are already {MOST} connections open at once; close some first"
            raise CallError(message)
        try:
            attempt = Attempt(self._loop, errand)
        except OSError as error:
            message = f"cannot try {errand.address} port {errand.port}: {(error.strerror or str(error)).lower()}"
            raise CallError(message) from error
        self._all.append(attempt)
        return attempt

    @property
    def all(self) -> tuple[Attempt, ...]:
        """In the order in which they were begun, closed ones too."""
        return tuple(self._all)

    @property
    def all_settled(self) -> bool:
        """Nothing more is to come of any."""
        return all(attempt.settled for attempt in self._all)

    def due(self, now: Instant) -> Instant | None:
        """When the kernel is asked again."""
        if not any(attempt.open and not attempt.settled for attempt in self._all):
            return None
        return min(self._next, Instant(now + EVERY))

    def act(self, now: Instant) -> None:
        """Ask it of all that are not settled."""
        self._next = Instant(now + EVERY)
        for attempt in self._all:
            if not attempt.settled:
                attempt.look()

    def close(self) -> None:
        """Close all of them."""
        self._loop.remove(self)
        for attempt in self._all:
            attempt.close()
