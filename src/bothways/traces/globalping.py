"""Measurements of Globalping: `globalping traceroute|mtr --json`, and the API's document; each probe's is a report.

As in jsdelivr/globalping docs/measurement/schema/response.md, and what a probe itself sends. A hop's distance is its
place in the list. Of a traceroute the attempts without answer are not told; of mtr they are (`rtt`: null), and it
repeats its last hop as a `duplicate`.
"""

from msgspec.structs import replace

from bothways.evidence.path_report import Hop, HopReply, PathReport
from bothways.evidence.reading import Reading
from bothways.traces import mtr_text, traceroute_text
from bothways.traces.json_objects import Located, Objects, vocabulary
from bothways.traces.json_values import (
    Value,
    address,
    figure,
    listed,
    member,
    milliseconds,
    network,
    port,
    whole,
    words,
)
from bothways.traces.moment import moment
from bothways.traces.mtr_host import MOST_REPLIES
from bothways.traces.runs import MOST_HOPS
from bothways.units import Duration

MOST_SENT = 1 << 31

_KINDS = frozenset({"traceroute", "mtr"})
_OWN = frozenset({"probesCount", "measurementOptions", "resolvedAddress"})
_PROBES = {"ICMP": "icmp", "UDP": "udp", "TCP": "tcp-syn"}
_NOBODY = "*"


def recognises(text: str) -> bool:
    """Whether the first object of *text* is a measurement of a path, or one probe's share of it."""
    said = vocabulary(text)
    of_probe = "measurementId" in said and not said.isdisjoint({"hops", "rawOutput"})
    return of_probe or ("type" in said and not said.isdisjoint(_KINDS) and not said.isdisjoint(_OWN))


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """A report of each probe's result in *text*."""
    return Objects(file=file, program="globalping").read(text, _take)


def _take(found: Located, objects: Objects) -> None:
    members = found.members()
    results = members["results"].elements() if "results" in members else [found]
    measurement = found.value
    if not results:
        objects.problem("a measurement without results; ask for it again when it is finished", found)
    for one in results:
        inner = one.members()
        if "result" not in inner or member(measurement, "type") not in (*_KINDS, None):
            objects.problem("no result of a traceroute or of mtr; left out", one)
        else:
            _result(inner["result"], member(one.value, "probe"), measurement, objects)


def _result(found: Located, probe: Value, measurement: Value, objects: Objects) -> None:
    result = found.value
    hops = found.members().get("hops")
    listing = hops.elements() if hops else []
    status = member(result, "status")
    destination = address(member(result, "resolvedAddress"))
    options = member(measurement, "measurementOptions")
    report = PathReport(
        file=objects.file,
        tool="globalping",
        probe=_PROBES.get(str(member(options, "protocol")).upper()),
        source=_source(probe),
        destination=words(member(measurement, "target")) or destination,
        destination_address=destination or address(member(measurement, "target")),
        hops=tuple(hop for index, one in enumerate(listing[:MOST_HOPS], 1) if (hop := _hop(one, index))),
        line=found.line,
        started=moment(str(member(measurement, "createdAt"))),
        port=port(member(options, "port")),
    )
    answered = any(reply.address == destination for hop in report.hops for reply in hop.replies)
    report = replace(report, reached=None if not destination or not listing or status == "in-progress" else answered)
    if not listing and (printed := member(result, "rawOutput")):
        _printed(str(printed), report, objects)
    elif listing:
        objects.runs.add(report)
    else:
        objects.problem(f"a result without hops; its status is {words(status) or 'not told'}", found)


def _printed(text: str, report: PathReport, objects: Objects) -> None:
    """What the probe's program printed, where that is all there is."""
    readers = ((traceroute_text.recognises, traceroute_text.read), (mtr_text.recognises, mtr_text.read))
    read = next((read for recognises, read in readers if recognises(text)), None)
    if read is None:
        objects.runs.problems.add(f"a result without hops, which says: {words(text[:80])}", report.line)
        return
    for one in objects.inner(read(text, file=report.file), report.line or 1):
        known = report.destination_address or one.destination_address
        answered = any(reply.address == known for hop in one.hops for reply in hop.replies)
        reached = answered if known and one.hops else None
        objects.runs.add(replace(report, hops=one.hops, destination_address=known, reached=reached))


def _source(probe: Value) -> str | None:
    """Where the probe stands: its place and network, for it has no name."""
    place = [words(member(probe, "city")), words(member(probe, "country"))]
    number = network(member(probe, "asn"))
    return ", ".join([one for one in place if one] + ([f"AS{number}"] if number else [])) or None


def _hop(found: Located, index: int) -> Hop | None:
    hop = found.value
    if member(hop, "duplicate") is True:
        return None
    timings = [milliseconds(member(one, "rtt")) for one in listed(member(hop, "timings"))]
    trips = tuple(trip for trip in timings if trip is not None)[:MOST_REPLIES]
    sent = whole(member(hop, "stats", "total"), 0, MOST_SENT)
    drop = figure(member(hop, "stats", "drop"))
    return Hop(
        index=index,
        line=found.line,
        replies=_replies(hop, trips),
        sent=sent,
        loss=drop / sent if sent and drop is not None and drop <= sent else None,
    )


def _replies(hop: Value, trips: tuple[Duration, ...]) -> tuple[HopReply, ...]:
    host, name = address(member(hop, "resolvedAddress")), words(member(hop, "resolvedHostname"))
    if name == _NOBODY or (name is not None and address(name)):
        name = None
    if host is None and name is None:
        return ()
    numbers = tuple(number for one in listed(member(hop, "asn")) if (number := network(one)))[:MOST_REPLIES]
    return (HopReply(name=name, address=host, round_trips=trips, networks=numbers),)
