"""Which stateful device stands on which way.

By the user's word, by state evidence, by names; and whether an absence is proven.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from bothways.connections.observer import Place
from bothways.evidence.citation import Citation
from bothways.evidence.inventory import State
from bothways.facts.absence import absence
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.laid_out import is_likely_pair, is_pair
from bothways.facts.same_hops import Sighting, calls, fit, on, row_of, seen_on
from bothways.facts.stretches import stretches
from bothways.facts.subject import Subject
from bothways.facts.unseen_devices import Passes, unseen_devices
from bothways.paths.course import Station
from bothways.paths.model import Path
from bothways.paths.routers import label
from bothways.paths.stateful import Recognition, Rests, StatefulDevice, device_at, strongest_first, united
from bothways.way import Way


class Stands(StrEnum):
    """On which ways the stateful device stands."""

    THERE_ONLY = "there-only"
    BACK_ONLY = "back-only"
    BOTH = "both"
    NEITHER = "neither"
    """A control's way passes it; the case's own ways are proven not to."""


class Trace(StrEnum):
    """Does a path report there reach the server?"""

    REACHES = "reaches"
    STOPS = "stops"


FIREWALL_ON_WAYS = Kind(
    id="firewall-on-ways", asks="Which ways pass the stateful firewall?", family="path", answers=Stands
)
TRACE_THERE = Kind(
    id="trace-there", asks="Do path reports reach the server?", family="trace", answers=Trace, decisive=False
)


def firewalls(subject: Subject) -> tuple[StatefulDevice, ...]:
    """All stateful devices on the reported ways, the best recognised first.

    The user's word first, then where packets were seen to enter a device and not to leave it, then what only speaks
    for it. A name counts on the case's own ways only.
    """
    seen = _by_state(subject)
    others = (one for one in subject.stateful_devices if not (one.by_name_only and one.course.control))
    return strongest_first(united((*others, *([seen] if seen else []))))


def firewall_of(subject: Subject) -> StatefulDevice | None:
    """The best recognised stateful device."""
    return next(iter(firewalls(subject)), None)


def seen_on_ways(subject: Subject, *, control: bool = False) -> frozenset[Way]:
    """On which ways, the case's own or the controls', any report shows the stateful device."""
    firewall = firewall_of(subject)
    if firewall is None:
        return frozenset()
    known = calls(subject, firewall.replies)
    ways = (course.way for course in subject.courses if course.control is control and seen_on(course, known))
    return frozenset(ways)


def _case_paths(subject: Subject, way: Way) -> list[Path]:
    return [path for path in subject.paths if path.way is way and not path.control]


def _by_state(subject: Subject) -> StatefulDevice | None:
    """The device between two captures that packets entered and did not leave.

    At its distance from the client by TTL.
    """
    if not subject.sessions:
        return None
    for stretch in stretches(subject, Way.THERE):
        routers = stretch.upstream.routers_there
        if not stretch.lost or not stretch.at_device or routers is None or stretch.upstream.place is Place.CLIENT:
            continue
        for course in subject.ways(Way.THERE):
            station = next((one for one in course.stations if one.index == routers + 1 and one.replies), None)
            if station is not None:
                because = f"packets entered it and did not leave it, {routers} routers from the client by their TTL"
                reason = Recognition(rests=Rests.STATE, keeps=State.FIREWALL, because=because, cites=station.cites())
                return device_at(course, station, reason)
    return None


def firewall_on_ways(subject: Subject) -> Fact:
    """On which ways the stateful device stands; absent from a way only if that is proven."""
    for way in Way:
        if not subject.ways(way):
            return unknown(FIREWALL_ON_WAYS, f"there is no path report of the way {way}")
    firewall = firewall_of(subject)
    unseen = None if firewall is not None and firewall.certain else _of_unseen(subject)
    if unseen is not None and (unseen.known or firewall is None):
        return unseen
    if firewall is None:
        why = "no hop is known to be a stateful device, and one that lowers no TTL is no hop; `--firewall NAME` tells"
        return unknown(FIREWALL_ON_WAYS, why)
    fact = _of_device(subject, firewall)
    for other in _as_certain(subject, firewall):
        found = _of_device(subject, other)
        if found.answer != fact.answer and (fact.known or found.known):
            said = " and ".join(f"{one.label} ({_told(of)})" for one, of in ((firewall, fact), (other, found)))
            why = f"the ways pass several stateful devices, and nothing tells which one fails: {said}"
            return unknown(FIREWALL_ON_WAYS, why)
    return fact


def _told(fact: Fact) -> str:
    return str(fact.answer) if fact.known else "where is not known"


def _as_certain(subject: Subject, firewall: StatefulDevice) -> Iterator[StatefulDevice]:
    """Other devices of the case's own ways that are stateful as certainly; none beside one that packets died in."""
    if not firewall.certain or any(one.rests is Rests.STATE for one in firewall.recognitions):
        return
    listed = [one for one in firewalls(subject) if one.certain and not one.course.control]
    dying = [one for one in listed if any(reason.rests is Rests.STATE for reason in one.recognitions)]
    known = set(calls(subject, firewall.replies))
    for device in dying or listed:
        if known.isdisjoint(device.replies):
            known.update(calls(subject, device.replies))
            yield device


def _of_device(subject: Subject, firewall: StatefulDevice) -> Fact:
    """On which ways one device stands."""
    seen = {way: _seen(subject, firewall, way) for way in Way}
    for way in Way:
        if seen[way] and len(seen[way]) < len(subject.ways(way)):
            says = f"the way {way} changed meanwhile: {firewall.label} is a hop of some reports, and not of others"
            return unknown(FIREWALL_ON_WAYS, says)
    stations = [station for way in Way for station in seen[way][:1]]
    if len(stations) == len(Way):
        doubt = _doubt_of_both(subject, firewall, stations)
        if doubt:
            return unknown(FIREWALL_ON_WAYS, doubt)
        says = f"{firewall.label} stands on both ways, as hop {stations[0].index} there and {stations[1].index} back"
        return _stands(firewall, Stands.BOTH, says, tuple(station.cites() for station in stations))
    return _on_one_way(subject, firewall, seen) if stations else _on_neither(subject, firewall)


def _doubt_of_both(subject: Subject, firewall: StatefulDevice, stations: Sequence[Station]) -> str:
    """Why it may not stand on both ways though both reports show its name or address; empty where nothing does."""
    known = frozenset(calls(subject, firewall.replies))
    for way, station in zip(Way, stations, strict=True):
        others = [reply for reply in station.replies if reply not in known]
        if others:
            beside = others[0].name or others[0].address
            return f"on the way {way} {firewall.label} and {beside} share one distance: a connection passes either"
    there, back = (
        Sighting(course=next(one for one in subject.ways(way) if station in one.stations), station=station)
        for way, station in zip(Way, stations, strict=True)
    )
    if not fit(subject, there, back):
        hops = f"hop {there.station.index} there and hop {back.station.index} back"
        return f"{hops} are both called {firewall.label}, and the other routers of both ways do not show them as one"
    return ""


_STANDS = {
    (Passes.YES, Passes.YES): Stands.BOTH,
    (Passes.YES, Passes.NO): Stands.THERE_ONLY,
    (Passes.NO, Passes.YES): Stands.BACK_ONLY,
}


def _of_unseen(subject: Subject) -> Fact | None:
    """What the user's list tells of a device that is no hop; None where the ways are not seen to pass any."""
    device = next(iter(unseen_devices(subject)), None)
    if device is None:
        return None
    one, other = device.neighbours
    name, link = device.device.name, f"between {one} and {other}"
    passing = Way.THERE if device.there is Passes.YES else Way.BACK
    answer = _STANDS.get((device.there, device.back))
    if answer is None:
        why = f"{name}, which is no hop of any report, stands {link} on the way {passing}; the way {passing.other} does"
        return unknown(FIREWALL_ON_WAYS, f"{why} not show both of these")
    rest = "so does the way back" if answer is Stands.BOTH else f"the way {passing.other} passes these two apart"
    return Fact(
        kind=FIREWALL_ON_WAYS,
        answer=answer,
        says=f"the way {passing} passes {link}, where your list of devices has {name}, which lowers no TTL; {rest}",
        way=passing.other if answer is not Stands.BOTH else Way.THERE,
        cites=device.cites,
    )


def _seen(subject: Subject, firewall: StatefulDevice, way: Way) -> list[Station]:
    """Where each course of the case's own *way* shows it."""
    known = calls(subject, firewall.replies)
    return [station for course in subject.ways(way) if (station := seen_on(course, known)) is not None]


def _on_one_way(subject: Subject, firewall: StatefulDevice, seen: Mapping[Way, Sequence[Station]]) -> Fact:
    """The device is on one way's reports: proven absent from the other's, or only not seen there."""
    present = Way.THERE if seen[Way.THERE] else Way.BACK
    missing, station, name = present.other, seen[present][0], firewall.label
    absent = absence(subject, firewall.replies, missing)
    perhaps = "" if absent.doubt else _perhaps(subject, station, missing)
    if absent.doubt or perhaps:
        doubt = absent.doubt or f"it may be what answers as {perhaps} there"
        return unknown(FIREWALL_ON_WAYS, f"{name} is not seen on the way {missing}, but {doubt}")
    answer = Stands.THERE_ONLY if present is Way.THERE else Stands.BACK_ONLY
    says = f"{name} is hop {station.index} on the way {present} and no hop of the way {missing}; {absent.proof}"
    return _stands(firewall, answer, says, (station.cites(), absent.cites))


def _perhaps(subject: Subject, station: Station, way: Way) -> str:
    """What the alignment takes for the same router on the other *way* without being sure; empty where nothing."""
    rows = (row_of(alignment, station) for alignment in subject.alignments)
    unsure = (row for row in rows if row is not None and is_likely_pair(row) and not is_pair(row))
    return next((other.label for row in unsure if (other := on(row, way)) is not None), "")


def _on_neither(subject: Subject, firewall: StatefulDevice) -> Fact:
    """The device is known from a control's report only."""
    absent = {way: absence(subject, firewall.replies, way) for way in Way}
    doubts = [f"the way {way}: {one.doubt}" for way, one in absent.items() if one.doubt]
    if doubts:
        why = f"the stateful device stands on no reported way of the case; of {'; of '.join(doubts)}"
        return unknown(FIREWALL_ON_WAYS, why)
    says = f"{firewall.label} is no hop of either way, and on controls' ways it answers"
    return _stands(firewall, Stands.NEITHER, says, tuple(one.cites for one in absent.values()))


def _stands(firewall: StatefulDevice, answer: Stands, says: str, where: Sequence[Sequence[Citation]]) -> Fact:
    return Fact(
        kind=FIREWALL_ON_WAYS,
        answer=answer,
        says=f"{says} (taken for the stateful device because {firewall.basis})",
        way=Way.BACK if answer is Stands.THERE_ONLY else Way.THERE,
        cites=tuple(dict.fromkeys(cite for cites in where for cite in cites)),
        decisive=firewall.certain,
        sure=firewall.certain,
    )


def trace_there(subject: Subject) -> Fact:
    """Whether the path reports of the way there end at the server. Probes are not TCP data: this settles nothing."""
    reports = [path for path in _case_paths(subject, Way.THERE) if path.reached is not None]
    if not reports:
        return unknown(TRACE_THERE, "there is no path report of the way there that tells")
    reached = [path for path in reports if path.reached]
    if reached:
        path = reached[0]
        says = f"the report reaches the server as hop {path.hops[-1].index}"
        cites = (path.cite(path.hops[-1]),)
        return Fact(kind=TRACE_THERE, answer=Trace.REACHES, says=says, way=Way.THERE, cites=cites)
    path = reports[0]
    last = path.last_answering()
    says = f"the report ends at hop {last.index}, {label(last)}" if last else "no hop answers"
    return Fact(kind=TRACE_THERE, answer=Trace.STOPS, says=says, way=Way.THERE, cites=(path.cite(last),))
