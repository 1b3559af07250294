"""Which hops of several ways are one router: by address, by name, and by the alignment of the two ways.

What the reports of one way call it leads to what those of another one call it, and so on. Only pairs that are sure are
followed, and of these only those that names, addresses or links make.
"""

from collections.abc import Collection, Iterable, Sequence

from bothways.evidence.path_report import HopReply
from bothways.facts.subject import Subject
from bothways.paths.alignment import Alignment, Basis, Kinship, Row
from bothways.paths.course import Course, Station
from bothways.paths.routers import GENERIC_NAMES, is_called, same_device
from bothways.way import Way

SURE = 0.95
"""Confidence from which a pair of an alignment is taken for one router: as much as it takes to confirm a cause."""

_TELLING = frozenset({Basis.ADDRESS, Basis.NAME, Basis.INTERFACE_NAME, Basis.LINK, Basis.INVENTORY})


def is_pair(row: Row) -> bool:
    """Whether *row* is one router of both ways, surely, and by what its replies show.

    What stands in one place on both ways is most likely one router; where ways part it is just not that.
    """
    if row.there is None or row.back is None or not _TELLING.intersection(row.bases):
        return False
    return Kinship.SAME in (row.kinship, row.likeliest) and row.confidence >= SURE


def row_of(alignment: Alignment, station: Station) -> Row | None:
    """The row of *station*; None where it is none of these ways'."""
    return next((row for row in alignment.rows if station in (row.there, row.back)), None)


def on(row: Row, way: Way) -> Station | None:
    """What *row* has on one *way*."""
    return row.there if way is Way.THERE else row.back


def routers(subject: Subject, course: Course) -> tuple[Station, ...]:
    """The stations of *course* before the host at its end, as far as any report tells which one that is."""
    end = end_of(subject, course)
    return course.stations if end is None else tuple(one for one in course.stations if one.index < end)


def end_of(subject: Subject, course: Course) -> int | None:
    """The distance of the other end; None where nothing tells that it answered.

    By a report's word, or as reports from there call their own host. What a trace by TCP lists in vain behind it is
    nothing. Reports of a control mostly do not say where they went; they end where the tool ceased to ask.
    """
    if course.distance is not None:
        return course.distance
    answering = [station for station in course.stations if not station.silent]
    if course.reached is not None or not answering:
        return answering[-1].index if course.reached else None
    last = answering[-1]
    if course.control:
        return last.index if last is course.stations[-1] and last.index < GIVES_UP else None
    hosts = {path.report.source for path in subject.paths if path.way is course.way.other and path.report.source}
    return last.index if any(is_called(reply, host) for reply in last.replies for host in hosts) else None


GIVES_UP = 30
"""Hops after which mtr and the traceroutes end in any case, unless told otherwise (mtr(8) `-m`, traceroute(8) `-m`)."""


def calls(subject: Subject, replies: Iterable[HopReply]) -> tuple[HopReply, ...]:
    """Everything that any way calls the router of *replies*."""
    known = dict.fromkeys(replies)
    for _ in range(2):
        for course in subject.courses:
            known |= {reply: None for station in _seen(course, tuple(known)) for reply in _of_one(station, known)}
        for row in _pairs(subject):
            beside = [station for station in (row.there, row.back) if station is not None]
            if any(_is(station, tuple(known)) for station in beside):
                known |= {reply: None for station in beside for reply in _of_one(station, known)}
    return tuple(known)


def _of_one(station: Station, known: Collection[HopReply]) -> list[HopReply]:
    """What *station* calls one router: all, unless several share the distance; then what is of the *known* one."""
    if not station.shared:
        return list(station.replies)
    return [reply for reply in station.replies if any(same_device(reply, one) for one in known)]


def _pairs(subject: Subject) -> list[Row]:
    sides = (*subject.alignments, *subject.control_alignments)
    return [row for alignment in sides for row in alignment.rows if is_pair(row)]


def seen_on(course: Course, replies: Sequence[HopReply]) -> Station | None:
    """The first station of *course* at which one of *replies* answers."""
    return next(iter(_seen(course, replies)), None)


def _seen(course: Course, replies: Sequence[HopReply]) -> list[Station]:
    return [station for station in course.stations if _is(station, replies)]


def _is(station: Station, replies: Sequence[HopReply]) -> bool:
    return any(same_device(known, reply) for known in replies for reply in station.replies)


def names(replies: Iterable[HopReply]) -> tuple[str, ...]:
    """The names among *replies* that tell routers apart."""
    return tuple(reply.name for reply in replies if reply.name and reply.name.casefold() not in GENERIC_NAMES)
