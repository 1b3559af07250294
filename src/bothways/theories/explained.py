"""What the file of a theory says of its cause: its docstring, taken apart by the headings that all of them share.

The text is read from the module's source, which is part of the program, and not from `__doc__`, which `python -OO`
leaves out.
"""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from importlib.resources import files
from textwrap import dedent

from msgspec import Struct

from bothways.theories.theory import Theory


class Heading(StrEnum):
    """The headings, in their order."""

    HAPPENS = "What happens"
    LEAVES = "What it leaves behind"
    REFUTES = "What would refute it"
    TELLS_APART = "What tells it from its neighbours"
    ASK = "What to ask next"
    CHANGE = "What to change"
    WORKAROUND = "A safe workaround"
    REFERENCES = "References"


_LABEL = re.compile(r"(?:^|(?<=[.:;)] ))((?:Client|Server|Firewall|Paths|Controls|Verify|Risk)(?: and [a-z]+)?): ")
"""What a part of a section is about: a vantage, how to see that the change helped, what a workaround costs."""


class Part(Struct, frozen=True, kw_only=True):
    """A few sentences of a section."""

    label: str
    """What they are about (`Client`, `Verify`, ...); empty for what a section says without one."""

    text: str


class Explanation(Struct, frozen=True, kw_only=True):
    """All that a theory's file says in words."""

    gist: str
    """What it is, in one sentence."""

    sections: dict[Heading, tuple[Part, ...]]
    """Every heading, none of them empty; of the references each is a part."""


def explanation(theory: Theory) -> Explanation:
    """What the file of *theory* says.

    Raises FileNotFoundError where the program was installed without its source, and ValueError where the text is not
    of the form that `explained` asks for.
    """
    name = theory.id.replace("-", "_")
    source = files("bothways.theories").joinpath(f"{name}.py").read_text(encoding="utf-8")
    return explained(theory.id, ast.get_docstring(ast.parse(source)) or "")


def explained(identity: str, text: str) -> Explanation:
    """Take *text* apart: `ID: gist`, then every heading once and in order, each with an indented body.

    Raises ValueError that says what is missing or out of place.
    """
    first, _, rest = text.partition("\n")
    named, _, gist = first.partition(": ")
    if named != identity or not gist.endswith("."):
        message = f"{identity}: the first line must be `{identity}: what it is.`"
        raise ValueError(message)
    bodies = dict(_bodies(identity, rest))
    if list(bodies) != list(Heading):
        message = f"{identity}: the headings must be {', '.join(Heading)}; they are {', '.join(bodies)}"
        raise ValueError(message)
    sections = {heading: tuple(_parts(heading, body)) for heading, body in bodies.items()}
    if empty := [heading for heading, parts in sections.items() if not parts]:
        message = f"{identity}: nothing stands under {', '.join(empty)}"
        raise ValueError(message)
    return Explanation(gist=gist, sections=sections)


def _bodies(identity: str, text: str) -> Iterator[tuple[Heading, str]]:
    """Every heading with what stands under it."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if line and not line.startswith(" ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        written = lines[start].removesuffix(":")
        if written not in set(Heading):
            message = f"{identity}: {written!r} is no heading"
            raise ValueError(message)
        yield Heading(written), dedent("\n".join(lines[start + 1 : end]))


def _parts(heading: Heading, body: str) -> Iterator[Part]:
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", body))
    for paragraph in filter(None, paragraphs):
        if heading is Heading.REFERENCES:
            yield from (Part(label="", text=cited) for cited in re.split(r"; ", paragraph.removesuffix(".")))
            continue
        before, *labelled = _LABEL.split(paragraph)
        if before.strip():
            yield Part(label="", text=before.strip())
        for label, text in zip(labelled[::2], labelled[1::2], strict=True):
            yield Part(label=label, text=text.strip())
