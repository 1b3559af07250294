"""Long stretches of the two ways on which nothing happens, folded into one line each."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from bothways.paths.alignment import Kinship
from bothways.report.text import counted
from bothways.report.ways_rows import Cell, RowLine

FOLDED_FROM = 8
"""Rows alike in a stretch from which it is folded: fewer are read faster than what would stand for them."""

KEPT = 2
"""Rows that stay at each end of a folded stretch, to be found again in the reports."""


class Fold(Struct, frozen=True, kw_only=True):
    """Rows that are not drawn."""

    says: str


def folded(rows: Sequence[RowLine], *, whole: bool) -> Iterator[RowLine | Fold]:
    """*rows*, with what stands for the inside of long stretches; *whole*: all of them as they are."""
    if whole:
        yield from rows
        return
    numbered = _stretches(rows)
    for kind, group in groupby(numbered, key=lambda item: item[0]):
        members = [row for _, row in group]
        if not kind[1] or len(members) < FOLDED_FROM:
            yield from members
            continue
        yield from members[:KEPT]
        yield Fold(says=_says(members[KEPT:-KEPT]))
        yield from members[-KEPT:]


_Kind = tuple[int, str]
"""A number that changes wherever something is said between two rows, and what the rows have in common."""


def _stretches(rows: Sequence[RowLine]) -> Iterator[tuple[_Kind, RowLine]]:
    number = 0
    for row in rows:
        number += bool(row.opens or row.closes)
        yield (number, _alike(row)), row


def _alike(row: RowLine) -> str:
    """What rows of one fold have in common; empty for a row that must be seen."""
    cells = [cell for cell in (row.there, row.back) if cell]
    if any(cell.stateful for cell in cells):
        return ""
    if row.kinship is Kinship.SAME:
        return "" if row.unsure else "router on both ways"
    if not all(cell.silent for cell in cells):
        return ""
    return "silent hop there" if row.there and not row.back else "silent hop back" if not row.there else "silent hop"


def _says(rows: Sequence[RowLine]) -> str:
    kind = _alike(rows[0])
    there = _range([row.there for row in rows if row.there])
    back = _range([row.back for row in rows if row.back])
    hops = ", ".join([f"hops {there} there"] * bool(there) + [f"hops {back} back"] * bool(back))
    noun, _, on = kind.partition(" on ")
    return f"{counted(len(rows), noun)}{f' on {on}' if on else ''} ({hops})"


def _range(cells: Sequence[Cell]) -> str:
    return f"{cells[0].index} to {cells[-1].index}" if cells else ""
