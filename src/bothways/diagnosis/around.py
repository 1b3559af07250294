"""Between which routers the other way goes around the stateful device at which packets are lost."""

from bothways.diagnosis.model import Around, HopName
from bothways.facts.same_hops import calls, names, on, seen_on
from bothways.facts.subject import Subject
from bothways.facts.ways import firewall_of
from bothways.facts.ways_part import partings
from bothways.paths.alignment import Row
from bothways.paths.course import Station
from bothways.way import Way


def around_of(subject: Subject, way: Way) -> Around | None:
    """Where the other way leaves *way* and meets it again, if the stateful device stands on *way* in between."""
    firewall = firewall_of(subject)
    if firewall is None:
        return None
    known = calls(subject, firewall.replies)
    for course in subject.ways(way):
        station = seen_on(course, known)
        gap = next((gap for gap in partings(subject) if station is not None and station in gap.passed(way)), None)
        if gap is not None:
            start, end = (gap.before, gap.after) if way is Way.BACK else (gap.after, gap.before)
            return Around(
                way=way.other, leaves=_named(subject, start, way.other), meets=_named(subject, end, way.other)
            )
    return None


def _named(subject: Subject, row: Row | None, way: Way) -> HopName | None:
    station = on(row, way) if row else None
    return None if station is None else station_name(subject, station)


def station_name(subject: Subject, station: Station) -> HopName:
    """What to call *station*: by its own reports, else by those of other ways that show the same router."""
    name = station.name
    if not station.shared and (name is None or not names(station.replies)):
        name = next(iter(names(calls(subject, station.replies))), name)
    if name is None and station.address is not None:
        name = subject.called(station.address)
    return HopName(name=name, address=station.address, index=station.index)
