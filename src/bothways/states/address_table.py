"""Whose addresses are, by tables in text: a row for each range or prefix.

iptoasn.com's `start end number country name`, with tabs; ip-location-db's CSV `start,end,number,name`; pyasn's
`prefix number`; CAIDA's RouteViews `address length number`. Rows are looked at one by one, whatever their number.
"""

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from ipaddress import ip_address, ip_network

from msgspec import Struct, field

from bothways.evidence.networks import Network
from bothways.evidence.report_lines import escaped
from bothways.states.address_record import as_number

LONGEST_ROW = 1000
"""Characters of a row that are read: the longest names of organisations have less than 200."""

HEAD_ROWS = 50
"""Rows by which a text shows that it is such a table."""


class Row(Struct, frozen=True, kw_only=True):
    """One row: the addresses from *first* to *last*, both as numbers of one family."""

    version: int
    first: int
    last: int
    number: int | None
    """Of the autonomous system; None where the table says that nobody announces the range."""

    rest: Sequence[str]
    """The cells behind the number."""

    @property
    def network(self) -> Network | None:
        """Whose the range is. Put together where it is asked for: of half a million rows, few are."""
        if self.number is None:
            return None
        # A country's two letters may stand before the name.
        name = next((cell.strip() for cell in reversed(self.rest) if len(cell.strip()) > 2), "")
        return Network(number=self.number, organisation=escaped(name, 80) or None)


def row_in(line: str) -> Row | None:
    """What *line* says; None for comments, column names and whatever else is no row."""
    cells = _cells(line[:LONGEST_ROW].strip())
    try:
        match cells:
            case [prefix, number, *_] if "/" in prefix:
                whole = ip_network(prefix, strict=False)
                return _row(int(whole.network_address), int(whole.broadcast_address), whole.version, number, [])
            case [address, length, number] if length.isascii() and length.isdigit() and len(length) <= 3:
                whole = ip_network(f"{address}/{length}", strict=False)
                return _row(int(whole.network_address), int(whole.broadcast_address), whole.version, number, [])
            case [start, end, number, *rest]:
                (version, first), (other, last) = _address(start), _address(end)
                return _row(first, last, version, number, rest) if version == other else None
    except ValueError:
        pass
    return None


def _address(text: str) -> tuple[int, int]:
    """Its family and its number. Raises ValueError where it is no address."""
    parts = text.split(".")
    if len(parts) == 4:  # five times as fast as the library, and nearly all rows are such
        return 4, int.from_bytes(bytes(map(int, parts)), "big")
    address = ip_address(text)
    return address.version, int(address)


def _cells(line: str) -> list[str]:
    if not line or line[0] in "#;":
        return []
    if "\t" in line:
        return line.split("\t")
    if "," in line:
        try:
            return [cell.strip() for cell in next(csv.reader([line]), [])]
        except csv.Error:
            return []
    return line.split()


def _row(first: int, last: int, version: int, number: str, rest: Sequence[str]) -> Row | None:
    # Several origins of one prefix: `64496_64497`, or a set `{64496,64497}`. The first one stands for all.
    origin = number.strip("{} ").replace("_", ",").partition(",")[0]
    owner = as_number(origin)
    if owner is None and origin.strip().upper().removeprefix("AS") not in {"0", ""}:
        return None
    return Row(version=version, first=first, last=last, number=owner, rest=rest) if first <= last else None


def recognises(lines: Iterable[str]) -> bool:
    """Whether the first *lines* of a text are rows of such a table, but for comments and a line of column names."""
    told = [line for line in lines if line.strip() and line.strip()[0] not in "#;"]
    rows = sum(row_in(line) is not None for line in told)
    return rows > 0 and rows >= len(told) - 1


class Lookup(Struct):
    """The rows that hold any of the wanted addresses; of several that hold one the narrowest counts."""

    wanted: Iterable[str]
    rows: int = 0
    """Rows seen."""

    not_understood: int = 0
    _texts: dict[tuple[int, int], str] = field(default_factory=dict)
    _sorted: dict[int, list[int]] = field(default_factory=dict)
    _found: dict[tuple[int, int], tuple[int, Network | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for text in self.wanted:
            address = ip_address(text)
            self._texts[address.version, int(address)] = text
        for version in (4, 6):
            self._sorted[version] = sorted(number for family, number in self._texts if family == version)

    def feed(self, line: str) -> None:
        """Look at one more line."""
        row = row_in(line)
        if row is None:
            blank = not line.strip() or line.lstrip()[0] in "#;"
            self.not_understood += not blank and self.rows > 0
            return
        self.rows += 1
        numbers = self._sorted[row.version]
        start, end = bisect_left(numbers, row.first), bisect_right(numbers, row.last)
        width = row.last - row.first
        for number in numbers[start:end]:
            before = self._found.get((row.version, number))
            if before is None or width < before[0]:
                self._found[row.version, number] = (width, row.network)

    def owners(self) -> dict[str, Network]:
        """The networks found, by address as it was wanted."""
        return {self._texts[key]: network for key, (_, network) in self._found.items() if network is not None}
