"""Traceroutes that Cloudflare's network makes for its customers: its API's answer, a report for each of its places.

As in https://developers.cloudflare.com/api/resources/diagnostics/subresources/traceroutes/: `hops` with `nodes`, each
with the mean, smallest and largest of its round trips.
"""

from bothways.evidence.path_report import Hop, HopReply, Mark, PathReport
from bothways.evidence.reading import Reading
from bothways.traces.json_objects import Located, Objects, vocabulary
from bothways.traces.json_values import Value, address, listed, member, milliseconds, network, whole, words
from bothways.traces.mtr_host import MOST_REPLIES
from bothways.traces.runs import MOST_HOPS
from bothways.units import Duration

MOST_PACKETS = 1 << 16


def recognises(text: str) -> bool:
    """Whether the first object of *text* has Cloudflare's places and their hops."""
    said = vocabulary(text)
    return "colos" in said and not said.isdisjoint({"packets_ttl", "target_summary", "traceroute_time_ms"})


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """A report of each place in *text*."""
    return Objects(file=file, program="cloudflare").read(text, _take)


def _take(found: Located, objects: Objects) -> None:
    members = found.members()
    targets = members["result"].elements() if "result" in members else [found]
    for target in targets:
        colos = target.members().get("colos")
        for colo in colos.elements() if colos else []:
            _path(colo, member(target.value, "target"), objects)


def _path(found: Located, target: Value, objects: Objects) -> None:
    told, members = found.value, found.members()
    if error := words(member(told, "error")):
        objects.problem(f"no traceroute was made from here: {error}", found)
    hops: list[Hop] = []
    for one in members["hops"].elements() if "hops" in members else []:
        index = whole(member(one.value, "packets_ttl"), 1, MOST_HOPS)
        if index is None or index <= (hops[-1].index if hops else 0):
            objects.problem("a hop without its TTL, or out of order, was left out", one)
        else:
            hops.append(_hop(one, index))
    if not hops:
        return
    destination = address(target)
    objects.runs.add(
        PathReport(
            file=objects.file,
            tool="cloudflare",
            probe=None,
            source=words(member(told, "colo", "name")) or words(member(told, "colo", "city")),
            destination=words(target),
            destination_address=destination,
            hops=tuple(hops),
            line=found.line,
            reached=any(reply.address == destination for hop in hops for reply in hop.replies) if destination else None,
        )
    )


def _hop(found: Located, index: int) -> Hop:
    hop = found.value
    sent = whole(member(hop, "packets_sent"), 0, MOST_PACKETS)
    lost = whole(member(hop, "packets_lost"), 0, MOST_PACKETS)
    nodes = (_reply(node) for node in listed(member(hop, "nodes"))[:MOST_REPLIES])
    return Hop(
        index=index,
        line=found.line,
        replies=tuple(reply for reply in nodes if reply),
        sent=sent,
        loss=lost / sent if sent and lost is not None and lost <= sent else None,
    )


def _reply(node: Value) -> HopReply | None:
    host, name = address(member(node, "ip")), words(member(node, "name"))
    name = None if name is None or address(name) or name == "*" else name
    if host is None and name is None:
        return None
    number = network(member(node, "asn"))
    marks = tuple(Mark(label) for one in listed(member(node, "labels")) if (label := words(one)) in set(Mark))
    return HopReply(
        name=name,
        address=host,
        marks=marks,
        round_trips=_trips(node),
        networks=(number,) if number else (),
    )


def _trips(node: Value) -> tuple[Duration, ...]:
    """Smallest, mean, largest; none unless all are told of packets that came back."""
    told = [milliseconds(member(node, f"{which}_rtt_ms")) for which in ("min", "mean", "max")]
    kept = tuple(trip for trip in told if trip is not None)
    return kept if len(kept) == len(told) and whole(member(node, "packet_count"), 1, MOST_PACKETS) else ()
