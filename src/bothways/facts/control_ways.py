"""Where the ways of controls part from the case's own, between routers that both pass.

Beyond the last router in common a control's way leads elsewhere, which is no parting.
"""

from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

from bothways.evidence.citation import Citation
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.one_way_routers import listed
from bothways.facts.same_hops import calls, names, routers, seen_on
from bothways.facts.subject import Subject
from bothways.paths.course import Course, Station
from bothways.way import Way


class Beside(StrEnum):
    """On which ways a control passes other routers than the case, between such that both pass."""

    SAME = "same"
    """On none: as far as they go together, they pass the same."""
    THERE = "there"
    BACK = "back"
    BOTH = "both"


CONTROL_WAYS = Kind(
    id="control-ways",
    asks="Where do the ways of a control part from the case's own?",
    family="parting",
    answers=Beside,
    decisive=False,
)


class _Parting(Struct, frozen=True, kw_only=True):
    """Whether one way of a control parts from the case's."""

    way: Way
    parts: bool | None
    """None: cannot be told."""

    says: str
    cites: tuple[Citation, ...]


def control_ways(subject: Subject) -> Fact:
    """Both ways of controls against the case's, where reports of both are at hand."""
    found = [one for way in Way if (one := _on(subject, way)) is not None]
    if not found:
        return unknown(CONTROL_WAYS, "no way is reported for the case and for a control")
    parted = [one for one in found if one.parts]
    if not parted and any(one.parts is None for one in found):
        return unknown(CONTROL_WAYS, next(one.says for one in found if one.parts is None))
    answer = Beside.BOTH if len(parted) == len(Way) else Beside(str(parted[0].way)) if parted else Beside.SAME
    shown = parted or found
    says = "; ".join(one.says for one in shown)
    cites = tuple(dict.fromkeys(cite for one in shown for cite in one.cites))
    return Fact(kind=CONTROL_WAYS, answer=answer, says=says, way=shown[0].way, cites=cites)


def _on(subject: Subject, way: Way) -> _Parting | None:
    """The first pair of courses that tells, else the first one; None where one of the two is not reported."""
    pairs = [(one, other) for one in subject.ways(way) for other in subject.ways(way, control=True)]
    compared = [_compared(subject, one, other) for one, other in pairs]
    return next((one for one in compared if one.parts is not None), compared[0] if compared else None)


def _compared(subject: Subject, mine: Course, control: Course) -> _Parting:
    way, cites = mine.way, (mine.paths[0].cite(), control.paths[0].cite())
    common = _common(subject, mine, control)
    if not common:
        says = f"no router of the way {way} is known to stand on the control's way, too"
        return _Parting(way=way, parts=None, says=says, cites=cites)
    untold = 0
    for (here, there), (next_here, next_there) in pairwise(_with_client(common, mine, control)):
        own = [one for one in mine.stations if here < one.index < next_here]
        others = [one for one in control.stations if there < one.index < next_there]
        if len(own) != len(others) or (own and _named(own) and _named(others)):
            passed, instead = (listed(stations) or "nothing" for stations in (others, own))
            says = f"the control's way {way} passes {passed} where the case's passes {instead}"
            return _Parting(way=way, parts=True, says=says, cites=cites)
        untold += len(own)
    if untold:
        hops = "hop" if untold == 1 else "hops"
        says = f"{untold} {hops} of the way {way} may or may not be the same routers as on the control's"
        return _Parting(way=way, parts=None, says=says, cites=cites)
    says = f"the control's way {way} passes the same {len(common)} routers"
    return _Parting(way=way, parts=False, says=says, cites=cites)


def _common(subject: Subject, mine: Course, control: Course) -> list[tuple[int, int]]:
    """The distances of the routers that both pass, in the order of both."""
    found: list[tuple[int, int]] = []
    for station in routers(subject, mine):
        other = None if station.silent else seen_on(control, calls(subject, station.replies))
        if other is not None and (not found or other.index > found[-1][1]):
            found.append((station.index, other.index))
    return found


def _with_client(common: list[tuple[int, int]], mine: Course, control: Course) -> list[tuple[int, int]]:
    """*common* with the client's end, at which both ways begin or end, where the reports show it."""
    if mine.way is Way.THERE:
        return [(0, 0), *common]
    if mine.distance is None or control.distance is None:
        return common
    return [*common, (mine.distance, control.distance)]


def _named(stations: list[Station]) -> bool:
    return all(names(station.replies) for station in stations)
