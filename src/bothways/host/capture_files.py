"""Captures, read in two passes: all connections as rows, then the packets of those that were chosen."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from bothways.captures import Part, first_moment
from bothways.connections.joined import Joined, join_captures
from bothways.connections.room import Room
from bothways.connections.selection import select
from bothways.connections.window import Span
from bothways.evidence.capture import Chosen, Packets, Survey
from bothways.evidence.case import CaptureEvidence, EvidenceFile, Kind, Role
from bothways.evidence.problem import Problem
from bothways.host.capture_reader import capture_reader
from bothways.host.found import Found
from bothways.host.opened import Stream
from bothways.host.progress import Report
from bothways.units import Instant

_HEADERS = 54
"""Bytes of a TCP packet's headers on Ethernet, without options: 14, 20 and 20. Less shows nothing of any connection."""

_WHOLE = "capture again with `tcpdump -s 0`, which keeps whole packets"


class CaptureFile(Struct, frozen=True, kw_only=True):
    """One file of a capture."""

    found: Found
    role: Role
    begins: Instant | None = None
    """Time of its first packet; None where it has none, and where nobody asked as it is the only file."""


class SurveyedFile(Struct, frozen=True, kw_only=True):
    """One file after pass one."""

    file: EvidenceFile
    first: Instant | None
    last: Instant | None
    link_types: frozenset[int]


class Surveyed(Struct, frozen=True, kw_only=True):
    """One capture after pass one."""

    sources: tuple[CaptureFile, ...]
    """In the order in which they are read."""

    consecutive: bool
    """Each file was written when the one before was full."""

    role: Role
    files: tuple[SurveyedFile, ...]
    survey: Survey


def ordered(files: Sequence[CaptureFile]) -> tuple[CaptureFile, ...]:
    """*files* of one capture by the time of their first packets, which is looked up."""
    known = [replace(file, begins=first_moment(Stream(file.found).chunks())) for file in files]
    # One that holds no packets may stand anywhere.
    return tuple(sorted(known, key=lambda file: file.begins or 0))


def first_pass(
    sources: Sequence[CaptureFile], *, role: Role, consecutive: bool, report: Report, many: int | None = None
) -> Surveyed:
    """Walk the files of a capture once and say how good it is.

    *many*: of more connections than these a sample of those that went plainly alike is kept; only for a capture that no
    other one is compared with.
    """
    streams = [Stream(source.found, report=report) for source in sources]
    parts = _parts(sources, streams)
    survey = capture_reader().survey_parts(parts, consecutive=consecutive, many=many)
    files = [
        SurveyedFile(
            file=_evidence_file(part, stream, role, survey),
            first=part.first,
            last=part.last,
            link_types=frozenset(part.link_types),
        )
        for part, stream in zip(parts, streams, strict=True)
    ]
    return Surveyed(sources=tuple(sources), consecutive=consecutive, role=role, files=tuple(files), survey=survey)


def second_pass(
    surveyed: Sequence[Surveyed], report: Report, span: Span, *, room: Room, alone: bool = False
) -> tuple[tuple[CaptureEvidence, ...], Joined]:
    """Fetch the packets of a few connections per target and kind of failure, the same ones from every capture.

    *span* is what the user limits the judgement to; *room* is told what is too long to be held; *alone*: there is no
    other evidence than captures. Beside the captures, what they show together is given back.
    """
    joined = join_captures([(one.survey, one.role) for one in surveyed])
    chosen = select(joined, span, alone=alone, room=room)
    evidence = []
    for one in surveyed:
        wanted = chosen.get(one.survey.file, ())
        parts = _parts(one.sources, [Stream(source.found, report=report) for source in one.sources])
        packets = _packets(parts, one, wanted) if wanted else ()
        evidence.append(CaptureEvidence(survey=one.survey, packets=packets, role=one.role))
    return tuple(evidence), joined


def _packets(parts: Sequence[Part], surveyed: Surveyed, wanted: Sequence[Chosen]) -> tuple[Packets, ...]:
    return capture_reader().extract_parts(parts, consecutive=surveyed.consecutive, chosen=wanted)


def _parts(sources: Sequence[CaptureFile], streams: Sequence[Stream]) -> list[Part]:
    return [
        Part(file=source.found.cited, chunks=stream.chunks(), direct=stream, begins=source.begins)
        for source, stream in zip(sources, streams, strict=True)
    ]


def _evidence_file(part: Part, stream: Stream, role: Role, survey: Survey) -> EvidenceFile:
    told = [replace(problem, file=None) for problem in survey.problems if problem.file in {None, part.file}]
    problems = [*told, *stream.problems, *(_emptiness(survey) if part.file == survey.file else [])]
    return EvidenceFile(
        path=part.file,
        sha256="",
        kind=Kind.CAPTURE,
        role=role,
        read=(("packets", part.packets),),
        problems=tuple(problems),
    )


def _emptiness(rows: Survey) -> list[Problem]:
    """What to do about a capture in which there is nothing to judge."""
    if not rows.packets:
        if rows.problems:
            return []
        return [Problem(says="the capture is empty: it holds no packets. Capture again while the connection is tried")]
    if rows.cut_packets and not rows.rows:
        return [Problem(says=f"each of its {rows.tcp_packets} TCP packets is cut off within the TCP header: {_WHOLE}")]
    if not rows.tcp_packets and rows.snap_length is not None and rows.snap_length < _HEADERS:
        return [
            Problem(says=f"its packets are cut to {rows.snap_length} bytes, so that none shows a TCP header: {_WHOLE}")
        ]
    if not rows.tcp_packets:
        return [
            Problem(
                says=f"none of its {rows.packets} packets is TCP: capture again without a filter that leaves TCP out, "
                "on the interface that the connection uses"
            )
        ]
    return []
