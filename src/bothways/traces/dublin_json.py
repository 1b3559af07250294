"""dublin-traceroute's JSON: `flows` by the destination port of their probes, each a path of its own and so a report.

As in src/hop.cc and go/dublintraceroute/results of insomniacslk/dublin-traceroute. Everything behind the element that
`is_last` repeats the destination. A timestamp is seconds and microseconds with a dot between, not a decimal fraction.
"""

from bothways.evidence.path_report import HopReply, PathReport
from bothways.evidence.quoted_probe import QuotedProbe
from bothways.evidence.reading import Reading
from bothways.traces.icmp_marks import mark_of
from bothways.traces.json_hops import Distances
from bothways.traces.json_labels import labels
from bothways.traces.json_objects import Located, Objects, vocabulary
from bothways.traces.json_values import (
    NANOSECONDS_PER_MICROSECOND,
    Value,
    address,
    figure,
    listed,
    member,
    octet,
    port,
    seconds_since_1970,
    whole,
    words,
)
from bothways.traces.runs import MOST_HOPS
from bothways.units import Duration, Instant

MOST_FLOWS = 65_535
"""There are no more destination ports."""

_TIME_EXCEEDED, _UNREACHABLE = 11, 3


def recognises(text: str) -> bool:
    """Whether the first object of *text* has flows made of dublin-traceroute's probes."""
    said = vocabulary(text)
    return "flows" in said and not said.isdisjoint({"is_last", "nat_id", "rtt_usec", "zerottl_forwarding_bug"})


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """A report of each flow in *text*."""
    return Objects(file=file, program="dublin-traceroute").read(text, _take)


def _take(found: Located, objects: Objects) -> None:
    flows = found.members().get("flows")
    if flows is None:
        objects.problem("no report of dublin-traceroute: it has no flows", found)
        return
    for name, flow in list(flows.members().items())[:MOST_FLOWS]:
        probes = flow.elements()
        if probes:
            _flow(name, flow, probes, objects)
        else:
            objects.problem("a flow without probes was left out", flow)


def _flow(name: str, flow: Located, probes: list[Located], objects: Objects) -> None:
    distances = Distances()
    for one in probes:
        probe = one.value
        index = whole(member(probe, "sent", "ip", "ttl"), 1, MOST_HOPS)
        if index is None:
            objects.problem("a probe without its TTL was left out", one)
        elif reply := _reply(probe):
            distances.answered(index, reply, one.line)
        else:
            distances.silent(index, one.line)
        if member(probe, "is_last") is True:
            break
    first = probes[0].value
    destination = address(member(first, "sent", "ip", "dst"))
    hops = distances.hops()
    objects.runs.add(
        PathReport(
            file=objects.file,
            tool="dublin-traceroute",
            probe="udp" if isinstance(member(first, "sent", "udp"), dict) else None,
            source=address(member(first, "sent", "ip", "src")),
            source_address=address(member(first, "sent", "ip", "src")),
            destination=destination,
            destination_address=destination,
            hops=hops,
            line=flow.line,
            started=_moment(member(first, "sent", "timestamp")),
            reached=any(reply.address == destination for hop in hops for reply in hop.replies) if destination else None,
            port=port(member(first, "sent", "udp", "dport")),
            flow=words(name),
        )
    )


def _reply(probe: Value) -> HopReply | None:
    received = member(probe, "received")
    sender = address(member(received, "ip", "src"))
    if sender is None:
        return None
    name = words(member(probe, "name"))
    kind, code = _icmp(received)
    took = figure(member(probe, "rtt_usec"))
    return HopReply(
        name=None if name is None or address(name) else name,
        address=sender,
        marks=mark_of(kind, code, v6=":" in sender),
        round_trips=() if took is None else (Duration(round(took * NANOSECONDS_PER_MICROSECOND)),),
        reply_ttl=octet(member(received, "ip", "ttl")),
        quoted=_quoted(probe),
        labels=labels(listed(member(received, "icmp", "mpls_labels"))),
    )


def _icmp(received: Value) -> tuple[int | None, int | None]:
    """Type and code; 0.4.2 and its contemporaries wrote each in the other's place."""
    kind, code = octet(member(received, "icmp", "type")), octet(member(received, "icmp", "code"))
    errors = {_TIME_EXCEEDED, _UNREACHABLE}
    return (code, kind) if kind not in errors and code in errors else (kind, code)


def _quoted(probe: Value) -> QuotedProbe | None:
    """What it makes of the quoted probe: whether its checksum is another one, and whether its TTL was 0."""
    nat = whole(member(probe, "nat_id"), 0, 65_535)
    zero = member(probe, "zerottl_forwarding_bug") is True
    return None if nat is None and not zero else QuotedProbe(ttl=0 if zero else None, rewritten=bool(nat))


def _moment(timestamp: Value) -> Instant | None:
    whole_part, _, rest = str(timestamp).partition(".")
    return seconds_since_1970(whole_part, rest)
