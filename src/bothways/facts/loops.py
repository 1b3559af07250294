"""Whether a path report goes in circles.

One router twice is no loop: unequal paths, balanced probe by probe, show the same, and so does a router that passes on
packets whose hops have run out (Augustin et al. 2006, "Avoiding traceroute anomalies with Paris traceroute"). A loop
that keeps packets from arriving goes round until the tool gives up.
"""

from enum import StrEnum
from itertools import pairwise

from bothways.evidence.path_report import Hop
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.subject import Subject
from bothways.paths.model import Path
from bothways.paths.routers import label, same_router
from bothways.way import Way

ROUNDS = 3
"""How often a router must come around: twice is what balanced paths of unequal length make of a straight one."""


class Circles(StrEnum):
    """Which way goes in circles."""

    THERE = "there"
    BACK = "back"
    NONE = "none"


LOOP = Kind(id="loop", asks="Do path reports show the same routers again and again?", family="loop", answers=Circles)


def loop(subject: Subject) -> Fact:
    """The first way there, else the first way back, that ends in a circle."""
    reports = [path for path in subject.paths if not path.control]
    for path in sorted(reports, key=lambda path: path.way is Way.BACK):
        circle = _circle(path)
        if circle:
            answer = Circles.THERE if path.way is Way.THERE else Circles.BACK
            names = dict.fromkeys(label(hop) for hop in circle if not hop.silent)
            says = f"the report goes round and round from hop {circle[0].index} on: {', '.join(names)}"
            where = (path.cite(circle[0]), path.cite(circle[-1]))
            return Fact(kind=LOOP, answer=answer, says=says, way=path.way, cites=where)
    straight = [path for path in reports if path.reached is not None and path.last_answering() is not None]
    if not straight:
        return unknown(LOOP, "there is no path report that shows how the way goes on")
    path = straight[0]
    cites = tuple(item.cite(item.last_answering()) for item in straight[:2])
    return Fact(kind=LOOP, answer=Circles.NONE, says="no path report shows a router again", way=path.way, cites=cites)


def _circle(path: Path) -> tuple[Hop, ...]:
    """The hops from where the circle begins to the report's last answer; empty where it ends elsewhere, or arrives."""
    last = path.last_answering()
    if last is None or path.reached:
        return ()
    again = [hop for hop in path.hops if _same(hop, last)]
    gaps = sum(later.index > earlier.index + 1 for earlier, later in pairwise(again))
    if gaps < ROUNDS - 1 or not _others_between(path, again):
        return ()
    return tuple(hop for hop in path.hops if again[0].index <= hop.index <= last.index)


def _same(one: Hop, other: Hop) -> bool:
    return any(same_router(first, second) for first in one.replies for second in other.replies)


def _others_between(path: Path, again: list[Hop]) -> bool:
    """Whether what lies between the rounds is not always silence: some hosts answer at every distance by turns."""
    inside = [hop for hop in path.hops if again[0].index < hop.index < again[-1].index]
    return any(not hop.silent and not _same(hop, again[0]) for hop in inside)
