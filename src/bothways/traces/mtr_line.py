"""One hop of an mtr report or screen: the host, and the figures under the columns of the header."""

import re
from collections.abc import Sequence

from bothways.traces.mtr_host import SILENT

NARROW_END = 33
"""Column where a narrow report cuts a name off: it prints the figures over whatever stands there."""

_FIGURE = re.compile(r"-?\d{1,12}(?:[.,]\d{0,6})?%?", re.ASCII)
_WORD = re.compile(r"\S+")
_SAID = re.compile(r"\([^()]{1,80}\)")
"""What a screen shows in place of a host that cannot be probed, in the language of the system: `(no route to host)`."""


def are_figures(words: Sequence[str]) -> bool:
    """Whether all *words* are numbers as mtr prints them."""
    return all(map(_FIGURE.fullmatch, words))


def parted(rest: str, columns: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    """Host and figures of a hop; a host of None where they do not fit the columns."""
    if rest in SILENT or _SAID.fullmatch(rest):
        return SILENT[0], ()
    host, *figures = rest.rsplit(None, len(columns))
    fits = len(figures) == len(columns) and are_figures(figures)
    return (host, figures) if fits else (None, ())


def is_cut(text: str, end: int, header: str) -> bool:
    """Whether the name that ends at *end* of a hop's line may have lost its end; half an address can look like another.

    A narrow report stands under its header; a wide one stands two columns to the right of it.
    """
    return end == NARROW_END and _end_of_first(header) == _end_of_first(text)


def _end_of_first(text: str) -> int:
    """Where the first word that begins at or after the narrow report's cut ends."""
    word = _WORD.search(text, NARROW_END)
    return word.end() if word else -1
