"""scamper's JSON (`scamper -O json`, `sc_warts2json`): an object a line, `trace`, `tracelb` and what frames them.

As scamper_trace_json.c of scamper 20211212 to 2024 writes it. A trace lists replies alone: that a distance was silent
follows from `firsthop`, `hop_count` and `attempts`. M-Lab puts a line of its own before each trace, and in its tables
the object into `raw`.
"""

from bothways.evidence.path_report import HopReply, PathReport
from bothways.evidence.quoted_probe import Label, QuotedProbe
from bothways.evidence.reading import Reading
from bothways.traces.icmp_marks import mark_of
from bothways.traces.json_hops import Distances, is_distance
from bothways.traces.json_labels import labels
from bothways.traces.json_objects import Located, Objects, vocabulary
from bothways.traces.json_values import (
    Value,
    address,
    listed,
    member,
    milliseconds,
    octet,
    port,
    seconds_since_1970,
    whole,
    words,
)
from bothways.traces.runs import MOST_HOPS
from bothways.traces.scamper_mda import balanced

MOST_ATTEMPTS = 255
LARGEST_PACKET = 65_535

_FRAMES = frozenset({"cycle-start", "cycle-stop", "cycle-def"})
_KINDS = _FRAMES | {"trace", "tracelb"}
_VARYING = ("udp", "udp-dport", "icmp-echo")
"""Methods that count the destination port up, or have none."""

_WRAPPERS = ("raw", "Trace", "Tracelb", "trace", "tracelb", "TraceLB")
_PROBES = {"icmp": "icmp", "udp": "udp", "tcp-ack": "tcp-ack", "tcp": "tcp-syn"}


def recognises(text: str) -> bool:
    """Whether one of the first objects of *text* is of a type that scamper writes."""
    said = vocabulary(text)
    return "type" in said and not said.isdisjoint(_KINDS) and not said.isdisjoint({"list_name", "method"})


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """A report of each trace in *text*, whatever else scamper measured left out."""
    return Objects(file=file, program="scamper").read(text, _take)


def _take(found: Located, objects: Objects) -> None:
    record = found.value
    for _ in range(len(_WRAPPERS)):
        if member(record, "type") is not None or not isinstance(record, dict):
            break
        record = next((inner for name in _WRAPPERS if isinstance(inner := record.get(name), dict)), None)
    match member(record, "type"):
        case "trace" | "tracelb" as kind:
            objects.runs.add(_report(record, found, objects, balanced=kind == "tracelb"))
        case str() as kind if kind not in _FRAMES:
            objects.problem(f"scamper measured something else than a path here; left out: {words(kind)}", found)
        case None if member(found.value, "UUID") is None:
            objects.problem("an object that does not say what scamper measured; left out", found)
        case _:
            pass


def _report(record: Value, found: Located, objects: Objects, *, balanced: bool) -> PathReport:
    destination = address(member(record, "dst"))
    distances = _balanced(record, found, objects) if balanced else _plain(record, found, objects)
    hops = distances.hops()
    stop = member(record, "stop_reason")
    answered = any(reply.address == destination for hop in hops for reply in hop.replies)
    return PathReport(
        file=objects.file,
        tool="scamper",
        probe=_probe(member(record, "method")),
        source=words(member(record, "src")),
        source_address=address(member(record, "src")),
        destination=destination or words(member(record, "dst")),
        destination_address=destination,
        hops=hops,
        line=found.line,
        started=seconds_since_1970(member(record, "start", "sec"), member(record, "start", "usec")),
        reached=True if stop == "COMPLETED" or answered else False if isinstance(stop, str) or balanced else None,
        port=_port(record),
        flow=_flow(record),
    )


def _probe(method: Value) -> str | None:
    """`icmp-echo-paris`, `udp-sport`, `tcp`: what was sent, without how it is kept on one path."""
    name = method if isinstance(method, str) else ""
    return next((probe for word, probe in _PROBES.items() if name.startswith(word)), None)


def _port(record: Value) -> int | None:
    """The destination port, unless the method counts it up (scamper(1), option -P: `UDP`)."""
    method = member(record, "method")
    return None if method in _VARYING else port(member(record, "dport"))


def _flow(record: Value) -> str | None:
    """What a Paris traceroute holds constant; an ICMP one has its checksum."""
    method = member(record, "method")
    if not isinstance(method, str) or not method.endswith("paris"):
        return None
    checksum = whole(member(record, "icmp_sum"), 0, 65_535)
    ports = port(member(record, "sport")), port(member(record, "dport"))
    return f"{ports[0]}-{ports[1]}" if None not in ports else None if checksum is None else f"icmp_sum {checksum}"


def _plain(record: Value, found: Located, objects: Objects) -> Distances:
    distances = Distances()
    attempts = whole(member(record, "attempts"), 1, MOST_ATTEMPTS)
    tries: dict[int, set[int]] = {}
    for hop in listed(member(record, "hops")):
        index = whole(member(hop, "probe_ttl"), 1, MOST_HOPS)
        reply = _reply(hop, v6=":" in str(member(record, "dst")))
        if index is None or not (reply.address or reply.name):
            objects.problem("a reply without its sender, or without the TTL of its probe, was left out", found)
            continue
        attempt = whole(member(hop, "probe_id"), 1, MOST_ATTEMPTS) or 1
        replied = tries.setdefault(index, set())
        distances.answered(index, reply, found.line, sent=int(attempt not in replied), mtu=_mtu(hop))
        replied.add(attempt)
    first = whole(member(record, "firsthop"), 1, MOST_HOPS) or 1
    last = whole(member(record, "hop_count"), 0, MOST_HOPS) or 0
    for index in range(first, max([last, *tries]) + 1):
        # A reply to the third attempt tells that two were sent before it.
        replied = tries.get(index, set())
        distances.silent(index, found.line, sent=max(replied) - len(replied) if replied else attempts or 0)
    return distances


def _reply(hop: Value, *, v6: bool) -> HopReply:
    trip = milliseconds(member(hop, "rtt"))
    kind, code = octet(member(hop, "icmp_type")), octet(member(hop, "icmp_code"))
    return HopReply(
        name=words(member(hop, "name")),
        address=address(member(hop, "addr")),
        marks=mark_of(kind, code, v6=v6),
        round_trips=() if trip is None else (trip,),
        reply_ttl=octet(member(hop, "reply_ttl")),
        quoted=_quoted(hop),
        labels=_labels(hop),
    )


def _quoted(hop: Value) -> QuotedProbe | None:
    ttl, tos = octet(member(hop, "icmp_q_ttl")), octet(member(hop, "icmp_q_tos"))
    size = whole(member(hop, "icmp_q_ipl"), 1, LARGEST_PACKET)
    sent = whole(member(hop, "probe_size"), 1, LARGEST_PACKET)
    # Older ones on some systems printed its octets in the other order.
    if size is not None and size != sent and int.from_bytes(size.to_bytes(2, "little"), "big") == sent:
        size = sent
    return None if (ttl, tos, size) == (None, None, None) else QuotedProbe(ttl=ttl, tos=tos, size=size)


def _labels(hop: Value) -> tuple[Label, ...]:
    extensions = listed(member(hop, "icmpext"))
    return labels(entry for one in extensions for entry in listed(member(one, "mpls_labels")))


def _mtu(hop: Value) -> int | None:
    # The colon inside the name is scamper's own slip of 2004 to 2024.
    return whole(member(hop, "icmp_nhmtu:"), 1, LARGEST_PACKET) or whole(member(hop, "icmp_nhmtu"), 1, LARGEST_PACKET)


def _balanced(record: Value, found: Located, objects: Objects) -> Distances:
    # Of probes that nobody answered it tells nothing, so none of what was sent.
    distances = Distances()
    for index, reply in balanced(record):
        if not is_distance(index):
            objects.problem(f"a reply from a distance of {index} was left out", found)
        elif reply is None or not (reply.address or reply.name):
            distances.silent(index, found.line, sent=0)
        else:
            distances.answered(index, reply, found.line, sent=0)
    return distances
