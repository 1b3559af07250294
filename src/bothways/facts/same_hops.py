"""Which hops of several ways are one router: by address, by name, and by the alignment of the two ways.

What the reports of one way call it leads to what those of another one call it, and so on (`LaidOut.routers`).
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from bothways.evidence.path_report import HopReply
from bothways.facts.subject import Subject
from bothways.paths.addresses import is_private
from bothways.paths.alignment import Alignment, Row
from bothways.paths.course import Course, Station
from bothways.paths.model import GIVES_UP
from bothways.paths.routers import GENERIC_NAMES, is_called, keys
from bothways.way import Way


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


def calls(subject: Subject, replies: Iterable[HopReply]) -> tuple[HopReply, ...]:
    """Everything that any way calls the router of *replies*."""
    return tuple(dict.fromkeys(same for reply in replies for same in (reply, *subject.routers.get(reply, ()))))


def seen_on(course: Course, replies: Sequence[HopReply]) -> Station | None:
    """The first station of *course* at which one of *replies* answers."""
    wanted = frozenset(key for reply in replies for key in keys(reply))
    shown = (one for one in course.stations if any(not wanted.isdisjoint(keys(reply)) for reply in one.replies))
    return next(shown, None)


class Sighting(Struct, frozen=True, kw_only=True):
    """A router at one distance of one course."""

    course: Course
    station: Station


def fit(subject: Subject, one: Sighting, other: Sighting) -> bool:
    """Whether two sightings that bear one name or address can be of one router, by the routers that both courses show.

    Names outlive devices and private addresses are used in many networks (RFC 1918): what stands behind such a router
    on one course and before it on another one in the same direction is a namesake beside another router. A private
    address alone, on courses that share nothing else, tells no router.
    """
    shared = _keys_at(one.station) & _keys_at(other.station)
    if shared and shared <= _namesakes(one) | _namesakes(other):
        return False
    near, far = _around(subject, one), _around(subject, other)
    if one.course.way is not other.course.way:
        far = (far[1], far[0])
    if _meet(near[0], far[1]) or _meet(near[1], far[0]):
        return False
    alike = _meet(near[0], far[0]) or _meet(near[1], far[1])
    return alike or not _is_by_private_address(one.station, other.station)


def _keys_at(station: Station) -> frozenset[str]:
    return frozenset(key for reply in station.replies for key in keys(reply))


def _namesakes(sighting: Sighting) -> frozenset[str]:
    """What others with other addresses on the same course are known by, too: some networks name all routers alike."""
    own = {reply.address for reply in sighting.station.replies if reply.address}
    others = (reply for station in sighting.course.routers for reply in station.replies)
    return frozenset(
        key for reply in others if own and reply.address and reply.address not in own for key in keys(reply)
    )


def _around(subject: Subject, sighting: Sighting) -> tuple[frozenset[str], frozenset[str]]:
    """What the other routers before it and behind it are known by."""
    own = _known_by(subject, [sighting.station])
    sides: tuple[list[Station], list[Station]] = ([], [])
    for station in sighting.course.routers:
        if station.index != sighting.station.index:
            sides[station.index > sighting.station.index].append(station)
    before, after = (_known_by(subject, side) - own for side in sides)
    return before, after


def _known_by(subject: Subject, stations: Iterable[Station]) -> frozenset[str]:
    return frozenset(key for one in stations for reply in calls(subject, one.replies) for key in keys(reply))


def _meet(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one.isdisjoint(other)


def _is_by_private_address(one: Station, other: Station) -> bool:
    """Whether nothing but addresses that many networks use makes two stations one router."""
    if names(one.replies) and names(other.replies):
        return False
    addresses = {reply.address for reply in one.replies} & {reply.address for reply in other.replies}
    return bool(addresses) and all(is_private(address) for address in addresses)


def names(replies: Iterable[HopReply]) -> tuple[str, ...]:
    """The names among *replies* that tell routers apart."""
    return tuple(reply.name for reply in replies if reply.name and reply.name.casefold() not in GENERIC_NAMES)
