"""WinMTR's text export: a table with bars, a row for each distance, times in whole milliseconds.

Rows have no numbers: their order is the distance. `No response from host` is a silent one, which the program may say in
another language; nothing was received there. A copy from a forum may have lost the table's spaces or its first rows.
"""

import re

from msgspec import Struct, field

from bothways.evidence.path_report import Hop, HopReply, PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, address_in, escaped
from bothways.traces.mtr_columns import from_numbers
from bothways.traces.pasted import top
from bothways.traces.runs import MOST_HOPS, Runs

LONGEST_ROW = 500
"""Characters of a row: a host name of 255, and the figures with their spaces."""

_COLUMNS = ("Loss%", "Snt", "Rcv", "Best", "Avg", "Wrst", "Last")
_HEADER = re.compile(r"\|?[^|]{1,120}-\s*(?:%{1,2}|[^|\d]{1,20})\s*(?:\|[^|\d]{1,24}){6}\|?\s*")
_ROW = re.compile(
    r"\|?\s*(?P<host>[^|\s][^|]{0,254}?)\s*(?:-\s*(?:(?P<network>AS\d{1,10}|-)\s*(?:-|\|))?|\|\s*(?P<asn>AS\d{1,10}|-)\s*\|)"
    r"\s*(?P<figures>\d{1,3}\s*(?:\|\s*\d{1,7}\s*){6})\|?\s*",
    re.ASCII,
)
_RULE = re.compile(r"[|_\s+-]+")
_TITLE = re.compile(r"\|?\s*WinMTR[^|]*\|?\s*|\s*WinMTR\s.*", re.IGNORECASE)


def recognises(text: str) -> bool:
    """Whether a row of seven figures between bars is among the first lines of *text*."""
    return any(_row_of(line.strip()) for line in top(text))


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All tables in *text*: one begins at a title or a header line."""
    runs = Runs(file=file)
    return runs.read(text, _Reader(runs=runs), "winmtr")


def _row_of(text: str) -> re.Match[str] | None:
    return _ROW.fullmatch(text) if len(text) <= LONGEST_ROW and text.count("|") >= len(_COLUMNS) - 1 else None


class _Reader(Struct, kw_only=True):
    runs: Runs
    hops: list[Hop] = field(default_factory=list)
    first: int | None = None

    def take(self, line: Line) -> None:
        """Read one more line."""
        text = line.text.strip()
        if row := _row_of(text):
            self._row(row, line)
        elif (len(text) <= LONGEST_ROW and _HEADER.fullmatch(text)) or (
            _TITLE.fullmatch(text) and text.startswith("|")
        ):
            self.finish()
            self.first = self.first or line.number
        elif text and not _RULE.fullmatch(text) and not _TITLE.fullmatch(text):
            self.runs.problems.not_understood(line)

    def finish(self) -> None:
        """Close the report being read, if there is one."""
        if self.hops:
            self.runs.found("winmtr", self.hops, destination=None, probe="icmp", line=self.first)
            self.hops, self.first = [], None

    def _row(self, row: re.Match[str], line: Line) -> None:
        if len(self.hops) >= MOST_HOPS:
            self.runs.problems.not_understood(line)
            return
        self.first = self.first or line.number
        figures = [float(figure) for figure in row["figures"].split("|") if figure.strip()]
        found = from_numbers(dict(zip(_COLUMNS, figures, strict=True)))
        network = (row["network"] or row["asn"] or "").removeprefix("AS")
        address = address_in(row["host"])
        reply = HopReply(
            name=None if address else escaped(row["host"]),
            address=address,
            round_trips=found.round_trips,
            networks=(int(network),) if network.isdigit() else (),
        )
        # What stands in place of a host that never answered is a sentence, in the language of the system.
        said = (reply,) if address or figures[2] or " " not in row["host"] else ()
        index = len(self.hops) + 1
        self.hops.append(Hop(index=index, line=line.number, replies=said, sent=found.sent, loss=found.loss))
