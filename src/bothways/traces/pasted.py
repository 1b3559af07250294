"""Reports as people send them: quoted in a mail, or indented as code.

What a mail program or an editor put in front of each line is taken off, so that readers see the tool's own columns.
"""

import re
from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from bothways.evidence.report_lines import HEAD_CHARACTERS, HEAD_LINES, Line, lines, prompted

LONGEST_BLOCK = 400
"""Lines of one block that share their margin: more than any tool prints of one path."""

_QUOTE = re.compile(r"(?:[ \t]{0,8}>){1,20} ?")
"""Marks of quoted lines (RFC 3676 section 4.5)."""


def pasted(text: str, *programs: str) -> Iterator[Line]:
    """The lines of *text* without quote marks and common indentation; calls of *programs* keep their prompt."""
    block: list[Line] = []
    for line in lines(text):
        marked = line.text[:1].isspace() or line.text.startswith(">")
        quoted = marked and ">" in line.text and not prompted(line.text, *programs)
        bare = replace(line, text=unquoted(line.text)) if quoted else line
        if not bare.text.strip() or len(block) >= LONGEST_BLOCK:
            yield from _at_margin(block)
            block = []
        block.append(bare)
    yield from _at_margin(block)


def top(text: str, *programs: str) -> list[str]:
    """The first lines of *text* that are not blank, as `pasted` gives them: what tells one kind of report from another.

    Like `bothways.evidence.report_lines.head`.
    """
    shown = (line.text for line in pasted(text[:HEAD_CHARACTERS], *programs) if line.text.strip())
    return list(islice(shown, HEAD_LINES))


def unquoted(text: str) -> str:
    """*text* without the marks that a mail program puts in front of what it quotes."""
    quote = _QUOTE.match(text)
    return text[quote.end() :] if quote else text


def _at_margin(block: list[Line]) -> Iterator[Line]:
    """*block* moved left by the indentation that all its lines share."""
    margin = min((len(line.text) - len(line.text.lstrip()) for line in block if line.text.strip()), default=0)
    for line in block:
        yield replace(line, text=line.text[margin:]) if margin else line
