"""Judges degraded evidence.

Each capture is parsed once, however many views it has a part in, and each report once for all degradations. What to ask
next is not worked out, since nobody grades it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace

from bothways.captures import Part
from bothways.diagnosis import target
from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.model import Diagnosis
from bothways.diagnosis.roles import Roles, Wanted
from bothways.errors import InputError
from bothways.evidence.capture import Chosen, Packets, Survey
from bothways.evidence.case import Role
from bothways.host import capture_files, report_files, vantages
from bothways.host import gather as gathering
from bothways.host.capture_files import CaptureFile, Surveyed, first_pass
from bothways.host.capture_reader import capture_reader
from bothways.host.found import Found
from bothways.host.hints import word
from bothways.host.progress import Report
from bothways.host.report_files import read_report
from bothways.host.reported import Reported
from tests.helpers import cases
from tests.helpers.cases import CaseFolder
from tests.helpers.degraded.cutting import missing
from tests.helpers.degraded.grades import Cell, grade
from tests.helpers.degraded.table import Degradation, May
from tests.helpers.degraded.taken import Evidence, evidence_of
from tests.helpers.degraded.visible import shows_failure


class Judge:
    """One case under many degradations."""

    def __init__(self, case: CaseFolder) -> None:
        self.case = case
        self.evidence = evidence_of(case.path)
        self._memory: dict[object, Any] = {}
        self._reports: dict[object, Reported] = {}
        self._diagnoses: dict[object, Diagnosis | None] = {}

    def cells(self, degradation: Degradation, views: Sequence[str]) -> Iterator[Cell]:
        """The verdict in each of *views* that has any evidence and of which the row speaks."""
        if not views:
            return
        degraded = degradation.done_to(self.evidence)
        whole = self.evidence.files()
        files = degraded.files()
        roles = Roles(targets=(Wanted(host=self.evidence.server),) if degradation.named else ())
        without = missing(self.evidence, *degradation.absent) if degradation.absent else None
        for view in views:
            allowed = degradation.allowed(self.case, view)
            names = _names(degraded, view)
            if allowed is None or not names:
                continue
            yield grade(
                self.case,
                degradation,
                view,
                before=self._judge(whole, _names(self.evidence, view), roles),
                after=self._judge(files, names, roles),
                without=self._judge(whole, _names(without, view), roles) if without and allowed is May.ABSENT else None,
                visible=partial(shows_failure, degraded, names),
            )
        self._memory.clear()

    def _judge(self, files: dict[str, bytes], names: Sequence[str], roles: Roles) -> Diagnosis | None:
        key = (roles, *((name, sha256(files[name]).digest()) for name in names))
        if key not in self._diagnoses:
            self._diagnoses[key] = self._judged({name: files[name] for name in names}, roles)
        return self._diagnoses[key]

    def _judged(self, files: dict[str, bytes], roles: Roles) -> Diagnosis | None:
        with TemporaryDirectory() as scratch, self._each_parsed_once():
            folder = Path(scratch)
            for name, data in files.items():
                (folder / name).write_bytes(data)
            try:
                return diagnose(gathering.gather([str(folder)], said=word([], [])), roles)
            except InputError:
                return None

    @contextmanager
    def _each_parsed_once(self) -> Iterator[None]:
        with (
            patch.object(vantages, "first_pass", self._first_pass),
            patch.object(capture_files, "capture_reader", lambda: self),
            patch.object(report_files, "read_report", self._read_report),
            patch.object(target, "asks", _nothing),
        ):
            yield

    def _first_pass(
        self, sources: Sequence[CaptureFile], *, role: Role, consecutive: bool, report: Report, many: int | None
    ) -> Surveyed:
        files = tuple((one.found.cited, one.found.path.read_bytes(), one.role, one.begins) for one in sources)
        key = ("first pass", files, role, consecutive, many)
        if key not in self._memory:
            self._memory[key] = first_pass(sources, role=role, consecutive=consecutive, report=report, many=many)
        surveyed: Surveyed = self._memory[key]
        return replace(surveyed, sources=tuple(sources))

    def survey_parts(self, parts: Sequence[Part], *, consecutive: bool, many: int | None = None) -> Survey:
        """Pass one, of which the whole file's result is kept."""
        return capture_reader().survey_parts(parts, consecutive=consecutive, many=many)

    def extract_parts(
        self, parts: Sequence[Part], *, consecutive: bool, chosen: Sequence[Chosen]
    ) -> tuple[Packets, ...]:
        """Pass two, once for the same files and connections."""
        for part in parts:
            part.chunks = [b"".join(part.chunks)]
        key = ("second pass", tuple((one.file, *one.chunks, one.begins) for one in parts), consecutive, tuple(chosen))
        if key not in self._memory:
            self._memory[key] = capture_reader().extract_parts(parts, consecutive=consecutive, chosen=chosen)
        packets: tuple[Packets, ...] = self._memory[key]
        return packets

    def _read_report(self, found: Found, role: Role) -> Reported:
        key = (found.cited, found.path.read_bytes(), role)
        if key not in self._reports:
            self._reports[key] = read_report(found, role)
        return self._reports[key]


def _nothing(*_: object) -> tuple[()]:
    return ()


def _names(evidence: Evidence, view: str) -> list[str]:
    """The files that *view* has: a capture by the vantage at which it was taken, whatever it is called now."""
    has = cases.VIEWS[view]
    captures = [name for name, taken in evidence.captures.items() if has(f"{taken.vantage}.pcap")]
    return sorted([*captures, *(name for name in evidence.others if has(name))])
