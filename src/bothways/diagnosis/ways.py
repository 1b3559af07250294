"""Lays two ways side by side, with what they pass and what they would mean if connections failed."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from bothways.diagnosis.roles import Roles
from bothways.diagnosis.two_ways import Device, WaysOf
from bothways.diagnosis.would_follow import consequences, path_facts, prospects
from bothways.evidence.case import Case, PathEvidence
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.networks import Network
from bothways.facts.fact import Fact
from bothways.facts.same_hops import calls, on, seen_on
from bothways.facts.subject import Subject
from bothways.facts.ways import FIREWALL_ON_WAYS, Stands, firewalls
from bothways.paths.alignment import Absence, Alignment, Kinship, Proof
from bothways.paths.alone import End, ways_alone
from bothways.paths.course import Course, present
from bothways.paths.known import known_of
from bothways.paths.stateful import CERTAIN
from bothways.way import Way


def ways_of(subject: Subject, target: str) -> WaysOf | None:
    """The ways to the target *subject*, called *target*; None where no path report belongs to it."""
    if all(course.control for course in subject.courses):
        return None
    server = subject.name or subject.server.address
    return replace(_laid_out(subject), target=target, client=subject.client, server=server)


def ways_without_target(case: Case, roles: Roles, reports: Iterable[PathEvidence]) -> WaysOf | None:
    """The ways that *reports* tell of by themselves; None where they are none.

    *reports* stand in the order in which the user named them.
    """
    alone = ways_alone(reports)
    if alone.there is None and alone.back is None:
        return None
    subject = _without_connections(case, roles, alone.client, alone.server, alone.courses)
    return replace(
        _laid_out(subject),
        client=alone.client.label or "",
        server=alone.server.label or "",
        told=alone.told,
        strays=alone.strays,
    )


def _without_connections(case: Case, roles: Roles, client: End, server: End, courses: Sequence[Course]) -> Subject:
    """The two ends with nothing but their ways between them: enough to measure what path reports can answer."""
    return Subject(
        client=next(iter(client.addresses), ""),
        server=Endpoint(next(iter(server.addresses), ""), 0),
        name=next(iter(server.names), ""),
        exemplars=(),
        connections=(),
        neighbours=(),
        observers=(),
        offsets=(),
        paths=tuple(path for course in courses for path in course.paths),
        sessions=case.sessions,
        rules=case.rules,
        attempts=(),
        firewalls=roles.firewalls,
        known=known_of(case),
    )


def _laid_out(subject: Subject) -> WaysOf:
    seen = {way: present(subject.courses, way) for way in Way}
    likely = {way: _most_likely_ended(course) for way, course in seen.items()}
    there, back = likely[Way.THERE], likely[Way.BACK]
    controls = tuple(course for course in subject.courses if course.control)
    alignment = subject.beside_controls(there, back) if there and back else None
    facts = path_facts(subject)
    devices = tuple(_devices(subject, there, back))
    if alignment:
        alignment = _with_proof(alignment, devices, facts, Proof.CONTROL if controls else Proof.NEIGHBOURS)
    courses = subject.courses
    return WaysOf(
        target=None,
        client=subject.client,
        server=subject.server.address,
        client_address=subject.client,
        server_address=subject.server.address,
        there=there,
        back=back,
        assumed=frozenset(way for way in Way if likely[way] is not seen[way]),
        others=tuple(one for one in courses if not one.control and one not in seen.values()),
        controls=controls,
        alignment=alignment,
        devices=devices,
        networks=_networks(subject, there, back),
        facts=facts,
        follows=consequences(facts),
        open=prospects(facts, _refuted(devices)),
    )


def _most_likely_ended(course: Course | None) -> Course | None:
    """*course* as if who is most likely the other end were known to be; no fact rests on this."""
    end = course.likely_end if course else None
    if course is None or end is None:
        return course
    return replace(course, reached=True)


def _networks(subject: Subject, *courses: Course | None) -> dict[str, Network]:
    replies = (reply for course in courses if course for station in course.stations for reply in station.replies)
    addresses = dict.fromkeys(reply.address for reply in replies if reply.address is not None)
    return {address: owner for address in addresses if (owner := subject.known.owner(address)) is not None}


PROVEN = 0.99
"""Confidence in a proven absence: reports themselves err about once in a hundred."""


def _with_proof(alignment: Alignment, devices: Sequence[Device], facts: Sequence[Fact], why: Proof) -> Alignment:
    """*alignment*, in which the best recognised device is known to stand on one way only where that is proven."""
    told = next((fact for fact in facts if fact.kind is FIREWALL_ON_WAYS), None)
    stands = told.answer if told is not None else None
    kinship = {Stands.THERE_ONLY: Kinship.ONLY_THERE, Stands.BACK_ONLY: Kinship.ONLY_BACK}
    if not devices or told is None or not isinstance(stands, Stands) or stands not in kinship:
        return alignment
    if told.decisive and devices[0].recognitions[0].rests not in CERTAIN:
        return alignment  # it speaks of a device of the user's list that is no hop
    way = Way.THERE if stands is Stands.THERE_ONLY else Way.BACK
    index = devices[0].index(way)
    proven = Absence(proven=True, why=why)
    rows = tuple(
        replace(
            row,
            kinship=kinship[stands],
            likeliest=kinship[stands],
            confidence=max(PROVEN, row.confidence),
            absence=proven,
        )
        if row.kinship is Kinship.UNTOLD and (station := on(row, way)) is not None and station.index == index
        else row
        for row in alignment.rows
    )
    return replace(alignment, rows=rows)


def _refuted(devices: Sequence[Device]) -> frozenset[Stands]:
    """Where a stateful device cannot stand alone: it is seen on the other way."""
    seen = {way for device in devices for way in Way if device.index(way) is not None}
    alone = {Way.THERE: Stands.BACK_ONLY, Way.BACK: Stands.THERE_ONLY}
    return frozenset(alone[way] for way in seen)


def _devices(subject: Subject, there: Course | None, back: Course | None) -> Iterator[Device]:
    """The stateful devices of the two ways, each once, the best recognised first; controls tell of further ones."""
    told = set[tuple[Way, int]]()
    for device in firewalls(subject):
        if not device.course.control and (device.way, device.index) in told:
            continue
        replies = calls(subject, device.replies)
        on_there, on_back = (seen_on(course, replies) if course else None for course in (there, back))
        places = {(way, station.index) for way, station in zip(Way, (on_there, on_back), strict=True) if station}
        if not places or places & told:
            continue
        told |= places
        yield Device(
            name=next((reply.name for reply in device.replies if reply.name), None),
            address=next((reply.address for reply in device.replies if reply.address), None),
            keeps=device.keeps,
            recognitions=device.recognitions,
            there=on_there.index if on_there else None,
            back=on_back.index if on_back else None,
        )
