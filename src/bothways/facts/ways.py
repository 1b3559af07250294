"""Which stateful device stands on which way.

By the user's word, by state evidence, by names; and whether an absence is proven.
"""

from collections.abc import Sequence
from enum import StrEnum

from bothways.connections.observer import Place
from bothways.evidence.inventory import State
from bothways.evidence.path_report import Hop
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.stretches import stretches
from bothways.facts.subject import Subject
from bothways.paths.course import Course, courses_of
from bothways.paths.firewalls import Recognition, Rests, StatefulDevice, device_at, firewalls_of, strongest_first
from bothways.paths.model import Path
from bothways.paths.routers import label, same_router
from bothways.way import Way


class Stands(StrEnum):
    """On which ways the stateful device stands."""

    THERE_ONLY = "there-only"
    BACK_ONLY = "back-only"
    BOTH = "both"


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
    courses = courses_of(subject.paths)
    found = firewalls_of(courses, words=subject.firewalls)
    seen = _by_state(subject, courses)
    others = (one for one in found if not (one.by_name_only and one.course.control))
    return strongest_first((*others, *([seen] if seen else [])))


def firewall_of(subject: Subject) -> StatefulDevice | None:
    """The best recognised stateful device."""
    return next(iter(firewalls(subject)), None)


def _case_paths(subject: Subject, way: Way) -> list[Path]:
    return [path for path in subject.paths if path.way is way and not path.control]


def _by_state(subject: Subject, courses: Sequence[Course]) -> StatefulDevice | None:
    """The device between two captures that packets entered and did not leave.

    At its distance from the client by TTL.
    """
    if not subject.sessions:
        return None
    for stretch in stretches(subject, Way.THERE):
        routers = stretch.upstream.routers_there
        if not stretch.lost or not stretch.at_device or routers is None or stretch.upstream.place is Place.CLIENT:
            continue
        for course in courses:
            if course.way is not Way.THERE or course.control:
                continue
            station = next((one for one in course.stations if one.index == routers + 1 and one.replies), None)
            if station is not None:
                because = f"packets entered it and did not leave it, {routers} routers from the client by their TTL"
                reason = Recognition(rests=Rests.STATE, keeps=State.FIREWALL, because=because, cites=station.cites())
                return device_at(course, station, reason)
    return None


def firewall_on_ways(subject: Subject) -> Fact:
    """On which ways the stateful device stands; absent from a way only if that is proven."""
    there, back = _case_paths(subject, Way.THERE), _case_paths(subject, Way.BACK)
    if not there or not back:
        lacking = "there" if not there else "back"
        return unknown(FIREWALL_ON_WAYS, f"there is no path report of the way {lacking}")
    firewall = firewall_of(subject)
    if firewall is None:
        return unknown(FIREWALL_ON_WAYS, "no hop is known to be a stateful device; `--firewall NAME` tells")
    on_there, on_back = _on(firewall, there), _on(firewall, back)
    if on_there and on_back:
        return _stands(firewall, Stands.BOTH, f"{firewall.label} stands on both ways", (on_there, on_back))
    present, missing_way = (on_there, Way.BACK) if on_there else (on_back, Way.THERE)
    if present is None:
        return unknown(FIREWALL_ON_WAYS, "the stateful device stands on no reported way")
    return _absent(subject, firewall, present, missing_way)


def _on(firewall: StatefulDevice, paths: list[Path]) -> tuple[Path, Hop] | None:
    return next(
        (
            (path, hop)
            for path in paths
            for hop in path.hops
            if any(same_router(known, reply) for known in firewall.replies for reply in hop.replies)
        ),
        None,
    )


def _absent(subject: Subject, firewall: StatefulDevice, present: tuple[Path, Hop], missing: Way) -> Fact:
    """The device is not on the *missing* way's report.

    Proven if it answers that way elsewhere and nothing silent can hide it.
    """
    case = _case_paths(subject, missing)
    silent = max(path.silent for path in case)
    finished = [path for path in case if path.reached is not False]
    # A trace by TCP ends where the connections themselves do; another report may show how that way goes on.
    unfinished = any(
        path.reached is False and not any(_begins_like(path, other) for other in finished) for path in case
    )
    controls = [path for path in subject.paths if path.way is missing and path.control]
    elsewhere = _on(firewall, controls)
    name = firewall.label
    if silent or unfinished or elsewhere is None or not any(path.hops for path in case):
        reason = "nothing shows that it would answer on that way"
        reason = "the report ends before it reaches the other end" if unfinished else reason
        reason = f"{silent} silent hops could hide it" if silent else reason
        return unknown(FIREWALL_ON_WAYS, f"{name} is not seen on the way {missing}, but {reason}")
    answer = Stands.THERE_ONLY if missing is Way.BACK else Stands.BACK_ONLY
    says = (
        f"{name} is hop {present[1].index} on the way {missing.other} and no hop of the way {missing}; "
        f"on a control's way {missing} it answers as hop {elsewhere[1].index}, so it would have been seen"
    )
    shown = case[0].last_answering()
    return _stands(firewall, answer, says, (present, (case[0], shown) if shown else present, elsewhere))


def _begins_like(path: Path, other: Path) -> bool:
    """Whether every hop that *path* shows is seen at the same distance by *other*, which shows more."""
    shown = [hop for hop in path.hops if not hop.silent]
    at = {hop.index: hop for hop in other.hops}
    return bool(shown) and all(
        hop.index in at and any(same_router(one, two) for one in hop.replies for two in at[hop.index].replies)
        for hop in shown
    )


def _stands(firewall: StatefulDevice, answer: Stands, says: str, where: tuple[tuple[Path, Hop], ...]) -> Fact:
    cites = tuple(path.cite(hop) for path, hop in where)
    return Fact(
        kind=FIREWALL_ON_WAYS,
        answer=answer,
        says=f"{says} (taken for the stateful device because {firewall.basis})",
        way=Way.BACK if answer is Stands.THERE_ONLY else Way.THERE,
        cites=cites,
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
