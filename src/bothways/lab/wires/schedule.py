"""Which frame leaves a wire when: one way of a wire, as arithmetic on integer nanoseconds.

    taken ──chance──> waits for the rate ──> on its way for the latency ──> due
             │lost      │queue full: overflowed
             ├duplicated: a second one right behind
             └overtaking: due as soon as the rate lets it go, without the latency

It is told the time and handed the frames, and looks at no clock. Every frame that chance may touch
(`bothways.lab.wires.frame.is_exposed`) draws three numbers, whatever becomes of it: so the n-th such frame meets the
same fate under the same seed, at any speed. The rate counts whole frames, header and tag included; a frame that
overtakes, or is a duplicate, takes its turn at the rate as any other.
"""

from collections import deque
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from bothways.lab.wires.frame import is_exposed


class Treatment(NamedTuple):
    """What one way of a wire does: the values of `bothways.lab.model.network.Quality`, with the latency in ns."""

    latency_ns: int = 0
    loss: float = 0.0
    reorder: float = 0.0
    duplicate: float = 0.0
    rate_kbit: int | None = None
    queue: int = 1000
    burst: float = 1.0


class Schedule:
    """One way of a wire. The times that it is told never go back.

    At any moment, `taken + duplicated + injected == given + lost + overflowed + len(self)`.
    """

    def __init__(self, treatment: Treatment, seed: str) -> None:
        self._latency, self._loss, self._reorder, self._duplicate, self._rate, self._queue, self._burst = treatment
        self._losing = False
        self._draw = Random(seed).random  # noqa: S311 - repeatable on purpose, and no secret
        self._plain = treatment._replace(latency_ns=0) == Treatment(queue=treatment.queue)
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._ahead: deque[tuple[int, bytes]] = deque()
        self._starts: deque[int] = deque()
        self._busy_until = 0
        self.taken = self.injected = self.given = self.given_bytes = 0
        self.lost = self.overflowed = self.duplicated = self.overtaking = 0

    def __len__(self) -> int:
        """Frames that wait."""
        return len(self._waiting) + len(self._ahead)

    def take(self, frame: bytes, now: int) -> None:
        """Take a frame that comes to the wire."""
        self.taken += 1
        if self._plain:
            self._waiting.append((now + self._latency, frame))
        elif not is_exposed(frame):
            self._send(frame, now, overtakes=False)
        else:
            self._expose(frame, now)

    def inject(self, frame: bytes, now: int, *, at_once: bool) -> None:
        """Take a frame that a box on the wire makes itself; no chance touches it. *at_once*: the box is at the far end.

        Such a frame takes no turn at the rate either.
        """
        self.injected += 1
        if at_once:
            self._ahead.appendleft((now, frame))
        else:
            self._waiting.append((now + self._latency, frame))

    def due(self, now: int) -> Iterator[bytes]:
        """Give away what leaves the wire by *now*, in the order of leaving; what overtakes goes first."""
        ahead, waiting = self._ahead, self._waiting
        while True:
            if ahead and ahead[0][0] <= now and not (waiting and waiting[0][0] < ahead[0][0]):
                frame = ahead.popleft()[1]
            elif waiting and waiting[0][0] <= now:
                frame = waiting.popleft()[1]
            else:
                return
            self.given += 1
            self.given_bytes += len(frame)
            yield frame

    def next_at(self) -> int | None:
        """When the next frame is due; None if none waits."""
        if self._ahead and self._waiting:
            return min(self._ahead[0][0], self._waiting[0][0])
        queue = self._ahead or self._waiting
        return queue[0][0] if queue else None

    def _expose(self, frame: bytes, now: int) -> None:
        lost, twice, overtakes = (
            self._loses(self._draw()),
            self._draw() < self._duplicate,
            self._draw() < self._reorder,
        )
        if lost:
            self.lost += 1
            return
        self.duplicated += twice
        for _ in range(1 + twice):
            if self._is_full(now):
                self.overflowed += 1
            else:
                self.overtaking += overtakes
                self._send(frame, now, overtakes=overtakes)

    def _loses(self, drawn: float) -> bool:
        """Whether a frame is lost: in bursts, of *burst* frames in the mean, so that *loss* of all are (Gilbert 1960).

        A burst ends after each frame with a chance of 1 / burst; the chance that one begins follows from the share.
        """
        if self._burst <= 1 or self._loss >= 1:
            return drawn < self._loss
        begins = self._loss / (self._burst * (1 - self._loss))
        self._losing = drawn >= 1 / self._burst if self._losing else drawn < begins
        return self._losing

    def _is_full(self, now: int) -> bool:
        return self._busy_until > now and self._waits_for_rate(now) >= self._queue

    def _waits_for_rate(self, now: int) -> int:
        starts = self._starts
        while starts and starts[0] <= now:
            starts.popleft()
        return len(starts)

    def _send(self, frame: bytes, now: int, *, overtakes: bool) -> None:
        leaves = now
        if self._rate is not None:
            start = max(now, self._busy_until)
            # Rounded up, so that the rate is never exceeded: 8 bits an octet, 1,000 a kilobit, 10^9 ns a second.
            self._busy_until = leaves = start - (-len(frame) * 8_000_000 // self._rate)
            if start > now and self._waits_for_rate(now) < self._queue:
                self._starts.append(start)
        if overtakes:
            self._ahead.append((leaves, frame))
        else:
            self._waiting.append((leaves + self._latency, frame))
