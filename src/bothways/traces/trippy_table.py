"""Trippy's reports for people: `trip -m pretty`, `-m markdown` and `-m csv` (crates/trippy-tui/src/report).

Tables have a row for each distance and further lines in it for further addresses; CSV joins addresses with a colon and
has the target in front. `IPs` are addresses, `Addrs` the names found for them. A figure that was never measured is
`???`.
"""

import re
from csv import reader as csv_reader

from msgspec import Struct, field
from msgspec.structs import replace

from bothways.evidence.path_report import Hop, HopReply
from bothways.evidence.path_report import PathReport as Report
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, address_in, escaped, prompted
from bothways.traces.mtr_columns import Statistics, from_numbers
from bothways.traces.mtr_host import MOST_REPLIES
from bothways.traces.pasted import top
from bothways.traces.runs import MOST_HOPS, Runs
from bothways.units import Duration

PROGRAMS = ("trip", "trippy")

_COLUMNS = ("Hop", "IPs", "Addrs", "Loss%", "Snt", "Recv", "Last", "Avg", "Best", "Wrst", "StdDev")
_CSV_COLUMNS = ("Target", "TargetIp", *_COLUMNS)
_BARS = re.compile(r"[|\u2502\u2506]")
_RULE = re.compile(r"[\s|+:=\u2500-\u257f-]+")
_FIGURE = re.compile(r"\d{1,12}(?:\.\d{0,6})?", re.ASCII)
_INDEX = re.compile(r"\d{1,3}", re.ASCII)
_UNKNOWN = "???"


def recognises(text: str) -> bool:
    """Whether one of the first lines of *text* names Trippy's columns."""
    return any(_cells(line) in {_COLUMNS, _CSV_COLUMNS} for line in top(text, *PROGRAMS))


def read(text: str, *, file: str) -> Reading[tuple[Report, ...]]:
    """All tables in *text*: one begins at a line that names the columns, and in CSV with another target."""
    runs = Runs(file=file)
    return runs.read(text, _Reader(runs=runs), *PROGRAMS)


def _cells(text: str) -> tuple[str, ...]:
    bare = text.strip()
    if _BARS.match(bare):
        return tuple(cell.strip() for cell in _BARS.split(bare)[1:-1])
    return tuple(cell.strip() for cell in next(csv_reader([bare]), ()))


class _Reader(Struct, kw_only=True):
    runs: Runs
    hops: list[Hop] = field(default_factory=list)
    target: tuple[str, str] | None = None
    """Name and address, as CSV has them in each row."""

    first: int | None = None

    def take(self, line: Line) -> None:
        """Read one more line."""
        text = line.text
        if not text.strip() or _RULE.fullmatch(text):
            return
        cells = _cells(text)
        if prompted(text, *PROGRAMS) or cells in {_COLUMNS, _CSV_COLUMNS}:
            self.finish()
            self.first = line.number
        elif len(cells) == len(_CSV_COLUMNS) and _INDEX.fullmatch(cells[2]):
            self._csv(cells, line)
        elif len(cells) == len(_COLUMNS) and _INDEX.fullmatch(cells[0]):
            self._hop(cells, ((cells[1], cells[2]),), line)
        elif len(cells) == len(_COLUMNS) and self.hops and not cells[0] and cells[1]:
            self._further(((cells[1], cells[2]),))
        else:
            self.runs.problems.not_understood(line)

    def finish(self) -> None:
        """Close the report being read, if there is one."""
        if self.hops:
            name, address = self.target or (None, "")
            self.runs.found(
                "trippy",
                self.hops,
                destination=name,
                destination_address=address_in(address),
                probe=None,
                line=self.first,
            )
        self.hops, self.target, self.first = [], None, None

    def _csv(self, cells: tuple[str, ...], line: Line) -> None:
        if self.target not in {None, cells[:2]}:
            self.finish()
        self.target = (cells[0], cells[1])
        ips, names = cells[3], cells[4]
        # Only IPv4 addresses can be told apart where a colon joins them.
        several = ips != _UNKNOWN and address_in(ips) is None
        pairs = tuple(zip(ips.split(":"), names.split(":"), strict=False)) if several else ((ips, names),)
        if several and not all(address_in(ip) for ip, _ in pairs):
            self.runs.problems.add("several IPv6 addresses that colons join cannot be told apart; left out", line)
            pairs = ()
        self._hop(cells[2:], pairs, line)

    def _hop(self, cells: tuple[str, ...], pairs: tuple[tuple[str, str], ...], line: Line) -> None:
        index = int(cells[0])
        if not (self.hops[-1].index if self.hops else 0) < index <= MOST_HOPS:
            self.runs.problems.add(f"hop {index} is out of order and was left out", line)
            return
        self.first = self.first or line.number
        found = _figures(cells)
        self.hops.append(Hop(index=index, line=line.number, replies=(), sent=found.sent, loss=found.loss))
        self._further(pairs, found.round_trips)

    def _further(self, pairs: tuple[tuple[str, str], ...], trips: tuple[Duration, ...] = ()) -> None:
        """Further addresses of the last hop."""
        last = self.hops[-1]
        room = MOST_REPLIES - len(last.replies)
        more = tuple(_reply(ip, name) for ip, name in pairs if ip != _UNKNOWN)[:room]
        if more and trips:
            more = (replace(more[0], round_trips=trips), *more[1:])
        self.hops[-1] = replace(last, replies=(*last.replies, *more))


def _reply(ip: str, name: str) -> HopReply:
    address = address_in(ip)
    # A look-up that failed is told in the name's place, as `Timeout: 192.0.2.1` or by the address again.
    known = name and " " not in name and not address_in(name)
    return HopReply(name=escaped(name if known else ip) if known or address is None else None, address=address)


def _figures(cells: tuple[str, ...]) -> Statistics:
    numbers = {
        "Rcv" if column == "Recv" else column: float(cell)
        for column, cell in zip(_COLUMNS[3:], cells[3:], strict=False)
        if _FIGURE.fullmatch(cell)
    }
    return from_numbers(numbers)
