"""Results of traceroute measurements of RIPE Atlas: an array of them, or one a line; each probe's is a report.

Fields as in "Measurement result format" (https://atlas.ripe.net/docs/apis/measurement-result-format/), firmware 1 to
5000. An attempt is `x`: `*` where nobody answered, `error` where nothing could be sent, else a reply. A `dup` answers
the attempt before it again; one that is `late` by n answers the n-th attempt before the one under way, which may have
been of a nearer hop (ready_callback4 in eperd/traceroute.c of the probe's source). After several silent hops a probe
tries 255 as its last TTL: what answers that stands at no known distance, and is no hop.
"""

from msgspec import Struct, field
from msgspec.structs import replace

from bothways.evidence.path_report import Hop, HopReply, Mark, PathReport
from bothways.evidence.quoted_probe import Label, QuotedProbe
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import HEAD_CHARACTERS
from bothways.traces import traceroute_text
from bothways.traces.icmp_marks import mark_of
from bothways.traces.json_hops import Distances
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

FIRST_WITH_INNER_TTL = 4400
"""Firmware from which on `ittl` is there wherever it is not 1; the one before it printed what traceroute(8) prints."""

LARGEST_PACKET = 65_535
LARGEST_MEASUREMENT = 1 << 31

_ERRORS = {"N": Mark.NETWORK, "H": Mark.HOST, "A": Mark.PROHIBITED, "P": Mark.PROTOCOL}
_PORT = "p"
"""The port: the destination itself answered."""

_BEYOND_SCOPE = "h"
"""ICMPv6 code 2 (RFC 4443 section 3.1)."""

_PROBES = {"ICMP": "icmp", "UDP": "udp", "TCP": "tcp-syn", "I": "icmp", "U": "udp", "T": "tcp-syn"}


def recognises(text: str) -> bool:
    """Whether the first object of *text* is of a probe's traceroute."""
    said = vocabulary(text)
    one_probe = not said.isdisjoint({"prb_id", "msm_id"})
    printed = "result" in said and "traceroute to " in text[:HEAD_CHARACTERS]
    return one_probe and (printed or not said.isdisjoint({"paris_id", "hop", "traceroute"}))


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """A report of each result in *text*; results of other measurements are left out."""
    return Objects(file=file, program="atlas").read(text, _take)


def _take(found: Located, objects: Objects) -> None:
    result = found.value
    kind = member(result, "type")
    hops = found.members().get("result")
    if kind not in ("traceroute", None) or hops is None:
        objects.problem(f"no result of a traceroute; left out: {words(kind) or 'it names no kind'}", found)
        return
    if isinstance(member(result, "result"), str):
        _oldest(result, found, objects)
        return
    destination = address(member(result, "dst_addr")) or address(member(result, "addr"))
    known, last_try = _apart(_distances(hops, result, objects).hops())
    answered = any(reply.address == destination for hop in known for reply in hop.replies)
    objects.runs.add(
        PathReport(
            file=objects.file,
            tool="atlas",
            probe=_PROBES.get(str(member(result, "proto")).upper()),
            source=_source(result),
            source_address=address(member(result, "src_addr")) or address(member(result, "srcaddr")),
            destination=words(member(result, "dst_name")) or words(member(result, "name")) or destination,
            destination_address=destination,
            hops=known,
            line=found.line,
            started=seconds_since_1970(member(result, "timestamp")),
            reached=None if not destination or not known or last_try else answered,
            port=port(member(result, "dst_port")),
            flow=_flow(result),
        )
    )


def _oldest(result: Value, found: Located, objects: Objects) -> None:
    """Firmware 1 sent what traceroute(8) printed."""
    printed = traceroute_text.read(str(member(result, "result")), file=objects.file)
    started = seconds_since_1970(member(result, "timestamp"))
    for report in objects.inner(printed, found.line):
        objects.runs.add(replace(report, tool="atlas", source=_source(result), started=started))


def _apart(hops: tuple[Hop, ...]) -> tuple[tuple[Hop, ...], bool]:
    """The hops without the last try with TTL 255, and whether anybody answered that."""
    if len(hops) > 1 and hops[-1].index == MOST_HOPS and hops[-2].index < MOST_HOPS - 1:
        return hops[:-1], not hops[-1].silent
    return hops, False


def _source(result: Value) -> str | None:
    """The address from which Atlas knows the probe, which is the one that others see; else its number."""
    number = whole(member(result, "prb_id"), 0, LARGEST_MEASUREMENT)
    return words(member(result, "from")) or (None if number is None else f"probe {number}")


def _flow(result: Value) -> str | None:
    """Paris traceroute varies its number from one measurement to the next; 0 is classic traceroute, without a flow."""
    number = whole(member(result, "paris_id"), 1, LARGEST_MEASUREMENT)
    return None if number is None else f"paris_id {number}"


class _Attempts(Struct, kw_only=True):
    """The attempts of one result, in the order in which they were made."""

    objects: Objects
    v6: bool
    shows_ttl: bool
    distances: Distances = field(default_factory=Distances)
    made: list[tuple[int, int]] = field(default_factory=list)
    """Of each attempt so far, the hop that it was for, and the line of that."""

    def take(self, attempt: Value, index: int, hop: Located) -> None:
        """Read one more, of hop *index*."""
        sender = address(member(attempt, "from"))
        late = whole(member(attempt, "late"), 0, LARGEST_MEASUREMENT)
        repeated = late is not None or bool(member(attempt, "dup"))
        if error := words(member(attempt, "error")):
            self.objects.problem(f"the probe could not send at hop {index}: {error}", hop)
        elif member(attempt, "x") is not None:
            self.distances.silent(index, hop.line)
        elif sender is None:
            self.objects.problem(f"an answer without its sender was left out of hop {index}", hop)
        else:
            at = self._answered(index, hop.line, late)
            if at is not None:
                reply = _reply(attempt, sender, v6=self.v6, shows_ttl=self.shows_ttl)
                mtu = whole(member(attempt, "mtu"), 1, LARGEST_PACKET)
                self.distances.answered(at[0], reply, at[1], sent=int(not repeated), mtu=mtu)
        if not repeated:
            self.made.append((index, hop.line))

    def _answered(self, index: int, line: int, late: int | None) -> tuple[int, int] | None:
        """Which hop a reply is of, and its line; None where its attempt is not listed (devices that rewrite probes)."""
        if late is None:
            return index, line
        attempt = len(self.made) - late
        return self.made[attempt] if 0 <= attempt < len(self.made) else None


def _distances(hops: Located, result: Value, objects: Objects) -> Distances:
    v6 = member(result, "af") == 6 or ":" in str(member(result, "dst_addr"))
    firmware = whole(member(result, "fw"), 0, LARGEST_MEASUREMENT) or 0
    attempts = _Attempts(objects=objects, v6=v6, shows_ttl=firmware >= FIRST_WITH_INNER_TTL)
    for hop in hops.elements():
        told = hop.value
        index = whole(member(told, "hop"), 1, MOST_HOPS)
        if error := words(member(told, "error")):
            objects.problem(f"the probe could not send at hop {index}: {error}", hop)
        elif index is None:
            objects.problem("what is no hop, or has a number that is none, was left out", hop)
        else:
            attempts.distances.silent(index, hop.line, sent=0)
            for attempt in listed(member(told, "result")):
                attempts.take(attempt, index, hop)
    return attempts.distances


def _reply(attempt: Value, sender: str, *, v6: bool, shows_ttl: bool) -> HopReply:
    trip = milliseconds(member(attempt, "rtt"))
    too_big = (Mark.NEEDS_FRAGMENTATION,) if member(attempt, "mtu") is not None else ()
    return HopReply(
        name=None,
        address=sender,
        marks=_marks(member(attempt, "err"), v6=v6) or too_big,
        round_trips=() if trip is None else (trip,),
        reply_ttl=octet(member(attempt, "ttl")),
        quoted=_quoted(attempt, shows_ttl=shows_ttl),
        labels=_labels(attempt),
    )


def _marks(error: Value, *, v6: bool) -> tuple[Mark, ...]:
    if isinstance(error, str) and error in _ERRORS:
        return (_ERRORS[error],)
    if error == _BEYOND_SCOPE:
        return (Mark.OTHER,)
    code = octet(error) if error != _PORT else None
    return () if code is None else mark_of(1 if v6 else 3, code, v6=v6)


def _quoted(attempt: Value, *, shows_ttl: bool) -> QuotedProbe | None:
    """What is told of the quoted probe: its TTL where that is not 1, its destination where that is another one."""
    ttl, tos = octet(member(attempt, "ittl")), octet(member(attempt, "itos"))
    destination = address(member(attempt, "edst"))
    if (ttl, tos, destination) == (None, None, None):
        return None
    return QuotedProbe(ttl=1 if ttl is None and shows_ttl else ttl, tos=tos, destination=destination)


def _labels(attempt: Value) -> tuple[Label, ...]:
    extensions = listed(member(attempt, "icmpext", "obj"))
    return labels(entry for one in extensions for entry in listed(member(one, "mpls")))
