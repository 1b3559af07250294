"""A list of devices as a spreadsheet writes it: a line of column names, then lines of cells (docs/inventory.md)."""

import csv
import re
from collections.abc import Iterator

from bothways.evidence.report_lines import LONGEST_LINE, ProblemList, escaped, lines
from bothways.states.inventory_entry import Entry

COLUMNS = {
    "device": "device",
    "name": "name",
    "names": "name",
    "address": "address",
    "addresses": "address",
    "prefix": "address",
    "ip": "address",
    "role": "role",
    "stateful": "stateful",
    "ttl": "ttl",
    "between": "between",
}
"""What a column may be called, and what it holds."""

TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

_DELIMITERS = (",", ";", "\t")
_LISTED = re.compile(r"[\s|]+")


def recognises(text: str) -> bool:
    """Whether the first line that is no comment names the columns of such a list."""
    return _header(text) is not None


def entries(text: str, problems: ProblemList) -> list[Entry]:
    """The devices of *text*, those of one name as one; what is wrong goes to *problems*."""
    header = _header(text)
    if header is None:
        return []
    number, delimiter, columns = header
    for column in columns:
        if column and column not in COLUMNS:
            known = ", ".join(dict.fromkeys(COLUMNS.values()))
            problems.add(f"the column {escaped(column, 40)} is not known and was left out; known are {known}", number)
    found: dict[str, Entry] = {}
    for line, cells in _rows(text, number, delimiter, problems):
        _add(found, columns, line, cells, problems)
    return list(found.values())


def _header(text: str) -> tuple[int, str, list[str]] | None:
    """Its line, what stands between cells, and the columns."""
    for line in lines(text):
        if not line.text.strip() or line.text.lstrip().startswith("#"):
            continue
        for delimiter in _DELIMITERS:
            columns = [cell.strip().strip("\"'").strip().casefold() for cell in line.text.split(delimiter)]
            meant = {COLUMNS.get(column) for column in columns}
            if "device" in meant and meant & {"address", "name"}:
                return line.number, delimiter, columns
        return None
    return None


def _rows(text: str, header: int, delimiter: str, problems: ProblemList) -> Iterator[tuple[int, list[str]]]:
    for line in lines(text):
        if line.number <= header or not line.text.strip() or line.text.lstrip().startswith("#"):
            continue
        if line.cut:
            problems.add(f"longer than {LONGEST_LINE} characters: left out", line)
            continue
        try:
            # Cells of a list of devices have no line feeds in them, so a line is a row.
            yield line.number, next(csv.reader([line.text], delimiter=delimiter, skipinitialspace=True), [])
        except csv.Error:
            problems.not_understood(line)


def _add(found: dict[str, Entry], columns: list[str], line: int, cells: list[str], problems: ProblemList) -> None:
    """One row to the device that it speaks of."""
    if len(cells) > len(columns):
        problems.add(f"{len(cells)} cells under {len(columns)} columns: put a cell with commas into quotes", line)
    held: dict[str, list[str]] = {}
    for column, cell in zip(columns, cells, strict=False):
        if cell.strip() and column in COLUMNS:
            held.setdefault(COLUMNS[column], []).append(cell.strip())
    name = next(iter(held.get("device", [])), None)
    if name is None:
        problems.add("a line without a device's name was left out: fill in its first column", line)
        return
    entry = found.setdefault(name.casefold(), Entry(name=name, line=line))
    entry.addresses += [(text, line) for cell in held.get("address", []) for text in _LISTED.split(cell)]
    entry.names += [(text, line) for cell in held.get("name", []) for text in _LISTED.split(cell)]
    entry.role = _once(entry.role, held.get("role"), line, "role", problems)
    entry.ttl = _once(entry.ttl, held.get("ttl"), line, "ttl", problems)
    for cell in held.get("stateful", []):
        entry.stateful = _truth(cell, entry.stateful, line, problems)
    for cell in held.get("between", []):
        entry.between = (_LISTED.split(cell), line)


def _once(
    before: tuple[str, int] | None, cells: list[str] | None, line: int, what: str, problems: ProblemList
) -> tuple[str, int] | None:
    """A cell that all lines of a device may repeat, and none may contradict."""
    if not cells:
        return before
    if before is not None and before[0].casefold() != cells[0].casefold():
        problems.add(f"its {what} was {escaped(before[0], 40)} in line {before[1]}, which counts", line)
        return before
    return cells[0], line


def _truth(cell: str, before: bool | None, line: int, problems: ProblemList) -> bool | None:  # noqa: FBT001 - as it is
    said = TRUTHS.get(cell.casefold())
    if said is None:
        problems.add(f"stateful takes true or false, not {escaped(cell, 40)}; left out", line)
        return before
    return said
