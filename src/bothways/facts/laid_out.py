"""The path reports of a target laid out: its ways, its two ways side by side, and which replies are one router's.

Put together once, when first asked for, and shared by all failures of the target, and by all targets for which the
same reports mean the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from bothways.evidence.path_report import HopReply
from bothways.paths.alignment import Alignment, Kinship, Row, align, beside_controls
from bothways.paths.course import Course, Station, courses_of, present_first
from bothways.paths.firewalls import firewalls_of
from bothways.paths.known import Known
from bothways.paths.model import Path
from bothways.paths.odds import CERTAIN
from bothways.paths.routers import keys
from bothways.paths.rows import PROVING
from bothways.paths.stateful import StatefulDevice
from bothways.way import Way

MOST_COURSES = 6
"""Courses of one way that are laid beside those of the other one: who brings more has measured something else."""


def is_pair(row: Row) -> bool:
    """Whether *row* is one router of both ways, surely, and by what its replies show.

    What stands in one place on both ways is most likely one router; where ways part it is just not that.
    """
    if row.there is None or row.back is None or not PROVING.intersection(row.bases):
        return False
    return is_likely_pair(row)


def is_likely_pair(row: Row) -> bool:
    """Whether *row* is surely one router of both ways, be it by nothing but its place."""
    return Kinship.SAME in (row.kinship, row.likeliest) and row.confidence >= CERTAIN


class LaidOut(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """The ways of some path reports."""

    paths: tuple[Path, ...]
    known: Known
    words: tuple[str, ...] = ()
    """Names or addresses of stateful devices, by the user's word."""

    @cached_property
    def courses(self) -> tuple[Course, ...]:
        """The reports of each way put together: the case's own before the controls'."""
        return courses_of(self.paths)

    @cached_property
    def devices(self) -> tuple[StatefulDevice, ...]:
        """The hops of all courses that are taken for stateful devices, station by station."""
        return firewalls_of(self.courses, words=self.words, known=self.known)

    @cached_property
    def alignments(self) -> tuple[Alignment, ...]:
        """The case's own two ways side by side: each course there beside each course back."""
        return self._side_by_side(control=False)

    @cached_property
    def control_alignments(self) -> tuple[Alignment, ...]:
        """The same of the controls; whether a way there and a way back have the same ends, nothing tells."""
        return self._side_by_side(control=True)

    def ways(self, way: Way, *, control: bool) -> tuple[Course, ...]:
        """The courses of one *way*, the case's own or the controls'; several where it changed meanwhile."""
        return tuple(course for course in self.courses if course.way is way and course.control is control)

    def _side_by_side(self, *, control: bool) -> tuple[Alignment, ...]:
        there, back = (present_first(self.ways(way, control=control))[:MOST_COURSES] for way in Way)
        return tuple(align(one, other, knowledge=self.known) for one in there for other in back)

    def beside_controls(self, there: Course, back: Course) -> Alignment:
        """A way *there* and a way *back* side by side, with what the controls' ways prove of their routers."""
        laid = (one for one in self.alignments if one.there is there and one.back is back)
        alone = next(laid, None) or align(there, back, knowledge=self.known)
        controls = tuple(course for course in self.courses if course.control)
        return beside_controls(alone, controls, knowledge=self.known) if controls else alone

    @cached_property
    def routers(self) -> Mapping[HopReply, tuple[HopReply, ...]]:
        """By reply, all that are certainly the same router's, in the order of the reports.

        What one way calls it leads to what the others call it.
        """
        stations = [station for course in self.courses for station in course.stations]
        groups = [tuple(_linked(station)) for station in stations]
        sides = (*self.alignments, *self.control_alignments)
        rows = (row for alignment in sides for row in alignment.rows if is_pair(row))
        groups += [tuple(_of_both(row)) for row in rows]
        return _joined([reply for station in stations for reply in station.replies], groups)


def _linked(station: Station) -> Iterator[HopReply]:
    """The replies of a distance that one router has for itself; nothing where several share it."""
    if not station.shared:
        yield from station.replies


def _of_both(row: Row) -> Iterator[HopReply]:
    beside = [station for station in (row.there, row.back) if station is not None]
    if not any(station.shared for station in beside):
        yield from (reply for station in beside for reply in station.replies)


def _joined(
    replies: Iterable[HopReply], groups: Iterable[tuple[HopReply, ...]]
) -> Mapping[HopReply, tuple[HopReply, ...]]:
    """The classes of *replies* by the names and addresses that they share, and by *groups*."""
    by_key: defaultdict[str, list[HopReply]] = defaultdict(list)
    replies = tuple(dict.fromkeys(replies))
    for reply in replies:
        for key in keys(reply):
            by_key[key].append(reply)
    parent = {reply: reply for reply in replies}
    for group in (*groups, *by_key.values()):
        for reply in group[1:]:
            one, other = _root(parent, group[0]), _root(parent, reply)
            parent[one] = other
    classes: defaultdict[HopReply, list[HopReply]] = defaultdict(list)
    for reply in replies:
        classes[_root(parent, reply)].append(reply)
    return {reply: tuple(members) for members in classes.values() for reply in members}


def _root(parent: dict[HopReply, HopReply], reply: HopReply) -> HopReply:
    while parent[reply] is not reply:
        parent[reply] = parent[parent[reply]]
        reply = parent[reply]
    return reply
