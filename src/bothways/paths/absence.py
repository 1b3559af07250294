"""Whether a router of one way is proven not to stand on the other one.

That it was not seen proves nothing: a hop may be silent, bear another name, or stand behind the last line of a report.
Where none of this can be, the device must still be known to answer in that direction, or the hops around the gap to be
neighbours. What lowers no TTL there is never seen, and a link that is known between two hops need not be the one that
packets take, were it not for the way of the other direction, which takes another one.
"""

from collections.abc import Sequence
from itertools import product

from msgspec import Struct

from bothways.paths.course import Course, Station
from bothways.paths.links import are_one_link
from bothways.paths.rows import Absence, Proof
from bothways.way import Way


class Gap(Struct, frozen=True, kw_only=True):
    """The part of a way between two of its stations."""

    answering: tuple[Station, ...]
    hidden: int
    """Silent hops, distances that no report lists, and routers whose neighbours' replies tell that they keep unseen."""

    ended: bool
    """Whether the report shows both ends of it."""

    @classmethod
    def between(cls, course: Course, near: Station | None, far: Station | None) -> "Gap":
        """What lies between the station *near* the client and the one *far* from it; None is the client, the server."""
        start, end = (near, far) if course.way is Way.THERE else (far, near)
        low = start.index if start else 0
        last = course.stations[-1].index if course.stations else 0
        high = end.index if end else last + (not course.reached)
        listed = [station for station in course.stations if low < station.index < high]
        unseen = sum(station.hidden for station in (*listed, *([end] if end else [])))
        return cls(
            answering=tuple(station for station in listed if not station.silent),
            hidden=sum(station.silent for station in listed) + max(high - low - 1 - len(listed), 0) + unseen,
            ended=end is not None or course.reached is True,
        )


def absence_of(gap: Gap, *, recognisable: bool, shown: bool, neighbours: bool) -> Absence:
    """What is known of a router that was not recognised in a *gap* of the other way.

    *recognisable*: no hop that answered in the gap may be it. *shown*: it answers in that direction elsewhere.
    *neighbours*: the hops around the gap are the two ends of one link.
    """
    if not gap.ended:
        return Absence(proven=False, why=Proof.UNENDED, hidden=gap.hidden)
    if gap.hidden:
        return Absence(proven=False, why=Proof.SILENT_HOPS, hidden=gap.hidden)
    if not recognisable:
        return Absence(proven=False, why=Proof.UNRECOGNISED)
    if shown:
        return Absence(proven=True, why=Proof.CONTROL)
    if neighbours and not gap.answering:
        return Absence(proven=True, why=Proof.NEIGHBOURS)
    return Absence(proven=False, why=Proof.UNPROVEN)


def are_neighbours(near: Sequence[Station | None], far: Sequence[Station | None]) -> bool:
    """Whether an address of one router and one of the other are the ends of one link; each as its stations show it."""
    mine, others = (
        [reply.address for one in stations if one for reply in one.replies if reply.address] for stations in (near, far)
    )
    return any(one != other and are_one_link(one, other) for one, other in product(mine[:MOST], others[:MOST]))


MOST = 32
"""Addresses of one router that are looked at."""
