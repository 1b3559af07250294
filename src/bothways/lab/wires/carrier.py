"""The process that carries frames between two packet sockets: `python -m bothways.lab.wires.carrier TOLD`.

TOLD is what `bothways.lab.wires.wire` says, in JSON. It says `ready` on its standard output once it carries, carries
until its standard input ends, and then says in JSON what it counted. It imports little, because a lab starts many.
"""

import json
import select
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from bothways.lab.wires.packet_socket import Reader, dropped
from bothways.lab.wires.schedule import Schedule, Treatment
from bothways.lab.wires.urgency import claim

_BATCH = 64
"""Frames read before the next look at what is due: less than a millisecond's work."""

_GRAIN_NS = 200_000
"""Longest rest after work. What comes meanwhile is taken together, which saves most of the cost of waking up; it is
delayed by less than any scheduler does."""

_NS = 1_000_000_000


class Way:
    """One way: from one socket, through a schedule, to the other."""

    def __init__(self, source: socket.socket, target: socket.socket, schedule: Schedule, *, tags: bool) -> None:
        self.source, self.target, self.schedule = source, target, schedule
        self.reader = Reader(source)
        self.next = self.reader.next_tagged if tags else self.reader.next
        self.take: Callable[[bytes, int], None] = schedule.take
        self.inspected = 0
        self.failed = self.failed_bytes = 0
        self.why: dict[str, int] = {}

    def read(self, clock: Callable[[], int]) -> bool:
        """Take what has come, up to a batch; tell whether there may be more."""
        following, take = self.next, self.take
        for _ in range(_BATCH):
            frame = following()
            if frame is None:
                return False
            take(frame, clock())
        return True

    def write(self, now: int) -> None:
        """Send what is due."""
        send = self.target.send
        for frame in self.schedule.due(now):
            try:
                send(frame, socket.MSG_DONTWAIT)
            except OSError as error:
                self.failed += 1
                self.failed_bytes += len(frame)
                why = f"not sent: {error.strerror}"
                self.why[why] = self.why.get(why, 0) + 1

    def counted(self) -> dict[str, int]:
        """What `bothways.lab.wires.count.WayCount` holds."""
        schedule = self.schedule
        return {
            "taken": schedule.taken + self.inspected,
            "carried": schedule.given - self.failed,
            "carried_bytes": schedule.given_bytes - self.failed_bytes,
            "lost": schedule.lost,
            "overflowed": schedule.overflowed,
            "duplicated": schedule.duplicated,
            "overtaking": schedule.overtaking,
            "inspected": self.inspected,
            "injected": schedule.injected,
            "failed": self.failed,
            "waiting": len(schedule),
        }

    def surprises(self) -> dict[str, int]:
        """What went wrong at either end, by what it was."""
        seen = {"not read in time": dropped(self.source), "truncated": self.reader.truncated}
        return {what: frames for what, frames in {**seen, **self.why}.items() if frames}


def carry(there: Way, back: Way, until: int, grain_ns: int) -> None:
    """Carry until the descriptor *until* can be read."""
    clock = time.monotonic_ns
    ways = {there.source.fileno(): there, back.source.fileno(): back}
    watched = [until, *ways]
    while True:
        dues = [due for due in (there.schedule.next_at(), back.schedule.next_at()) if due is not None]
        pause = max(min(dues) - clock(), 0) / _NS if dues else None
        ready = select.select(watched, [], [], pause)[0]
        if until in ready:
            break
        for number in ready:
            ways[number].read(clock)
        now = clock()
        there.write(now)
        back.write(now)
        if ready and grain_ns:
            time.sleep(grain_ns / _NS)
    for way in ways.values():
        while way.read(clock):  # what came before the end is counted
            pass


def _inspect(there: Way, back: Way, inspection: dict[str, Any]) -> None:
    """Put a box before the way there; it stands at the end where that way begins."""
    from bothways.lab.wires.inspector import Inspector  # noqa: PLC0415 - few wires need it, and it imports much

    inspector = Inspector(names=inspection["names"], answer=inspection["answer"])
    pass_on = there.schedule.take

    def take(frame: bytes, now: int) -> None:
        answer = inspector.look(frame)
        if answer is None:
            pass_on(frame, now)
            return
        there.inspected += 1
        if answer.onward:
            there.schedule.inject(answer.onward, now, at_once=False)
        if answer.returned:
            back.schedule.inject(answer.returned, now, at_once=True)

    there.take = take


def _rewrite(there: Way, back: Way, rewriting: dict[str, Any]) -> None:
    """Put a box at the end where the way there begins; what it keeps back counts as inspected."""
    from bothways.lab.wires.rewriter import rewriter  # noqa: PLC0415 - few wires need it, and it imports much

    box = rewriter(rewriting)
    for way, touch in ((there, box.there), (back, box.back)):
        way.take = _touching(way, touch)


def _touching(way: Way, touch: Callable[[bytes], bytes | None]) -> Callable[[bytes, int], None]:
    pass_on = way.take

    def take(frame: bytes, now: int) -> None:
        touched = touch(frame)
        if touched is None:
            way.inspected += 1
        else:
            pass_on(touched, now)

    return take


def main(told: str) -> None:
    """Carry as told, from the ready word to the report."""
    claim()
    task = json.loads(told)
    a, b = (socket.socket(fileno=number) for number in task["sockets"])
    treatments = [Treatment(*values) for values in (task["there"], task["back"])]
    schedules = [Schedule(one, f"{task['seed']} {way}") for one, way in zip(treatments, ("there", "back"), strict=True)]
    there = Way(a, b, schedules[0], tags=task["tags"])
    back = Way(b, a, schedules[1], tags=task["tags"])
    if task["rewriting"] is not None:
        _rewrite(there, back, task["rewriting"])
    if task["inspection"] is not None:
        _inspect(there, back, task["inspection"])
    _say("ready")
    # A tenth of the latency at most: a rest must not be what makes the latency.
    grain_ns = min(_GRAIN_NS, *(one.latency_ns // 10 for one in treatments))
    carry(there, back, sys.stdin.fileno(), grain_ns)
    _say(
        json.dumps(
            {"ways": [way.counted() for way in (there, back)], "surprises": [there.surprises(), back.surprises()]}
        )
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
