"""What reaches standard output, and how wide and colourful it may be."""

import os
import shutil
import sys
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from bothways.report.page import Page

USUAL_WIDTH = 80
"""Columns where nobody says how many there are."""


class Terminal(Struct, frozen=True, kw_only=True):
    """What standard output can show."""

    width: int
    colour: bool
    encoding: str | None


def terminal(width: int | None) -> Terminal:
    """Standard output as it is, or *width* columns wide."""
    columns = width or shutil.get_terminal_size((USUAL_WIDTH, 24)).columns
    return Terminal(width=columns, colour=_colour(), encoding=getattr(sys.stdout, "encoding", None))


def say(text: str) -> None:
    """Write *text* to standard output; a reader that has gone away, or never was, has read enough."""
    if sys.stdout is None:
        return  # closed by the caller, who wants the exit status
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:
        # What the terminal's encoding cannot show is written out, not a reason to fail.
        reconfigure(errors="backslashreplace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Else Python complains when it flushes once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say_page(page: "Page", *, detail: bool, width: int | None) -> None:
    """Draw *page* as standard output can show it."""
    # These take a while to import: --json needs no rich, and a list of causes no page.
    from bothways.report.symbols import symbols_for  # noqa: PLC0415
    from bothways.report.terminal import draw  # noqa: PLC0415

    if sys.stdout is None:
        return
    shown = terminal(width)
    say(draw(page, width=shown.width, colour=shown.colour, symbols=symbols_for(shown.encoding), detail=detail))


def _colour() -> bool:
    """Whether to colour: only a terminal, and not where NO_COLOR is set to anything (no-color.org)."""
    return (
        bool(sys.stdout) and sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
