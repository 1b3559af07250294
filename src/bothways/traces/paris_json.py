"""paris-traceroute's JSON (`paris-traceroute --format=json`), where it is sorted by hop: `results` and `stars`.

As in libparistraceroute/algorithms/mda/json.c. Printed as it comes (algorithms/outputs/json.c), a reply names the TTL
with which it arrived and not that of its probe: nobody can say at which distance that was.
"""

from bothways.evidence.path_report import HopReply, PathReport
from bothways.evidence.reading import Reading
from bothways.traces.json_hops import Distances
from bothways.traces.json_objects import Located, Objects, vocabulary
from bothways.traces.json_values import Value, address, listed, member, milliseconds, octet, whole, words
from bothways.traces.runs import MOST_HOPS

_STARS = frozenset({"star", "stars"})
_PROBES = {"udp": "udp", "icmp": "icmp", "tcp": "tcp-syn"}


def recognises(text: str) -> bool:
    """Whether the first object of *text* has replies and stars of flows."""
    said = vocabulary(text)
    return {"flow_id", "type"} <= said and not said.isdisjoint({"reply", *_STARS})


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All reports in *text*."""
    return Objects(file=file, program="paris-traceroute").read(text, _take)


def _take(found: Located, objects: Objects) -> None:
    members, record = found.members(), found.value
    distances = Distances()
    for name in ("results", "result", "stars"):
        for hop in members[name].elements() if name in members else []:
            _group(hop, distances, objects)
    destination = address(member(record, "to"))
    hops = distances.hops()
    if not hops:
        return
    objects.runs.add(
        PathReport(
            file=objects.file,
            tool="paris-traceroute",
            probe=_PROBES.get(str(member(record, "protocol")).lower()),
            source=words(member(record, "from")),
            source_address=address(member(record, "from")),
            destination=words(member(record, "to")),
            destination_address=destination,
            hops=hops,
            line=found.line,
            reached=any(reply.address == destination for hop in hops for reply in hop.replies) if destination else None,
        )
    )


def _group(hop: Located, distances: Distances, objects: Objects) -> None:
    told = hop.value
    index = whole(member(told, "hop"), 1, MOST_HOPS)
    if index is None and words(member(told, "type")) in _STARS:
        index = whole(member(told, "ttl"), 1, MOST_HOPS)
        told = {"result": [told]}
    if index is None:
        objects.problem(
            "a reply that does not say at which distance its probe died was left out; "
            "what paris-traceroute prints without --format=json says so",
            hop,
        )
        return
    for one in listed(member(told, "result")):
        sender = address(member(one, "from"))
        if sender:
            distances.answered(index, _reply(one, sender), hop.line)
        else:
            distances.silent(index, hop.line)


def _reply(reply: Value, sender: str) -> HopReply:
    trip = milliseconds(member(reply, "rtt"))
    return HopReply(
        name=None,
        address=sender,
        round_trips=() if trip is None else (trip,),
        reply_ttl=octet(member(reply, "ttl")),
    )
