"""`bothways theories`: lists the causes that it knows, explains one, and lists what it measures."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bothways.theories.theory import Theory

EXAMPLES = """\b
Examples:
  bothways theories
  bothways theories asymmetric-bypass
  bothways theories mtu-black-hole --facts
  bothways theories --facts
  bothways theories sni-filtered --json
"""

NEAREST = 3
"""Suggestions for a name that is not known: more of them is the list itself."""


def _names(incomplete: str) -> list[str]:
    """What the shell may complete a name to."""
    from bothways.theories.catalogue import THEORIES  # noqa: PLC0415 - only a shell that completes asks

    return [theory.id for theory in THEORIES if theory.id.startswith(incomplete)]


Name = Annotated[str | None, typer.Argument(metavar="[NAME]", autocompletion=_names, show_default=False, hidden=True)]
Facts = Annotated[
    bool,
    typer.Option("--facts", help="What the theory expects of each fact; without NAME all facts and their answers."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Width = Annotated[int | None, typer.Option("--width", hidden=True, min=20, help="Columns to draw for.")]


def theories(name: Name = None, *, facts: Facts = False, as_json: AsJson = False, width: Width = None) -> None:
    """List the causes that bothways knows, or explain the one called NAME.

    What happens, drawn too; what it leaves behind at each vantage; what would refute it and what proves it; what to ask
    next, what to change and how to see that it helped.
    """
    from bothways.cli.output import say  # noqa: PLC0415 - `bothways --help` needs none of it

    say(_json(name, facts=facts) if as_json else _drawn(name, facts=facts, width=width))


def _json(name: str | None, *, facts: bool) -> str:
    from bothways.facts.catalogue import FACTS  # noqa: PLC0415 - as above
    from bothways.report import theories_json  # noqa: PLC0415
    from bothways.theories.catalogue import THEORIES  # noqa: PLC0415
    from bothways.theories.explained import explanation  # noqa: PLC0415

    if name is not None:
        theory = _called(name)
        return theories_json.explained(theory, explanation(theory)).decode()
    if facts:
        return theories_json.kinds(kind for kind, _ in FACTS).decode()
    return theories_json.listed(THEORIES).decode()


def _drawn(name: str | None, *, facts: bool, width: int | None) -> str:
    from bothways.cli.output import terminal  # noqa: PLC0415 - as above
    from bothways.facts.catalogue import FACTS  # noqa: PLC0415
    from bothways.report import theories as drawing  # noqa: PLC0415
    from bothways.report.ladder import strokes_for  # noqa: PLC0415
    from bothways.theories.catalogue import THEORIES  # noqa: PLC0415
    from bothways.theories.explained import explanation  # noqa: PLC0415

    shown = terminal(width)
    if name is not None:
        theory = _called(name)
        return drawing.draw_one(
            theory,
            explanation(theory),
            width=shown.width,
            colour=shown.colour,
            strokes=strokes_for(shown.encoding),
            facts=facts,
        )
    if facts:
        return drawing.draw_facts((kind for kind, _ in FACTS), width=shown.width, colour=shown.colour)
    return drawing.draw_list(THEORIES, width=shown.width, colour=shown.colour)


def _called(name: str) -> "Theory":
    """The theory called *name*; raises CallError, with the nearest names, where there is none."""
    from difflib import get_close_matches  # noqa: PLC0415 - as above

    from bothways.errors import CallError  # noqa: PLC0415
    from bothways.theories.catalogue import THEORIES, UNEXPLAINED  # noqa: PLC0415

    known = {theory.id: theory for theory in THEORIES}
    wanted = name.strip().lower().replace("_", "-")
    if wanted in known:
        return known[wanted]
    if wanted == UNEXPLAINED:
        message = f"{UNEXPLAINED} is no theory: it stands for every cause that bothways does not know"
        raise CallError(message)
    within = [identity for identity in known if wanted and wanted in identity]
    nearest = (within or get_close_matches(wanted, known, n=NEAREST, cutoff=0.4))[:NEAREST]
    hint = f"did you mean {' or '.join(nearest)}?" if nearest else "bothways theories lists them"
    message = f"no theory is called {name!r}; {hint}"
    raise CallError(message)
