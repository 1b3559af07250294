"""Writes the pages of docs/theories in Markdown: one per theory, and the index."""

from collections.abc import Iterator, Sequence

from bothways.facts.fact import Kind
from bothways.report import ladder, lookalikes
from bothways.report.expected import IN_WORDS, proofs, rows
from bothways.theories.explained import Explanation, Heading, Part
from bothways.theories.stages import Stage, stage_of
from bothways.theories.theory import Expect, Theory

WIDTH = 100
"""Columns of a drawing."""


def page(theory: Theory, words: Explanation) -> str:
    """The page of *theory*."""
    return "\n".join([*_words(theory, words), *_lookalikes(theory), *_proofs(theory), *_expected(theory)])


def index(theories: Sequence[Theory]) -> str:
    """The list of all pages, by how far the connection gets."""
    lines = [
        "# The causes that bothways knows",
        "",
        "Written by `make theories` from `src/bothways/theories`; on a terminal: `bothways theories NAME`.",
        "A cause that is none of these stays `unexplained`.",
    ]
    for stage in Stage:
        members = [theory for theory in theories if stage_of(theory) is stage]
        lines += ["", f"## {stage}", ""] if members else []
        lines += [f"* [{theory.id}]({theory.id}.md): {theory.title}" for theory in members]
    return "\n".join([*lines, ""])


def _words(theory: Theory, words: Explanation) -> Iterator[str]:
    yield from (f"# {theory.id}", "", f"{words.gist[0].upper()}{words.gist[1:]}")
    for heading, parts in words.sections.items():
        yield from ("", f"## {heading}", "")
        yield from _parts(heading, parts)
        if heading is Heading.HAPPENS and theory.ladder:
            drawing = ladder.draw(theory.ladder, width=WIDTH, strokes=ladder.UNICODE)
            yield from ("", "```text", *(line.text for line in drawing), "```")


def _parts(heading: Heading, parts: Sequence[Part]) -> Iterator[str]:
    for number, part in enumerate(parts):
        if part.label:
            yield f"* **{part.label}:** {part.text}"
        elif heading is Heading.REFERENCES:
            yield f"* {part.text}"
        else:
            yield from ([""] if number else [])
            yield part.text
            yield from ([""] if len(parts) > number + 1 and parts[number + 1].label else [])


def _lookalikes(theory: Theory) -> Iterator[str]:
    yield from ("", f"## {lookalikes.HEADING}", "", f"{lookalikes.HOW}", "")
    for view, others in lookalikes.rows(theory):
        yield f"* **{view}:** {others}"


def _proofs(theory: Theory) -> Iterator[str]:
    yield from (
        "",
        "## What proves it",
        "",
        "Nothing is confirmed without one of these, however few rivals are left:",
        "",
    )
    for proof in proofs(theory):
        yield f"* {'; and '.join(f'{kind.asks} *{answer}*' for kind, answer in proof)}"


def _expected(theory: Theory) -> Iterator[str]:
    yield from ("", "## What it expects of the facts", "")
    yield f"| question | {' | '.join(IN_WORDS[word] for word in Expect)} |"
    yield "|---" * (1 + len(Expect)) + "|"
    for row in rows(theory):
        said = dict(row.words)
        cells = [", ".join(said.get(word, ())) for word in Expect]
        yield f"| {_question(row.kind)} | {' | '.join(cells)} |"
    yield ""


def _question(kind: Kind) -> str:
    return f"{kind.asks} (`{kind.id}`)"
