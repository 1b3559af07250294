"""Whether routers of the two reported ways stand on one of them only.

Two firewalls without shared state, one on each way, take a router on each way that is not on the other one. Where every
router of one way is seen on the other way too, no such pair can stand there: presence proves it, not absence. A device
that answers no probe and lowers no TTL is missed by this.
"""

from collections.abc import Sequence
from enum import StrEnum

from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.gaps import Gap, gaps
from bothways.facts.subject import Subject
from bothways.paths.alignment import Alignment
from bothways.paths.comparing import is_translated
from bothways.paths.course import Station
from bothways.way import Way


class OneWay(StrEnum):
    """On which ways there are routers that the other way is not seen to pass."""

    NONE = "none"
    """Every router of each way stands on the other one, too."""
    THERE = "there"
    """Some of the way there; every router of the way back stands on the way there, too."""
    BACK = "back"
    BOTH = "both"


ONE_WAY_ROUTERS = Kind(
    id="one-way-routers",
    asks="Do the ways there and back each pass routers that the other one does not?",
    family="path-difference",
    answers=OneWay,
)


def one_way_routers(subject: Subject) -> Fact:
    """Compare the routers of the case's two ways, as far as they are known to be pairs."""
    for way in Way:
        if not subject.ways(way):
            return unknown(ONE_WAY_ROUTERS, f"there is no path report of the way {way}")
    return agreed([_compared(alignment, gaps(subject, alignment)) for alignment in subject.alignments])


def _compared(alignment: Alignment, stretches: Sequence[Gap]) -> Fact:
    # A way all of whose hops are pairs passes nothing that the other one does not.
    covered = {way: all(gap.length(way) == 0 for gap in stretches) for way in Way}
    alone = {way: [station for gap in stretches for station in gap.only(way)] for way in Way}
    match covered[Way.THERE], covered[Way.BACK]:
        case True, True:
            answer, says = OneWay.NONE, "each router of one way stands on the other way, too"
        case False, True if alone[Way.THERE]:
            answer, says = OneWay.THERE, f"the way there passes {listed(alone[Way.THERE])}, the way back does not"
        case True, False if alone[Way.BACK]:
            answer, says = OneWay.BACK, f"the way back passes {listed(alone[Way.BACK])}, the way there does not"
        case _:
            if not (alone[Way.THERE] and alone[Way.BACK]):
                return _untold(alignment, stretches)
            if len(stretches) == 1:
                return unknown(ONE_WAY_ROUTERS, "no router is recognised on both ways, so that nothing joins them")
            answer = OneWay.BOTH
            says = f"only the way there passes {listed(alone[Way.THERE])}, only the way back {listed(alone[Way.BACK])}"
    cites = tuple(course.paths[0].cite() for course in (alignment.there, alignment.back))
    # That a router was not recognised among those of the other way proves no absence.
    return Fact(kind=ONE_WAY_ROUTERS, answer=answer, says=says, cites=cites, decisive=answer is not OneWay.BOTH)


def _untold(alignment: Alignment, stretches: Sequence[Gap]) -> Fact:
    there, back = (sum(len(gap.passed(way)) for gap in stretches) for way in Way)
    if any(None in gap.lengths for gap in stretches):
        if False in (alignment.there.reached, alignment.back.reached):
            return unknown(ONE_WAY_ROUTERS, "a report ends before it reaches the other end")
        if is_translated(alignment.there, alignment.back):
            return unknown(ONE_WAY_ROUTERS, "the way back may end at what translates the client's address")
        return unknown(ONE_WAY_ROUTERS, "nothing shows for certain that both reports reach the other end")
    hops = f"{there} hop{'s' * (there != 1)} of the way there and {back} of the way back"
    return unknown(ONE_WAY_ROUTERS, f"{hops} may or may not be the same routers")


def listed(stations: Sequence[Station]) -> str:
    """Up to three names, and how many more; empty where there are no *stations*."""
    shown = ", ".join(station.label for station in stations[:MOST])
    return shown if len(stations) <= MOST else f"{shown} and {len(stations) - MOST} more"


MOST = 3
"""Names that a sentence can bear."""
