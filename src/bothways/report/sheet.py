"""A sheet of text of a given width: headings, and paragraphs that hang from a sign."""

from collections.abc import Iterator
from io import StringIO

from rich.console import Console
from rich.text import Text

NARROWEST = 20
"""Columns below which nothing can be laid out."""

WIDEST = 120
"""Columns beyond which lines become hard to follow."""


class Sheet:
    """Collects lines and gives them as one text. Text is taken as it is: nothing in it is read as markup."""

    def __init__(self, *, width: int, colour: bool) -> None:
        self.width = min(max(width, NARROWEST), WIDEST)
        self._out = StringIO()
        # An empty environment: what the terminal can do was found out by the caller.
        self._console = Console(
            file=self._out,
            width=self.width,
            color_system="standard" if colour else None,
            force_terminal=colour,
            no_color=not colour,
            markup=False,
            emoji=False,
            highlight=False,
            legacy_windows=False,
            _environ={},
        )

    def text(self) -> str:
        """Everything drawn so far."""
        return self._out.getvalue()

    def blank(self) -> None:
        """An empty line."""
        self._print(Text())

    def heading(self, words: str) -> None:
        """A line of its own after an empty one."""
        self.blank()
        for line in self._wrapped(Text(words, style="bold"), self.width):
            self._print(line)

    def hang(self, sign: str, words: Text, *, indent: int = 0, style: str = "") -> None:
        """A paragraph whose further lines stand under its first word, behind *sign*."""
        lead = Text(" " * indent).append(sign, style=style)
        if sign:
            lead.append(" ")
        room = self.width - lead.cell_len
        for line in self._wrapped(words, room):
            self._print(Text.assemble(lead, line))
            lead = Text(" " * lead.cell_len)

    def verbatim(self, words: str, *, indent: int = 0, style: str = "") -> None:
        """One line that is not broken, whatever its length: a command must survive being copied."""
        self._print(Text(" " * indent).append(words, style=style))

    def row(self, words: Text) -> None:
        """One line of a drawing that was made to fit."""
        self._print(words)

    def _wrapped(self, words: Text, room: int) -> Iterator[Text]:
        for line in words.wrap(self._console, max(room, 1), overflow="fold"):
            line.rstrip()
            yield line

    def _print(self, line: Text) -> None:
        self._console.print(line, no_wrap=True, overflow="ignore", crop=False, soft_wrap=True)
