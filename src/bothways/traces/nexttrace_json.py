"""`nexttrace --json`: `Hops`, a list of attempts for each TTL, round trips in nanoseconds.

As Go writes the types in trace/trace.go of nxtrace/NTrace-core. It names neither its destination nor what it sent.
"""

from bothways.evidence.path_report import HopReply, PathReport
from bothways.evidence.reading import Reading
from bothways.traces.json_hops import Distances
from bothways.traces.json_objects import Located, Objects, vocabulary
from bothways.traces.json_values import Value, address, listed, member, network, whole, words
from bothways.traces.labels import MOST_LABELS, labels_in
from bothways.traces.runs import MOST_HOPS
from bothways.units import Duration

LONGEST_TRIP = 1 << 40
"""Nanoseconds (18 minutes): no tool waits longer for an answer."""

_REACHED = "destination_reached"


def recognises(text: str) -> bool:
    """Whether the first object of *text* has NextTrace's hops."""
    said = vocabulary(text)
    return "Hops" in said and not said.isdisjoint({"Success", "TraceMapUrl"})


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All reports in *text*."""
    return Objects(file=file, program="nexttrace").read(text, _take)


def _take(found: Located, objects: Objects) -> None:
    members = found.members()
    if "Hops" not in members:
        objects.problem("no report of NextTrace: it has no Hops", found)
        return
    distances = Distances()
    for place, hop in enumerate(members["Hops"].elements(), 1):
        for attempt in hop.elements():
            told = attempt.value
            index = whole(member(told, "TTL"), 1, MOST_HOPS) or place
            reply = _reply(told)
            if index > MOST_HOPS:
                objects.problem("a hop beyond the 255th was left out", attempt)
            elif reply:
                distances.answered(index, reply, attempt.line)
            else:
                distances.silent(index, attempt.line)
    reason = member(found.value, "StopReason", "reason")
    objects.runs.add(
        PathReport(
            file=objects.file,
            tool="nexttrace",
            probe=None,
            source=None,
            destination=None,
            destination_address=None,
            hops=distances.hops(),
            line=found.line,
            reached=reason == _REACHED if isinstance(reason, str) else None,
        )
    )


def _reply(attempt: Value) -> HopReply | None:
    host = address(member(attempt, "Address", "IP"))
    if host is None:
        return None
    trip = whole(member(attempt, "RTT"), 1, LONGEST_TRIP)
    number = network(member(attempt, "Geo", "asnumber"))
    return HopReply(
        name=words(member(attempt, "Hostname")),
        address=host,
        round_trips=() if trip is None else (Duration(trip),),
        labels=labels_in(" ".join(str(entry) for entry in listed(member(attempt, "MPLS"))[:MOST_LABELS])),
        networks=(number,) if number else (),
    )
