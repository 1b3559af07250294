"""Scripts that run side by side, as one sequence in order of time; only what runs at the moment is in memory."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import itemgetter

from bench.large.frames import SECOND, Timed
from bench.large.plan import Begun

SLICE = SECOND // 2
"""Microseconds whose packets are sorted at once."""


def slices(begun: Iterable[Begun], end: int) -> Iterator[list[Timed]]:
    """The records of each half second, in order of time; *begun* is in that order too, *end* closes the capture."""
    waiting: defaultdict[int, list[tuple[Timed, Iterator[Timed]]]] = defaultdict(list)
    coming = iter(begun)
    following = next(coming, None)
    for number in range(-(-end // SLICE)):
        until = min(end, (number + 1) * SLICE)
        running = waiting.pop(number, [])
        while following is not None and following[0] < until:
            at, begin = following
            running += [(head, script) for script in begin(at) if (head := next(script, None)) is not None]
            following = next(coming, None)
        found: list[Timed] = []
        for head, script in running:
            one: Timed | None = head
            while one is not None and one[0] < until:
                found.append(one)
                one = next(script, None)
            if one is not None and one[0] < end:
                waiting[one[0] // SLICE].append((one, script))
        found.sort(key=itemgetter(0))
        yield found
