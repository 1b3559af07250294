"""Which capture files were taken at one vantage by one observer, and are one capture.

* Those that the user calls by the same name.
* The files of one capturing program that went on in a new file when the last one was full (`series`).
* The two halves of a tap, one file with each way, where their names say that they were taken at the same place.

Everything else is an observer of its own: two captures of different places taken for one would show packets where they
never were.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bothways.captures.thinning import MANY
from bothways.evidence.case import EvidenceFile, Role
from bothways.evidence.problem import Problem
from bothways.host.capture_files import CaptureFile, Surveyed, SurveyedFile, first_pass, ordered
from bothways.host.found import Found
from bothways.host.halves import join_halves
from bothways.host.opened import hash_of, hash_of_content
from bothways.host.progress import Report
from bothways.host.series import Span, in_order, place_of
from bothways.units import Instant


class Read(Struct, frozen=True, kw_only=True):
    """All captures after pass one."""

    surveyed: tuple[Surveyed, ...]
    files: tuple[EvidenceFile, ...]
    """One for each file, those left out too, with what is to be said of it."""


def read_captures(files: Sequence[CaptureFile], report: Report) -> Read:
    """Put *files* together to captures and walk each once; what is put together by its content, twice."""
    units = _units(files)
    walk = _Walk(report, alone=len(units) == 1)
    captures = [capture for unit in units for capture in walk.captures(unit)]
    captures, notes = join_halves(captures, report)
    told = [held.file for capture in captures for held in capture.files] + walk.twins
    return Read(
        surveyed=tuple(captures),
        files=tuple(replace(file, problems=(*file.problems, *notes.get(file.path, ()))) for file in told),
    )


class _Unit(Struct, frozen=True, kw_only=True):
    """Files that are to be read as one capture."""

    files: tuple[CaptureFile, ...]
    role: Role
    consecutive: bool = True


def _units(files: Sequence[CaptureFile]) -> list[_Unit]:
    """Put together what names and the user tell."""
    series: defaultdict[tuple[str, str, bool], list[CaptureFile]] = defaultdict(list)
    for file in files:
        place = place_of(file.found.path.name)
        alone = "" if place else file.found.cited
        series[str(file.found.path.parent), alone or (place.series if place else ""), file.role.control].append(file)
    said: defaultdict[tuple[str, bool], list[_Unit]] = defaultdict(list)
    units: list[_Unit] = []
    for members in series.values():
        for unit in _agreeing(members):
            if unit.role.decided and unit.role.vantage is not None:
                said[unit.role.vantage, unit.role.control].append(unit)
            else:
                units.append(unit)
    for together in said.values():
        every = tuple(file for unit in together for file in unit.files)
        units.append(_Unit(files=every, role=together[0].role, consecutive=len(together) == 1))
    order = {file.found.cited: place for place, file in enumerate(files)}
    return sorted(units, key=lambda unit: min(order[file.found.cited] for file in unit.files))


def _agreeing(members: Sequence[CaptureFile]) -> list[_Unit]:
    """*members* of a series as one, if the user calls none of them another name than the others."""
    decided = {file.role.vantage: file.role for file in members if file.role.decided}
    if len(decided) > 1:
        return [_Unit(files=(file,), role=file.role) for file in members]
    return [_Unit(files=tuple(members), role=next(iter(decided.values()), members[0].role))]


_Shape = tuple[Instant | None, Instant | None, tuple[tuple[str, int], ...], frozenset[int]]
_Held = dict[_Shape, list[Found]]


def _shape(file: SurveyedFile) -> _Shape:
    """What two files that hold the same have in common: only those with one shape are worth a hash of all bytes."""
    return (file.first, file.last, file.file.read, file.link_types)


class _Walk:
    """Pass one over one unit after the other; the same packets under another name are no second observer."""

    def __init__(self, report: Report, *, alone: bool) -> None:
        self._report = report
        self._alone = alone
        """There is one capture, as far as names tell: its connections need not be found again in another."""
        self._seen: _Held = {}
        self.twins: list[EvidenceFile] = []
        """Files that were left out, as another one holds the same."""
        self._contents: dict[str, str] = {}

    def captures(self, unit: _Unit) -> Iterator[Surveyed]:
        """The captures that a unit turns out to be: one, or more where content denies the series that names promise."""
        files = ordered(unit.files) if len(unit.files) > 1 else unit.files
        many = MANY if self._alone else None
        read = first_pass(files, role=unit.role, consecutive=unit.consecutive, report=self._report, many=many)
        others = self._without_twins(read)
        if len(others) < len(files):
            if others:
                yield from self.captures(replace(unit, files=others))
        elif len(files) == 1 or not unit.consecutive or _is_series(read):
            for source, held in zip(read.sources, read.files, strict=True):
                self._seen.setdefault(_shape(held), []).append(source.found)
            yield read
        else:
            self._alone = False
            for apart in _apart(unit):
                yield from self.captures(apart)

    def _without_twins(self, read: Surveyed) -> tuple[CaptureFile, ...]:
        """The files of a capture that hold something new."""
        kept, seen = [], {shape: list(files) for shape, files in self._seen.items()}
        for source, held in zip(read.sources, read.files, strict=True):
            alike = seen.setdefault(_shape(held), []) if held.first is not None else []
            twin = next((one for one in alike if self._content(one) == self._content(source.found)), None)
            if twin is None:
                alike.append(source.found)
                kept.append(source)
                continue
            same = "bytes" if hash_of(twin) == hash_of(source.found) else "content, otherwise compressed,"
            problem = Problem(says=f"the same {same} as {twin.cited}: judged once")
            self.twins.append(replace(held.file, problems=(*held.file.problems, problem)))
        return tuple(kept)

    def _content(self, found: Found) -> str:
        """The hash of what *found* holds, computed once."""
        if found.cited not in self._contents:
            self._contents[found.cited] = hash_of_content(found)
        return self._contents[found.cited]


def _is_series(read: Surveyed) -> bool:
    """Whether the files hold what their names promise: one observer's packets, one file after the other."""
    spans = [
        Span(place=place, first=held.first, last=held.last)
        for source, held in zip(read.sources, read.files, strict=True)
        if held.first is not None and held.last is not None and (place := place_of(source.found.path.name)) is not None
    ]
    links = {held.link_types for held in read.files if held.link_types}
    return len(links) <= 1 and in_order(spans)


def _apart(unit: _Unit) -> Iterator[_Unit]:
    """Every file alone, but for those that the user calls by one name."""
    said = tuple(file for file in unit.files if file.role.decided)
    if said:
        yield _Unit(files=said, role=unit.role, consecutive=False)
    for file in unit.files:
        if not file.role.decided:
            yield _Unit(files=(file,), role=file.role)
