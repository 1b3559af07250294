"""Results of perfSONAR's `trace` tests: `paths`, each a list of hops, with round trips as ISO 8601 durations.

As in pscheduler-test-trace of perfsonar/pscheduler (result-jsonschema.json): alone, inside `result`, or inside what its
archivers write, with the call in `test`. A hop's distance is its place; one that did not answer is an empty object.
"""

import re

from bothways.evidence.path_report import Hop, HopReply, Mark, PathReport
from bothways.evidence.reading import Reading
from bothways.traces.icmp_marks import mark_of
from bothways.traces.json_objects import Located, Objects, vocabulary
from bothways.traces.json_values import Value, address, member, network, port, whole, words
from bothways.traces.moment import moment
from bothways.traces.runs import MOST_HOPS
from bothways.units import Duration, seconds

LARGEST_PACKET = 65_535

_DURATION = re.compile(r"PT(?:(\d{1,4})M)?(\d{1,6}(?:\.\d{1,9})?)S", re.ASCII)
_PROBES = {"icmp": "icmp", "udp": "udp", "tcp": "tcp-syn"}
_CODES = {
    "net-unreachable": 0,
    "host-unreachable": 1,
    "protocol-unreachable": 2,
    "port-unreachable": 3,
    "fragmentation-needed-and-df-set": 4,
    "source-route-failed": 5,
    "destination-network-unknown": 6,
    "destination-host-unknown": 7,
    "destination-network-administratively-prohibited": 9,
    "destination-host-administratively-prohibited": 10,
    "network-unreachable-for-type-of-service": 11,
    "host-unreachable-for-type-of-service": 12,
    "communication-administratively-prohibited": 13,
    "host-precedence-violation": 14,
    "precedence-cutoff-in-effect": 15,
}
"""Codes of destination unreachable (RFC 1812 section 5.2.7.1) by their names there."""


def recognises(text: str) -> bool:
    """Whether the first object of *text* has paths of perfSONAR's hops."""
    said = vocabulary(text)
    return "paths" in said and not said.isdisjoint({"succeeded", "rtt"})


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """A report of each path in *text*."""
    return Objects(file=file, program="pscheduler").read(text, _take)


def _take(found: Located, objects: Objects) -> None:
    members = found.members()
    outer, result = found.value, members.get("result", found)
    paths = result.members().get("paths")
    if paths is None:
        objects.problem("no result of perfSONAR's trace: it has no paths", found)
        return
    listing = paths.elements()
    if not listing:
        says = words(member(result.value, "error")) or "it names no reason"
        objects.problem(f"a trace without a path; it failed: {says}", result)
    for path in listing:
        _path(path, outer, objects)


def _path(found: Located, outer: Value, objects: Objects) -> None:
    spec = member(outer, "test", "spec")
    destination = words(member(spec, "dest"))
    objects.runs.add(
        PathReport(
            file=objects.file,
            tool="pscheduler",
            probe=_PROBES.get(str(member(spec, "probe-type")).lower()),
            source=words(member(spec, "source")),
            source_address=address(member(spec, "source")),
            destination=destination,
            destination_address=address(destination),
            hops=tuple(_hop(one, index) for index, one in enumerate(found.elements()[:MOST_HOPS], 1)),
            line=found.line,
            started=moment(str(member(outer, "schedule", "start"))),
            port=port(member(spec, "dest-port")),
        )
    )


def _hop(found: Located, index: int) -> Hop:
    hop = found.value
    host, name = address(member(hop, "ip")), words(member(hop, "hostname"))
    replies: tuple[HopReply, ...] = ()
    if host or name:
        number = network(member(hop, "as", "number"))
        trip = _duration(member(hop, "rtt"))
        replies = (
            HopReply(
                name=name,
                address=host,
                marks=_marks(member(hop, "error")),
                round_trips=() if trip is None else (trip,),
                networks=(number,) if number else (),
            ),
        )
    mtu = whole(member(hop, "mtu"), 1, LARGEST_PACKET)
    return Hop(index=index, line=found.line, replies=replies, sent=None, loss=None, mtu=mtu)


def _duration(value: Value) -> Duration | None:
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    return seconds(60 * int(match[1] or 0) + float(match[2])) if match else None


def _marks(error: Value) -> tuple[Mark, ...]:
    """The mark of an error by its name; a name that is not known is none of the usual ones."""
    if not isinstance(error, str):
        return ()
    return mark_of(3, _CODES.get(error.removeprefix("icmp-")), v6=False)
