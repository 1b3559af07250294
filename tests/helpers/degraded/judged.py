"""Judges degraded evidence. Each file is parsed once, however many views it has a part in."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from bothways.captures import extract, survey
from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.model import Diagnosis
from bothways.errors import InputError
from bothways.evidence.case import Role
from bothways.host import capture_files
from bothways.host import gather as gathering
from bothways.host.found import Found
from bothways.host.hints import word
from bothways.host.report_files import Reported, read_report
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
        self._diagnoses: dict[object, Diagnosis | None] = {}

    def cells(self, degradation: Degradation, views: Sequence[str]) -> Iterator[Cell]:
        """The verdict in each of *views* that has any evidence and of which the row speaks."""
        degraded = degradation.done_to(self.evidence)
        whole = self.evidence.files()
        files = degraded.files()
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
                before=self._judge(whole, _names(self.evidence, view)),
                after=self._judge(files, names),
                without=self._judge(whole, _names(without, view)) if without and allowed is May.ABSENT else None,
                visible=partial(shows_failure, degraded, names),
            )
        self._memory.clear()

    def _judge(self, files: dict[str, bytes], names: Sequence[str]) -> Diagnosis | None:
        key = tuple((name, sha256(files[name]).digest()) for name in names)
        if key not in self._diagnoses:
            self._diagnoses[key] = self._judged({name: files[name] for name in names})
        return self._diagnoses[key]

    def _judged(self, files: dict[str, bytes]) -> Diagnosis | None:
        with TemporaryDirectory() as scratch, self._each_parsed_once():
            folder = Path(scratch)
            for name, data in files.items():
                (folder / name).write_bytes(data)
            try:
                return diagnose(gathering.gather([str(folder)], said=word([], [])))
            except InputError:
                return None

    @contextmanager
    def _each_parsed_once(self) -> Iterator[None]:
        with (
            patch.object(capture_files, "survey", self._remembered(survey)),
            patch.object(capture_files, "extract", self._remembered(extract)),
            patch.object(gathering, "read_report", self._read_report),
        ):
            yield

    def _remembered(self, parse: Callable[..., Any]) -> Callable[..., Any]:
        def read(chunks: Iterator[bytes], **more: Any) -> Any:
            data = b"".join(chunks)
            key = (parse, sha256(data).digest(), *(tuple(one) if isinstance(one, list) else one for one in more.values()))
            if key not in self._memory:
                self._memory[key] = parse([data], **more)
            return self._memory[key]

        return read

    def _read_report(self, found: Found, role: Role) -> Reported:
        key = (found.cited, found.path.read_bytes(), role)
        if key not in self._memory:
            self._memory[key] = read_report(found, role)
        reported: Reported = self._memory[key]
        return reported


def _names(evidence: Evidence, view: str) -> list[str]:
    """The files that *view* has: a capture by the vantage at which it was taken, whatever it is called now."""
    has = cases.VIEWS[view]
    captures = [name for name, taken in evidence.captures.items() if has(f"{taken.vantage}.pcap")]
    return sorted([*captures, *(name for name in evidence.others if has(name))])
