"""`mtr --csv`: one line a hop, with a header line since 0.86; before that, semicolons and the last round trip alone.

`Mtr_Version,Start_Time,Status,Host,Hop,Ip,` and mtr's columns, behind `Asn` where AS numbers were asked for; the time
is in seconds since 1970 (csv_close in ui/report.c). The columns are those of the header line above a hop. In a locale
with decimal commas mtr prints two fields where the header names one, always two digits behind the comma.
"""

import re

from msgspec import Struct, field
from msgspec.structs import replace

from bothways.evidence.path_report import Hop, PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, prompted
from bothways.traces.labels import networks_in
from bothways.traces.moment import is_moment
from bothways.traces.mtr_columns import COLUMNS, from_numbers
from bothways.traces.mtr_command import understood
from bothways.traces.mtr_host import replies
from bothways.traces.pasted import top
from bothways.traces.runs import MOST_HOPS, Runs
from bothways.units import NANOSECONDS_PER_SECOND, Duration, Instant

NANOSECONDS_PER_MICROSECOND = 1_000

_HEADER = re.compile(r"Mtr_Version[,;]Start_Time[,;]Status[,;]Host[,;]Hop[,;]Ip(?P<rest>[,;].*)?")
_ROW = re.compile(
    r"MTR\.(?P<version>[\w.+-]{1,40})(?P<comma>[,;])(?P<at>\d{1,12})(?P=comma)(?P<status>[^,;]{0,40})(?P=comma)"
    r"(?P<host>[^,;]{1,255})(?P=comma)(?P<hop>\d{1,3})(?P=comma)(?P<ip>[^,;]{0,512})(?P<rest>[,;].*)?",
    re.ASCII,
)
_FIGURE = re.compile(r"\s*\d{1,12}(?:[.,]\d{0,6})?%?\s*", re.ASCII)
_ASN = "Asn"
_WHOLE = frozenset({"Snt", "Drop", "Rcv"})
"""Columns that are counts; all others have two digits behind the point or comma."""


def recognises(text: str) -> bool:
    """Whether one of the first lines of *text* is mtr's header, or a hop of it."""
    return any(_HEADER.fullmatch(line) or _ROW.fullmatch(line) for line in top(text, "mtr"))


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All reports in *text*: one begins at a header line, at another start or host, and where the hops begin again."""
    runs = Runs(file=file)
    return runs.read(text, _Reader(runs=runs), "mtr")


class _Reader(Struct, kw_only=True):
    runs: Runs
    hops: list[Hop] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    first: int | None = None
    probe: str | None = None
    run: tuple[str, str] | None = None
    """Start and destination of the report being read, as printed."""

    def take(self, line: Line) -> None:
        """Read one more line."""
        text = line.text.strip()
        if words := prompted(text, "mtr"):
            self.finish()
            self.probe = understood(words).probe
        elif header := _HEADER.fullmatch(text):
            self.finish()
            # The line ends in a comma, and one of mtr's columns is a blank that only moves others apart.
            self.columns = tuple(word.strip() for word in re.split("[,;]", header["rest"] or "")[1:])
            self.first = line.number
        elif row := _ROW.fullmatch(text):
            self._row(row, line)
        elif text and not is_moment(text):
            self.runs.problems.not_understood(line)

    def finish(self) -> None:
        """Close the report being read, if there is one."""
        if self.hops and self.run:
            at, host = self.run
            self.runs.found(
                "mtr",
                self.hops,
                destination=host,
                probe=self.probe,
                line=self.first,
                started=Instant(int(at) * NANOSECONDS_PER_SECOND),
            )
            self.probe = None
        self.hops, self.run, self.first, self.columns = [], None, None, ()

    def _row(self, row: re.Match[str], line: Line) -> None:
        run, index = (row["at"], row["host"]), int(row["hop"])
        if self.run is not None and (self.run != run or index <= self.hops[-1].index):
            columns = self.columns
            self.finish()
            self.columns = columns
        if not 1 <= index <= MOST_HOPS:
            self.runs.problems.add(f"hop {index} is none, and was left out", line)
            return
        self.first, self.run = self.first or line.number, run
        figures = (row["rest"] or "").split(row["comma"])[1:]
        self.hops.append(self._hop(index, row["ip"], figures, line))

    def _hop(self, index: int, host: str, figures: list[str], line: Line) -> Hop:
        if not self.columns:
            return Hop(index=index, line=line.number, replies=replies(host, _last(figures)), sent=None, loss=None)
        numbers = self._numbers(figures, line)
        found = from_numbers(numbers)
        said = replies(host, found.round_trips)
        if said and _ASN in self.columns[: len(figures)]:
            networks = networks_in(figures[self.columns.index(_ASN)])
            said = (replace(said[0], networks=networks),)
        return Hop(index=index, line=line.number, replies=said, sent=found.sent, loss=found.loss)

    def _numbers(self, figures: list[str], line: Line) -> dict[str, float]:
        """The figures under their columns; none where they do not stand under them."""
        figures = _joined(figures, self.columns)
        columns = self.columns[: len(figures)]
        bad = any(
            column in COLUMNS and not _FIGURE.fullmatch(one) for column, one in zip(columns, figures, strict=False)
        )
        if bad or len(figures) > len(self.columns) or any(self.columns[len(figures) :]):
            self.runs.problems.add("the figures of this hop do not stand under the columns, and were left out", line)
            return {}
        pairs = zip(columns, figures, strict=True)
        return {
            column: float(one.strip().removesuffix("%").replace(",", ".")) for column, one in pairs if column in COLUMNS
        }


def _joined(figures: list[str], columns: tuple[str, ...]) -> list[str]:
    """*figures* where those that a decimal comma cut in two are one again; as they are where that does not fit."""
    named = list(columns)
    while named and not named[-1]:
        named.pop()
    broken = [column in COLUMNS and column not in _WHOLE for column in named]
    if len(figures) != len(named) + sum(broken) or not any(broken):
        return figures
    parts = iter(figures)
    return [f"{part},{next(parts)}" if cut else part for cut, part in zip(broken, parts, strict=False)]


def _last(figures: list[str]) -> tuple[Duration, ...]:
    """The one figure of a report without header: the last round trip in microseconds, behind an AS number if any."""
    if figures and re.fullmatch(r"\d{1,12}", figures[-1], re.ASCII) and int(figures[-1]):
        return (Duration(int(figures[-1]) * NANOSECONDS_PER_MICROSECOND),)
    return ()
