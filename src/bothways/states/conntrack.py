"""The table of Linux connection tracking: `conntrack -L`, its changes: `conntrack -E`, and /proc/net/nf_conntrack.

Each line is an entry (conntrack(8)): time and change in an event log, the network protocol in extended output, the
protocol, seconds to live, the state, what the first packet looked like, what a reply is expected to look like. Marks,
zones, helpers and labels are passed over: they do not say how far a connection got.
"""

import re

from msgspec import Struct, field

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, ProblemList, address_in, escaped, head, lines, prompted
from bothways.evidence.session import Change, Session, SessionLog
from bothways.units import NANOSECONDS_PER_SECOND, Instant

_ENTRY = re.compile(
    r"(?:\[(?P<seconds>\d{1,11})\.(?P<fraction>\d{1,9})\] )?"
    r"(?:\[(?P<change>NEW|UPDATE|DESTROY)\] )?"
    r"(?:ipv[46] \d{1,3} )?"
    r"(?P<protocol>[a-z][a-z0-9-]{0,15}) \d{1,3} "
    r"(?:(?P<timeout>\d{1,10}) )?"
    r"(?:(?P<state>[A-Z][A-Z0-9_]{1,31}) )?"
    r"(?P<rest>src=\S+ dst=.*)",
    re.ASCII,
)
_SUMMARY = re.compile(r"conntrack v\S+ \(conntrack-tools\): .*")
_PAIR = re.compile(r"(src|dst|sport|dport|packets)=(\S+)", re.ASCII)
_KERNEL_TIME = re.compile(r"\[(?:start|stop)=[^\]]*\]")


def recognises(text: str) -> bool:
    """Whether *text* holds entries of a connection-tracking table."""
    return any(_entry(line) for line in head(text))


def read(text: str, *, file: str) -> Reading[SessionLog]:
    """All entries in *text*; an event log if one of them says what changed."""
    problems = ProblemList()
    sessions: list[Session] = []
    for line in lines(text):
        if line.cut:
            problems.too_long(line)
        if not line.text.strip() or _SUMMARY.fullmatch(line.text) or prompted(line.text, "conntrack", "cat", "grep"):
            continue
        entry = _entry(line.text)
        session = _session(entry, line) if entry else None
        if session:
            sessions.append(session)
        else:
            problems.not_understood(line)
    is_event_log = any(one.change is not Change.LISTED for one in sessions)
    log = SessionLog(file=file, sessions=tuple(sessions), is_event_log=is_event_log)
    return Reading(content=log, problems=problems.all())


def _entry(text: str) -> re.Match[str] | None:
    """The parts of a line, if it is an entry. Columns are padded with blanks, which mean nothing."""
    return _ENTRY.fullmatch(" ".join(text.split()))


class _Tuple(Struct):
    """One way of an entry, as far as it was read."""

    fields: dict[str, str] = field(default_factory=dict)

    def ends(self) -> tuple[Endpoint, Endpoint] | None:
        """Source and destination; None where one of them is no address."""
        source, destination = address_in(self.fields.get("src", "")), address_in(self.fields.get("dst", ""))
        ports = [port for name in ("sport", "dport") if (port := _number(self.fields.get(name, "0"))) is not None]
        if source is None or destination is None or len(ports) < 2 or max(ports) > 0xFFFF:
            return None
        return Endpoint(source, ports[0]), Endpoint(destination, ports[1])

    def packets(self) -> int | None:
        """What was counted this way; None without accounting."""
        return _number(self.fields.get("packets", ""))


def _session(entry: re.Match[str], line: Line) -> Session | None:
    """The entry as a record; None where its addresses are not understood."""
    ways: list[_Tuple] = []
    for name, value in _PAIR.findall(entry["rest"]):
        if name == "src":
            ways.append(_Tuple())
        if ways:
            ways[-1].fields.setdefault(name, value)
    if len(ways) != 2:
        return None
    original, reply = (way.ends() for way in ways)
    if original is None or reply is None:
        return None
    counts = [way.packets() for way in ways]
    flags = set(re.findall(r"\[([A-Z_]+)\]", _KERNEL_TIME.sub("", entry["rest"])))
    return Session(
        line=line.number,
        change=Change(entry["change"].lower()) if entry["change"] else Change.LISTED,
        at=_at(entry["seconds"], entry["fraction"]) if entry["seconds"] else None,
        protocol=escaped(entry["protocol"]),
        state=entry["state"],
        unreplied="UNREPLIED" in flags,
        assured="ASSURED" in flags,
        original=original,
        reply=reply,
        timeout_seconds=int(entry["timeout"]) if entry["timeout"] else None,
        packets=(counts[0], counts[1]) if counts[0] is not None and counts[1] is not None else None,
    )


def _at(seconds: str, fraction: str) -> Instant:
    return Instant(int(seconds) * NANOSECONDS_PER_SECOND + int(fraction.ljust(9, "0")))


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,20}", text, re.ASCII) else None
