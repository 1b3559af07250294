"""Captures, read in two passes: all connections as rows, then the packets of those that were chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from bothways.captures import extract, survey
from bothways.connections.selection import select
from bothways.evidence.capture import Survey
from bothways.evidence.case import CaptureEvidence, EvidenceFile, Kind, Role
from bothways.evidence.problem import Problem
from bothways.host.found import Found
from bothways.host.opened import Stream
from bothways.host.progress import Report

_HEADERS = 54
"""Bytes of a TCP packet's headers on Ethernet, without options: 14, 20 and 20. Less shows nothing of any connection."""

_WHOLE = "capture again with `tcpdump -s 0`, which keeps whole packets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """One capture after pass one."""

    found: Found
    file: EvidenceFile
    survey: Survey


def first_pass(found: Found, role: Role, report: Report) -> Surveyed:
    """Walk a capture once and say how good it is."""
    stream = Stream(found.path, cited=found.cited, report=report)
    chunks = stream.chunks()
    rows = survey(chunks, file=found.cited)
    for _ in chunks:
        pass  # behind damage nothing is read, but the hash is that of the file
    problems = [*rows.problems, *([stream.problem] if stream.problem else []), *_emptiness(rows)]
    file = EvidenceFile(
        path=found.cited,
        sha256=stream.sha256,
        kind=Kind.CAPTURE,
        role=role,
        read=(("packets", rows.packets),),
        problems=tuple(problems),
    )
    return Surveyed(found=found, file=file, survey=rows)


def second_pass(surveyed: Sequence[Surveyed], report: Report) -> tuple[CaptureEvidence, ...]:
    """Fetch the packets of a few connections per target and kind of failure, the same ones from every capture."""
    chosen = select([(one.survey, one.file.role) for one in surveyed])
    evidence = []
    for one in surveyed:
        wanted = chosen.get(one.found.cited, ())
        stream = Stream(one.found.path, cited=one.found.cited, report=report)
        packets = extract(stream.chunks(), file=one.found.cited, chosen=wanted) if wanted else ()
        evidence.append(CaptureEvidence(survey=one.survey, packets=packets, role=one.file.role))
    return tuple(evidence)


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
