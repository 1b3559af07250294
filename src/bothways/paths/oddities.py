"""What looks odd in a course and is known to have an ordinary reason: each may hide a router, or show one twice."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from bothways.evidence.citation import Citation
from bothways.evidence.path_report import Hop, HopReply
from bothways.paths.addresses import is_private
from bothways.paths.course import Course, Station
from bothways.paths.hidden import hides, keeps_label, passes_at_zero
from bothways.paths.merging import Key, key_of
from bothways.paths.model import Path


class Oddity(StrEnum):
    """Kinds of odd answers."""

    ZERO_TTL = "zero-ttl"
    """The probe had no hops left when it was answered: the router of this distance passed it on, and the next one
    answered in its place (Augustin et al. 2006, "Avoiding traceroute anomalies with Paris traceroute")."""

    TWICE = "twice"
    """One router at this distance and at the one before, in one report: as `zero-ttl`, where nothing is quoted."""

    AGAIN = "again"
    """A router of an earlier distance, in one report, with others in between: a circle, or unequal paths by turns."""

    LABELS = "labels"
    """The probe came in an MPLS tunnel whose routers show themselves (RFC 4950)."""

    LABELS_KEPT = "labels-kept"
    """The probe came under a label that had hops left: the tunnel did not take over its TTL, and the routers between
    its two ends do not answer (opaque; Donnet et al. 2012, "Revealing MPLS Tunnels Obscured from Traceroute")."""

    HIDDEN_LABELS = "hidden-labels"
    """The probe had hops left by its own header: it came in a tunnel whose routers answer and show no label (implicit,
    ibid.)."""

    PRIVATE = "private"
    """A private address behind a public one: the network's own links, or a translator in between. It means another
    host in every network, so that it is no proof of one router."""

    TRANSLATED = "translated"
    """The quoted probe has other addresses, or another port, than it was sent with: NAT before this distance."""

    END_EARLY = "end-early"
    """The other end, before routers that answer: what stands here speaks in its name, or paths are unequal."""

    END_AGAIN = "end-again"
    """The other end, farther than it stands: the tool went on asking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One odd answer."""

    oddity: Oddity
    station: Station
    cite: Citation

    hides: int | None = None
    """Routers that stand at or right before this distance and show nowhere; None where that is not known."""


def oddities_of(course: Course) -> tuple[Remark, ...]:
    """What is odd in *course*, by distance, each kind once for a distance."""
    remarks: dict[tuple[int, Oddity], Remark] = {}
    for remark in (*_quoted(course), *_translated(course), *_private(course), *_repeated(course), *_ends(course)):
        remarks.setdefault((remark.station.index, remark.oddity), remark)
    twice = [index for index, oddity in remarks if oddity is Oddity.ZERO_TTL]
    for index in twice:
        remarks.pop((index + 1, Oddity.TWICE), None)
    order = list(Oddity)
    return tuple(remarks[key] for key in sorted(remarks, key=lambda key: (key[0], order.index(key[1]))))


def _answers(stations: Iterable[Station]) -> Iterator[tuple[Station, Path, Hop, HopReply]]:
    for station in stations:
        for path, hop in station.sightings:
            for reply in hop.replies:
                yield station, path, hop, reply


def _quoted(course: Course) -> Iterator[Remark]:
    """What TTLs and labels tell."""
    for station, path, hop, reply in _answers(course.stations):
        if passes_at_zero(reply):
            yield Remark(oddity=Oddity.ZERO_TTL, station=station, cite=path.cite(hop), hides=1)
        if keeps_label(reply):
            yield Remark(oddity=Oddity.LABELS_KEPT, station=station, cite=path.cite(hop), hides=hides(reply))
        elif reply.labels:
            yield Remark(oddity=Oddity.LABELS, station=station, cite=path.cite(hop))
        elif reply.quoted and (reply.quoted.ttl or 0) > 1:
            yield Remark(oddity=Oddity.HIDDEN_LABELS, station=station, cite=path.cite(hop))


def _translated(course: Course) -> Iterator[Remark]:
    """The first distance at which each report quotes what was not sent."""
    told = set[int]()
    for station, path, hop, reply in _answers(course.stations):
        if id(path) not in told and _rewritten(path, reply):
            told.add(id(path))
            yield Remark(oddity=Oddity.TRANSLATED, station=station, cite=path.cite(hop))


def _rewritten(path: Path, reply: HopReply) -> bool:
    report, quoted = path.report, reply.quoted
    if quoted is None:
        return False
    pairs = (
        (report.source_address, quoted.source),
        (report.destination_address, quoted.destination),
        (report.port, quoted.destination_port),
    )
    return any(sent is not None and shown is not None and sent != shown for sent, shown in pairs)


def _private(course: Course) -> Iterator[Remark]:
    public = False
    for station in course.routers:
        private = [hop for hop in station.sightings if any(is_private(reply.address) for reply in hop[1].replies)]
        if private and public:
            path, hop = private[0]
            yield Remark(oddity=Oddity.PRIVATE, station=station, cite=path.cite(hop))
        public = public or any(reply.address and not is_private(reply.address) for reply in station.replies)


def _repeated(course: Course) -> Iterator[Remark]:
    """Routers at several distances of one report, the other end left out."""
    stations = {station.index: station for station in course.routers}
    for path in course.paths:
        seen: dict[Key, list[Hop]] = {}
        hops = sorted((hop for hop in path.hops if hop.index in stations), key=lambda hop: hop.index)
        for hop in hops:
            for key in dict.fromkeys(key_of(reply) for reply in hop.replies):
                seen.setdefault(key, []).append(hop)
        answering = [hop.index for hop in hops if not hop.silent]
        for key, places in seen.items():
            for before, hop in pairwise(places):
                between = any(before.index < index < hop.index for index in answering)
                if hop.index == before.index or (hop.index > before.index + 1 and not between):
                    continue
                oddity = Oddity.AGAIN if between else Oddity.TWICE
                if key != (None, None):
                    yield Remark(oddity=oddity, station=stations[hop.index], cite=path.cite(hop))


def _ends(course: Course) -> Iterator[Remark]:
    """The other end where it does not stand."""
    if not course.reached or not course.stations:
        return
    end = {key_of(reply) for reply in course.stations[-1].replies}
    for stations, oddity in ((course.routers, Oddity.END_EARLY), (course.beyond, Oddity.END_AGAIN)):
        for station, path, hop, reply in _answers(stations):
            if key_of(reply) in end:
                yield Remark(oddity=oddity, station=station, cite=path.cite(hop))
