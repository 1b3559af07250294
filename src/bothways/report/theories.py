"""Draws the list of theories, one theory, and the kinds of facts for a terminal."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from rich.text import Text

from bothways.facts.fact import Kind
from bothways.report import ladder, lookalikes
from bothways.report.expected import proofs, rows
from bothways.report.ladder import Strokes
from bothways.report.sheet import Sheet
from bothways.report.text import listed
from bothways.theories.explained import Explanation, Heading, Part
from bothways.theories.stages import Stage, stage_of
from bothways.theories.theory import Theory

ID_COLUMN = 24
"""Columns for the ids of a list: most are shorter, and a longer one pushes its own title only."""


def draw_list(theories: Sequence[Theory], *, width: int, colour: bool) -> str:
    """All theories, one line each, by how far the connection gets."""
    sheet = Sheet(width=width, colour=colour)
    sheet.hang("", Text("Causes that bothways knows, by how far the connection gets."))
    for stage in Stage:
        members = [theory for theory in theories if stage_of(theory) is stage]
        if members:
            sheet.heading(str(stage))
        for theory in members:
            beyond = " " if len(theory.id) > ID_COLUMN else ""
            sheet.hang(f"{theory.id:<{ID_COLUMN}}{beyond}", Text(theory.title), indent=2, style="cyan")
    sheet.blank()
    sheet.hang("", Text("bothways theories NAME explains one; with --facts also what it expects of each fact."))
    return sheet.text()


def draw_one(  # noqa: PLR0913 - what to draw, and on what
    theory: Theory, words: Explanation, *, width: int, colour: bool, strokes: Strokes, facts: bool
) -> str:
    """*theory* as its file explains it, with its exchange; with *facts* also what it expects of every fact."""
    sheet = Sheet(width=width, colour=colour)
    sheet.hang("", Text.assemble((f"{theory.id}: ", "bold"), words.gist))
    for heading, parts in words.sections.items():
        sheet.heading(str(heading))
        for part in parts:
            _part(sheet, heading, part)
        if heading is Heading.HAPPENS:
            _ladder(sheet, theory, strokes)
        if heading is Heading.TELLS_APART:
            _lookalikes(sheet, theory)
            _proofs(sheet, theory)
    if facts:
        _expected(sheet, theory)
    return sheet.text()


def draw_facts(kinds: Iterable[Kind], *, width: int, colour: bool) -> str:
    """All kinds of facts: what each asks, and its answers as `--assume` takes them."""
    sheet = Sheet(width=width, colour=colour)
    sheet.hang("", Text("What bothways measures: the questions, and the answers that each can have."))
    for kind in kinds:
        sheet.blank()
        sheet.hang("", Text.assemble((kind.id, "bold"), f": {kind.asks}"))
        sheet.hang("=", Text(listed(_ids(kind.answers), last="or")), indent=2)
    return sheet.text()


def _ids(answers: type[StrEnum]) -> list[str]:
    return [str(answer) for answer in answers]


def _part(sheet: Sheet, heading: Heading, part: Part) -> None:
    if part.label:
        sheet.hang(f"{part.label}:", Text(part.text), indent=2, style="bold")
    else:
        sheet.hang("-" if heading is Heading.REFERENCES else "", Text(part.text), indent=2)


def _ladder(sheet: Sheet, theory: Theory, strokes: Strokes) -> None:
    if theory.ladder is None:
        return
    sheet.blank()
    for line in ladder.draw(theory.ladder, width=sheet.width - 2, strokes=strokes):
        style = "red" if line.rung and line.rung.lost else ""
        sheet.verbatim(line.text, indent=2, style=style)


def _lookalikes(sheet: Sheet, theory: Theory) -> None:
    sheet.heading(lookalikes.HEADING)
    for view, others in lookalikes.rows(theory):
        sheet.hang(f"{view}:", Text(others), indent=2, style="bold")


def _proofs(sheet: Sheet, theory: Theory) -> None:
    sheet.heading("What proves it")
    for number, proof in enumerate(proofs(theory), start=1):
        sheet.hang("or" if number > 1 else "  ", Text("; and ".join(f"{k.asks} {a}" for k, a in proof)), indent=2)


def _expected(sheet: Sheet, theory: Theory) -> None:
    sheet.heading("What it expects of the facts")
    for row in rows(theory):
        sheet.hang("-", Text.assemble(f"{row.kind.asks} ", (row.says, "bold"), (f" ({row.kind.id})", "dim")), indent=2)
