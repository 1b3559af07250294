"""Whether a path report goes in circles, or packets do in view of a capture.

One router twice is no loop: unequal paths, balanced probe by probe, show the same, and so does a router that passes on
packets whose hops have run out (Augustin et al. 2006, "Avoiding traceroute anomalies with Paris traceroute"). A loop
that keeps packets from arriving goes round until the tool gives up.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from bothways.connections.exchange import Seen
from bothways.evidence.path_report import Hop
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.subject import Subject, cite
from bothways.paths.model import Path
from bothways.paths.routers import label, same_router
from bothways.way import Way

FALLS = 4
"""How often the TTL of one packet must have fallen in one capture. A router's capture of all its interfaces shows a
packet twice, with a TTL one lower behind it; one of a router on a stick, or of several files in one, some more."""

ROUNDS = 3
"""How often a router must come around: twice is what balanced paths of unequal length make of a straight one."""


class Circles(StrEnum):
    """Which way goes in circles."""

    THERE = "there"
    BACK = "back"
    NONE = "none"


LOOP = Kind(
    id="loop",
    asks="Do path reports show the same routers again and again, or a capture the same packet?",
    family="loop",
    answers=Circles,
)


def loop(subject: Subject) -> Fact:
    """The first way there, else the first way back, that ends in a circle; or a capture in which packets circle."""
    reports = [path for path in subject.paths if not path.control]
    for path in sorted(reports, key=lambda path: path.way is Way.BACK):
        circle = _circle(path)
        if circle:
            answer = Circles.THERE if path.way is Way.THERE else Circles.BACK
            names = dict.fromkeys(label(hop) for hop in circle if not hop.silent)
            says = f"the report goes round and round from hop {circle[0].index} on: {', '.join(names)}"
            where = (path.cite(circle[0]), path.cite(circle[-1]))
            return Fact(kind=LOOP, answer=answer, says=says, way=path.way, cites=where)
    for exchange in subject.exemplars:
        for seen in exchange.seen:
            for way, counted in ((Way.THERE, seen.sides.there), (Way.BACK, seen.sides.back)):
                if counted.falls >= FALLS and seen.segments(way):
                    return _captured(seen, way, counted.falls)
    return _straight(reports)


def _straight(reports: Sequence[Path]) -> Fact:
    straight = [path for path in reports if path.reached is not None and path.last_answering() is not None]
    if not straight:
        return unknown(LOOP, "there is no path report that shows how the way goes on")
    path = straight[0]
    cites = tuple(item.cite(item.last_answering()) for item in straight[:2])
    # Routers that keep silent circle unseen.
    arrived = any(item.reached for item in straight)
    says = "no path report shows a router again"
    return Fact(kind=LOOP, answer=Circles.NONE, says=says, way=path.way, cites=cites, sure=arrived)


def _captured(seen: Seen, way: Way, falls: int) -> Fact:
    vantage = seen.observer.vantage
    return Fact(
        kind=LOOP,
        answer=Circles.THERE if way is Way.THERE else Circles.BACK,
        says=f"one packet passes the {vantage} again and again, its TTL falling {falls} times",
        way=way,
        vantage=vantage,
        cites=cite(seen, seen.segments(way)[0]),
    )


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
