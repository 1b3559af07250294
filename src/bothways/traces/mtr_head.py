"""The lines above the hops of an mtr report or screen: which columns follow, and what says nothing.

mtr itself prints its columns' names in English whatever the locale, and figures with the locale's decimal comma. A
head of other words is somebody's translation, or a front end's: where it has seven columns and the first is a share,
they are mtr's usual ones.
"""

import re

from bothways.traces.mtr_columns import COLUMNS, DEFAULT

MOST_COLUMNS = 20
"""Fields that mtr shows at most (`MAXFLD` of its source)."""

_HEADER = re.compile(r"\s*(?:HOST:|Host)\s")
_SHARE = re.compile(r"[^\W\d]{0,20}[^\W\d.]?%")
_NAME = re.compile(r"[^\W\d][\w.-]{0,20}%?")
_FURNITURE = re.compile(r"\s*My traceroute\s.*|\s*Keys:\s.*|\s*Packets\s+Pings|\s{20,}[^\W\d]{2,20}\s{2,}[^\W\d]{2,20}")


def columns_in(text: str) -> tuple[str, ...]:
    """The columns that a header line of mtr's own names; none if it is no such line."""
    if not _HEADER.match(text):
        return ()
    words = text.split()[1:]
    start = next((at for at, word in enumerate(words) if word in COLUMNS), len(words))
    named = tuple(words[start:])
    return named if 1 < len(named) <= MOST_COLUMNS and COLUMNS.issuperset(named) else ()


def foreign_columns_in(text: str) -> tuple[str, ...]:
    """Mtr's names for the columns of a header line in other words; none if it is no header line."""
    words = text.split()
    start = next((at for at, word in enumerate(words) if _SHARE.fullmatch(word)), 0)
    named = ["Loss%", *words[start + 1 :]]
    if not start or len(named) > MOST_COLUMNS or not all(map(_NAME.fullmatch, named)):
        return ()
    if COLUMNS.issuperset(named):
        return tuple(named) if len(named) > 1 else ()
    return DEFAULT if len(named) == len(DEFAULT) else ()


def is_furniture(text: str) -> bool:
    """Whether *text* is a line of mtr's screen that says nothing of a hop."""
    return _FURNITURE.fullmatch(text) is not None
