"""Everything that is not a capture: which reader understands it, or why none does."""

import re

from msgspec.structs import replace

from bothways.captures import begins_a_capture, unreadable_reason
from bothways.evidence.attempt import AttemptLog
from bothways.evidence.case import (
    CounterEvidence,
    EvidenceFile,
    Kind,
    LogEvidence,
    PathEvidence,
    Role,
    SocketEvidence,
)
from bothways.evidence.counters import CounterLog
from bothways.evidence.echo import EchoLog
from bothways.evidence.flow import FlowLog
from bothways.evidence.inventory import Inventory
from bothways.evidence.logged_packet import PacketLog
from bothways.evidence.manifest import Manifest
from bothways.evidence.rule import Ruleset
from bothways.evidence.session import SessionLog
from bothways.evidence.socket import SocketList
from bothways.host.compression import unpacked_name
from bothways.host.found import Found
from bothways.host.opened import HEAD, LARGEST_TEXT, Whole, decoded, size_of, whole
from bothways.host.progress import MEBIBYTE
from bothways.host.reported import Reported, unread
from bothways.states import READERS as STATE_READERS
from bothways.states import Content
from bothways.states.check_log import CheckRecords
from bothways.states.lab_records import LabRecord
from bothways.traces import READERS as PATH_READERS
from bothways.way import Way

WARTS = b"\x12\x05"
"""How each record of scamper's files begins; its type follows in two bytes, and is a small number (warts(5))."""

CLIENT = "client"
"""The vantage of a check."""

CAPTURE_NAMES = (".pcap", ".pcapng", ".cap", ".dmp")


def read_report(found: Found, role: Role) -> Reported:
    """Read a file that is no capture. Raises OSError where it cannot be read."""
    held = whole(found)
    if held is None:
        return unread(found, role, _too_large(found))
    why = _no_report(found, held)
    text = decoded(held.data)
    if why is not None or text is None:
        return unread(found, role, why or _binary(), sha256=held.sha256)
    read = _read_text(found, role, text, held.sha256)
    if read is None:
        return unread(found, role, _unknown_text(found, text), sha256=held.sha256)
    return replace(read, file=replace(read.file, problems=(*held.problems, *read.file.problems)))


def _read_text(found: Found, role: Role, text: str, digest: str) -> Reported | None:
    """What the first reader that recognises *text* makes of it; None where none does."""
    file = EvidenceFile(path=found.cited, sha256=digest, kind=Kind.UNREAD, role=role)
    for _, recognises, read in PATH_READERS:
        if recognises(text):
            reading = read(text, file=found.cited)
            hops = sum(len(report.hops) for report in reading.content)
            file = replace(file, kind=Kind.PATH, read=(("hops", hops),), problems=reading.problems)
            return Reported(
                file=file, paths=tuple(PathEvidence(report=report, role=role) for report in reading.content)
            )
    for _, kind, recognises_state, read_state in STATE_READERS:
        if recognises_state(text):
            state = read_state(text, file=found.cited)
            lines = text.count("\n") + (not text.endswith("\n"))
            file = replace(file, kind=kind, read=(("lines", lines),), problems=state.problems)
            return _with_state(file, state.content)
    return None


def _with_state(file: EvidenceFile, content: Content) -> Reported:  # noqa: C901, PLR0911 - one for each kind
    match content:
        case SessionLog():
            taken = replace(content, vantage=file.role.vantage, decided=file.role.decided)
            return Reported(file=file, sessions=taken)
        case Ruleset():
            return Reported(file=file, rules=replace(content, vantage=file.role.vantage))
        case AttemptLog():
            return Reported(file=file, attempts=content)
        case SocketList():
            return Reported(file=file, sockets=SocketEvidence(listing=content, role=file.role))
        case CounterLog():
            return Reported(file=file, counters=CounterEvidence(log=content, role=file.role))
        case PacketLog():
            return Reported(file=file, log=LogEvidence(log=content, role=file.role))
        case FlowLog():
            return Reported(file=file, flows=content)
        case EchoLog():
            return Reported(file=file, echoes=content)
        case Inventory():
            devices = (("devices", len(content.devices)),)
            return Reported(file=replace(file, read=devices), inventory=content)
        case Manifest():
            listed = (("files", len(content.files)),)
            return Reported(file=replace(file, read=listed, role=Role()), manifest=content)
        case CheckRecords():
            return _with_check(file, content)
        case LabRecord():
            return Reported(file=file)


def _with_check(file: EvidenceFile, content: CheckRecords) -> Reported:
    """A check is made where the client is, and its traces say themselves which way they go and to what."""
    place = replace(file.role, vantage=file.role.vantage or CLIENT, way=None)
    return Reported(
        file=replace(file, role=place),
        attempts=content.attempts if content.attempts.attempts else None,
        sockets=SocketEvidence(listing=content.sockets, role=place) if content.sockets.sockets else None,
        probes=content.probes if content.probes.traces else None,
        paths=tuple(
            PathEvidence(report=path.report, role=Role(way=Way.THERE, control=path.control, decided=True))
            for path in content.paths
        ),
    )


SILENT_WHEN_EMPTY = ("conntrack", "nft", "ss", "nstat", "dmesg", "log")
"""Words of file names whose commands print nothing where there is nothing to tell: their silence and a failure look
alike."""


def _no_report(found: Found, held: Whole) -> str | None:
    """Why bytes that are no text are not read."""
    data = held.data
    if not data.strip():
        return _empty(found, held)
    if not data.strip(b"\0"):
        return "the file holds nothing but zeros: it was never written to its end; make it again"
    if begins_a_capture(data):
        return "the capture ends within its first four bytes; it holds no packets. Capture again"
    if data.startswith(WARTS) and data[2:3] == b"\0":
        return (
            "it is scamper's own binary format (warts): turn it into JSON with `sc_warts2json IN >OUT`, and give that"
        )
    reason = unreadable_reason(data[:HEAD])
    inside = "in its compression, " if held.packed else ""
    return f"not read: {inside}{reason}" if reason else None


def _empty(found: Found, held: Whole) -> str:
    """Why there is nothing to read, by who should have written it."""
    if not held.data and held.problems:
        return f"nothing could be read: {held.problems[0].says}"
    if not held.data and found.piped:
        return "it is empty: the program that writes into the pipe wrote nothing; look at what it says"
    if any(word in SILENT_WHEN_EMPTY for word in re.split(r"[^a-z]+", found.path.name.lower())):
        return "empty: the command had nothing to tell, or failed; no evidence of anything"
    if held.data:
        return "the file holds nothing but blanks: make it again"
    return "the file is empty: whatever should have written it did not; make it again"


def _binary() -> str:
    return "it is neither a capture (pcap or pcapng) nor text: convert it to one of these"


def _too_large(found: Found) -> str:
    size = f"with {size_of(found) // MEBIBYTE} MiB" if size_of(found) > LARGEST_TEXT else "decompressed"
    return (
        f"no capture, and {size} too large for a report (at most {LARGEST_TEXT // MEBIBYTE} MiB are read): "
        "cut out the lines that speak of the failing connection"
    )


def _unknown_text(found: Found, text: str) -> str:
    """Why text was not understood, by what it seems to be."""
    if not text.strip():
        return "the file holds nothing but blanks: make it again"
    if unpacked_name(found.path.name.lower()).endswith(CAPTURE_NAMES):
        return (
            "it is named like a capture and holds text: what tcpdump prints cannot be judged; "
            "record the packets themselves with `tcpdump -w FILE`"
        )
    if text.lstrip()[:1] in {"{", "["}:
        return "it looks like JSON of a kind that no reader knows; left out"
    names = [name for name, *_ in PATH_READERS] + [name for name, *_ in STATE_READERS]
    return f"no reader knows this text; left out (known are captures and {', '.join(names)})"
