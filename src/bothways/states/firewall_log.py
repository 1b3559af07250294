"""Packets in a log: iptables' LOG target, nftables' log statement, ulogd's LOGEMU (Linux, nf_log_syslog.c).

A line is what the log daemon puts in front (RFC 3164, RFC 5424, journalctl, dmesg), the prefix that the rule's author
chose, then `IN=`, `OUT=` and the packet's fields. The rule that logs decides nothing: that a packet was dropped is the
author's word, in his prefix, and is kept as that. Other lines of the log are passed over.
"""

import re
from datetime import datetime

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.logged_packet import LoggedPacket, PacketLog, Said
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, ProblemList, address_in, escaped, lines
from bothways.units import NANOSECONDS_PER_SECOND, Instant

_PACKET = re.compile(
    r"(?P<before>.{0,400}?)IN=(?P<came_in>\S{0,31}) OUT=(?P<went_out>\S{0,31}) (?P<fields>.*)", re.ASCII
)
_LOOKS_LIKE = re.compile(r"\bIN=\S{0,31} OUT=\S{0,31} [^\n]{0,300}?\bSRC=\S{2,45} DST=", re.ASCII)
_FULL = re.compile(r"\bnf_conntrack: (?:nf_conntrack: )?table full, dropping packet")
_QUOTED = re.compile(r"\[SRC=.*", re.ASCII)
_FIELD = re.compile(r"(?<!\S)(?P<name>SRC|DST|PROTO|SPT|DPT)=(?P<value>\S{1,45})", re.ASCII)
_FLAG = re.compile(r"(?<!\S)(?:CWR|ECE|URG|ACK|PSH|RST|SYN|FIN)(?!\S)", re.ASCII)

# What log daemons put in front, in the order in which they do.
_FRONTS = (
    re.compile(r"<\d{1,3}>(?:1 )?", re.ASCII),
    re.compile(r"[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,9})? (?P<host>\S{1,255} )?", re.ASCII),
    re.compile(
        r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)? (?P<host>\S{1,255} )?", re.ASCII
    ),
    re.compile(r"(?:kernel|ulogd|nflog)(?:\[\d{1,10}\])?(?:: ?| - - (?:- )?)", re.ASCII),
    re.compile(r"\[ {0,6}\d{1,10}\.\d{1,9}\] ?", re.ASCII),
    re.compile(r"\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\] ?", re.ASCII),
)
_TIME = re.compile(
    r"(?:<\d{1,3}>(?:1 )?)?(?P<moment>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:[.,](?P<fraction>\d{1,9}))?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)",
    re.ASCII,
)

_WORD = re.compile(r"[A-Za-z]+")
_WORDS = (
    (
        Said.DROPPED,
        {"drop", "dropped", "drops", "dropping", "block", "blocked", "deny", "denied", "discard", "discarded"},
    ),
    (Said.REJECTED, {"reject", "rejected", "rejecting", "rej"}),
    (Said.ACCEPTED, {"accept", "accepted", "allow", "allowed", "pass", "passed", "permit", "permitted"}),
)
"""What administrators call it: ufw `[UFW BLOCK]`, firewalld `FINAL_REJECT`, shorewall `net2fw:DROP:`, and by habit."""

_STATEFUL = re.compile(r"(?i)\binvalid|(?:out.of|no|bad).?state|state.?(?:violation|mismatch)|(?:not|non|no).?syn\b")


def recognises(text: str) -> bool:
    """Whether a line of *text*, wherever it stands, tells of a packet, or that the table of connections is full."""
    # Found at once in a text of any size; the patterns take their time.
    told = "SRC=" in text and _LOOKS_LIKE.search(text) is not None
    return told or ("table full" in text and _FULL.search(text) is not None)


def read(text: str, *, file: str) -> Reading[PacketLog]:
    """All packets in *text*."""
    problems = ProblemList()
    packets: list[LoggedPacket] = []
    full: list[int] = []
    for line in lines(text):
        if _FULL.search(line.text):
            full.append(line.number)
        match = _PACKET.fullmatch(line.text)
        if match is None or "SRC=" not in match["fields"]:
            continue
        if line.cut:
            problems.too_long(line)
        packet = _packet(match, line)
        if packet is None:
            problems.not_understood(line)
        else:
            packets.append(packet)
    return Reading(
        content=PacketLog(file=file, packets=tuple(packets), table_full=tuple(full)), problems=problems.all()
    )


def _packet(match: re.Match[str], line: Line) -> LoggedPacket | None:
    """The packet of one line; None where its addresses are not understood."""
    # An ICMP error quotes the packet that it answers; that one was not here.
    own = _QUOTED.sub("", match["fields"])
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(own):
        fields.setdefault(name, value)
    ends = [_end(fields, address, port) for address, port in (("SRC", "SPT"), ("DST", "DPT"))]
    if ends[0] is None or ends[1] is None or "PROTO" not in fields:
        return None
    prefix = _prefix(match["before"])
    return LoggedPacket(
        line=line.number,
        at=_at(line.text),
        prefix=escaped(prefix),
        said=_said(prefix),
        stateful=_STATEFUL.search(prefix.replace("_", " ")) is not None,
        came_in=escaped(match["came_in"]),
        went_out=escaped(match["went_out"]),
        protocol=escaped(fields["PROTO"]),
        source=ends[0],
        destination=ends[1],
        flags=frozenset(_FLAG.findall(own)) if fields["PROTO"] == "TCP" else frozenset(),
    )


def _end(fields: dict[str, str], address: str, port: str) -> Endpoint | None:
    known = address_in(fields.get(address, ""))
    number = fields.get(port, "0")
    if known is None or not re.fullmatch(r"\d{1,5}", number, re.ASCII) or int(number) > 0xFFFF:
        return None
    return Endpoint(known, int(number))


def _prefix(before: str) -> str:
    """What the rule's author wrote, without what the log daemon did."""
    rest = before
    for front in _FRONTS:
        if match := front.match(rest):
            rest = rest[match.end() :]
    return rest.strip()


def _said(prefix: str) -> Said:
    """The one thing that the words of *prefix* say; nothing where they say several."""
    words = {word.lower() for word in _WORD.findall(prefix)}
    said = [meaning for meaning, names in _WORDS if words & names]
    return said[0] if len(said) == 1 else Said.NOTHING


def _at(text: str) -> Instant | None:
    """When, where the line says it with its date and zone."""
    match = _TIME.match(text)
    if match is None:
        return None
    try:
        moment = datetime.fromisoformat(match["moment"] + match["zone"])
    except ValueError:
        return None
    fraction = int((match["fraction"] or "0").ljust(9, "0"))
    return Instant(round(moment.timestamp()) * NANOSECONDS_PER_SECOND + fraction)
