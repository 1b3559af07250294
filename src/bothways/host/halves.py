"""The two files of a tap that writes each way into its own, read as one capture.

Their clocks are taken for one: both come from one device, and nothing could tell a shift between them from the time
that an answer takes.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from msgspec import Struct

from bothways.connections.halves import Half, Match, half_of, match
from bothways.evidence.problem import Problem
from bothways.host.capture_files import Surveyed, first_pass, ordered
from bothways.host.hints import tap_in
from bothways.host.progress import Report

MOST_HALVES = 200
"""Captures of one way whose other half is looked for: each is compared with each."""

Notes = dict[str, list[Problem]]
"""What is to be said of a file, by its name."""


class _Candidate(Struct, frozen=True, kw_only=True, eq=False):
    """A capture that shows one way only."""

    capture: Surveyed
    half: Half
    tap: str | None
    """Where it was taken, as its name tells."""

    @property
    def file(self) -> str:
        return self.capture.survey.file


def join_halves(captures: Sequence[Surveyed], report: Report) -> tuple[list[Surveyed], Notes]:
    """Put the halves of one tap together; where only content speaks for it, say how the user can.

    Returns:
        The captures, each pair in the place of its first one, and what is to be said of files.
    """
    notes: Notes = defaultdict(list)
    whole: dict[str, Surveyed] = {}
    gone: set[str] = set()
    for one, other in combinations(_candidates(captures), 2):
        if {one.file, other.file} & gone or one.capture.role.control != other.capture.role.control:
            continue
        if one.tap is not None and other.tap is not None and one.tap != other.tap:
            continue
        found = match(one.half, other.half)
        if found in {Match.FITS, Match.ERRORS} and one.tap is not None and one.tap == other.tap:
            whole[one.file] = _joined(one.capture, other.capture, report)
            gone |= {one.file, other.file}
        elif found in _WHY:
            notes[one.file].append(_note(found, one, other))
    left = {capture.survey.file for capture in captures} - gone
    joined = [
        whole.get(capture.survey.file, capture) for capture in captures if capture.survey.file in left | set(whole)
    ]
    return joined, {file: problems for file, problems in notes.items() if file in left}


def _candidates(captures: Sequence[Surveyed]) -> list[_Candidate]:
    halves = [(capture, half_of(capture.survey)) for capture in captures]
    return [
        _Candidate(capture=capture, half=half, tap=tap_in(capture.sources[0].found.path.name, capture.role))
        for capture, half in halves
        if half is not None
    ][:MOST_HALVES]


def _joined(one: Surveyed, other: Surveyed, report: Report) -> Surveyed:
    role = other.role if other.role.decided else one.role
    return first_pass(ordered((*one.sources, *other.sources)), role=role, consecutive=False, report=report)


_WHY = {
    Match.FITS: "their names do not tell that both were taken at the same place",
    Match.CLOCKS: "by their clocks answers came before what they answer",
    Match.BESIDE_BOTH: "by the TTLs each may have been taken beside the sender of its way",
}


def _note(found: Match, one: _Candidate, other: _Candidate) -> Problem:
    pair = (one, other)
    name = next((half.capture.role.vantage for half in pair if half.capture.role.vantage is not None), "tap")
    options = " ".join(f"--vantage {file}={name}" for half in pair for file in half.capture.survey.parts)
    return Problem(
        says=f"it shows only the packets that {other.file} lacks, like the other half of a tap, but {_WHY[found]}: "
        f"judged apart. If both were taken at one place with one clock, say so with `{options}`"
    )
