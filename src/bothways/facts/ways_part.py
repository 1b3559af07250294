"""Whether the ways there and back part, and between which routers.

The Internet is asymmetric: that ways part is no fault, and settles nothing. Which of them passes what the other one
does not is a question of its own (`bothways.facts.one_way_routers`), and the one that is weighed.
"""

from enum import StrEnum

from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.gaps import Gap, gaps
from bothways.facts.one_way_routers import listed
from bothways.facts.subject import Subject
from bothways.paths.alignment import Alignment, Row
from bothways.paths.course import Station
from bothways.way import Way


class Parting(StrEnum):
    """Whether the two ways pass the same routers."""

    NOWHERE = "nowhere"
    """Every hop of each way is a router of the other one."""
    PART = "part"
    """Between two routers that both pass they pass different ones."""


WAYS_PART = Kind(
    id="ways-part",
    asks="Do the ways there and back part?",
    family="parting",
    answers=Parting,
    decisive=False,
)


def ways_part(subject: Subject) -> Fact:
    """By the routers that certainly stand on both ways."""
    for way in Way:
        if not subject.ways(way):
            return unknown(WAYS_PART, f"there is no path report of the way {way}")
    return agreed([_compared(subject, alignment) for alignment in subject.alignments])


def partings(subject: Subject) -> tuple[Gap, ...]:
    """The stretches on which the case's two ways certainly part, from the client to the server."""
    return tuple(gap for alignment in subject.alignments for gap in gaps(subject, alignment) if gap.parts)


def _compared(subject: Subject, alignment: Alignment) -> Fact:
    found = gaps(subject, alignment)
    parted = [gap for gap in found if gap.parts]
    if parted:
        around = [station for row in (parted[0].before, parted[0].after) if row for station in (row.there, row.back)]
        cites = tuple(cite for station in around if station for cite in station.cites())
        cites = cites or tuple(course.paths[0].cite() for course in (alignment.there, alignment.back))
        return Fact(kind=WAYS_PART, answer=Parting.PART, says=_said(parted), cites=cites)
    if all(gap.lengths == (0, 0) for gap in found):
        cites = tuple(course.paths[0].cite() for course in (alignment.there, alignment.back))
        says = f"both ways pass the same {len(found) - 1} routers"
        return Fact(kind=WAYS_PART, answer=Parting.NOWHERE, says=says, cites=cites)
    untold = sum(len(gap.there) + len(gap.back) for gap in found)
    return unknown(WAYS_PART, f"{untold} hops of the two ways may or may not be the same routers")


def _said(parted: list[Gap]) -> str:
    gap = parted[0]
    before, after = _called(gap.before, "the client"), _called(gap.after, "the server")
    there, back = (
        _passed(stations, length) for stations, length in zip((gap.there, gap.back), gap.lengths, strict=True)
    )
    more = f"; they part {len(parted)} times" if len(parted) > 1 else ""
    return f"between {before} and {after} the way there passes {there} and the way back {back}{more}"


def _called(row: Row | None, end: str) -> str:
    station = (row.there or row.back) if row else None
    return station.label if station else end


def _passed(stations: tuple[Station, ...], length: int | None) -> str:
    if length == 0:
        return "nothing"
    return listed(stations) or f"{length} hops"
