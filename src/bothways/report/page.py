"""Everything that a report says, decided once: every word, every number, their order. Renderers only draw it."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from bothways.diagnosis.model import Diagnosis, Ruling
from bothways.report.apart import apart
from bothways.report.files import FileLine, file_line
from bothways.report.part import Part, QuestionLine, part, question_line
from bothways.report.quality import Remark, remarks
from bothways.report.summary import headline, looked_at
from bothways.report.text import clean
from bothways.report.ways import WaysPart, ways_part


class ObserverLine(Struct, frozen=True, kw_only=True):
    """One observer and how good it was."""

    vantage: str
    file: str
    """The capture's first file."""

    files: tuple[str, ...]
    """All of them."""

    quality: tuple[Remark, ...]

    @property
    def named(self) -> str:
        """Its files in few words: two by their names, of more the first."""
        others = self.files[1:]
        return f"{self.file} and {others[0] if len(others) == 1 else f'{len(others)} more'}" if others else self.file


class Page(Struct, frozen=True, kw_only=True):
    """The whole report."""

    headline: str
    """The verdict in one sentence, that of the worst target."""

    ruling: Ruling
    parts: tuple[Part, ...]
    """One per target, the worst first."""

    observers: tuple[ObserverLine, ...]
    """From the client to the server."""

    looked_at: str
    """What was read, counted by kind."""

    files: tuple[FileLine, ...]
    notes: tuple[str, ...]
    apart: str
    """What was counted apart; empty where nothing was."""

    ways: tuple[WaysPart, ...] = ()
    """The two ways between ends that only path reports know; those to a target stand with it."""

    questions: tuple[QuestionLine, ...] = ()
    """What to find out first, where only path reports are there to ask about."""


def _parts(diagnosis: Diagnosis) -> Iterator[Part]:
    ways = {ways.target: ways for ways in diagnosis.ways}
    for target in diagnosis.targets:
        mine = ways.get(target.id)
        yield replace(part(target), ways=ways_part(mine)) if mine else part(target)


def page_of(diagnosis: Diagnosis) -> Page:
    """Put *diagnosis* into words."""
    return Page(
        headline=headline(diagnosis),
        ruling=diagnosis.verdict.ruling,
        parts=tuple(_parts(diagnosis)),
        observers=tuple(
            ObserverLine(
                vantage=clean(observer.vantage),
                file=clean(observer.file),
                files=tuple(map(clean, observer.files)),
                quality=remarks(observer, company),
            )
            for observer, company in zip(diagnosis.observers, diagnosis.company, strict=True)
        ),
        looked_at=looked_at(diagnosis.files),
        files=tuple(file_line(file) for file in diagnosis.files),
        notes=tuple(clean(note) for note in diagnosis.notes),
        apart=apart(diagnosis),
        ways=tuple(ways_part(ways) for ways in diagnosis.ways if ways.target is None),
        questions=tuple(question_line(ask) for ask in diagnosis.next) if diagnosis.ways else (),
    )
