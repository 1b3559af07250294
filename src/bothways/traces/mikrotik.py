"""RouterOS' `/tool traceroute` (MikroTik): a table that is painted anew each round; the last round of a run counts.

Rows have numbers since RouterOS 7, and are in their order before that. Nobody who answered is a blank and `timeout`;
times are in milliseconds but for the last one, which has its unit. The status may hold an MPLS label or words.
"""

import re

from msgspec import Struct, field

from bothways.evidence.path_report import Hop, HopReply, PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, address_in, escaped
from bothways.traces.labels import labels_in
from bothways.traces.mtr_columns import from_numbers
from bothways.traces.pasted import top
from bothways.traces.runs import MOST_HOPS, Runs

_HEAD = re.compile(r"\s*(?:#\s+)?ADDRESS\s+LOSS\s+SENT\s+LAST\s+AVG\s+BEST\s+WORST\s+STD-DEV(?:\s+STA\S*)?\s*")
_ROW = re.compile(
    r"\s*(?:(?P<index>\d{1,3})\s+)?(?:(?P<host>[^\s%]{2,255})\s+)?(?P<loss>\d{1,3}(?:\.\d{1,3})?)%\s+(?P<sent>\d{1,7})"
    r"(?:\s+(?:timeout|\d[\d.]{0,10}(?:us|ms|s)?)"
    r"(?:\s+(?P<avg>\d[\d.]{0,10})\s+(?P<best>\d[\d.]{0,10})\s+(?P<worst>\d[\d.]{0,10})\s+\d[\d.]{0,10})?)?"
    r"(?:\s+(?P<status>\S.{0,200}))?",
    re.ASCII,
)
_COLUMNS = {"Loss%": "loss", "Snt": "sent", "Best": "best", "Avg": "avg", "Wrst": "worst"}
_CALL = re.compile(r"\[[^\]]{1,120}\]\s+(?:/[\w /-]{1,60})?>\s*/?tool[ /]traceroute\s+(?P<words>\S.*)")
_ADDRESS = re.compile(r"(?:address=)?(?P<host>[\w.:-]{2,255})(?:\s.*)?")
_FURNITURE = re.compile(r"\s*-- \[Q quit.*|Columns: ADDRESS.*|\[[^\]]{1,120}\]\s+>\s*")


def recognises(text: str) -> bool:
    """Whether one of the first lines of *text* names the table's columns."""
    return any(map(_HEAD.fullmatch, top(text)))


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All runs in *text*: one begins at a command line; each painting of its table takes the place of the last."""
    runs = Runs(file=file)
    return runs.read(text, _Reader(runs=runs), "mikrotik")


class _Reader(Struct, kw_only=True):
    runs: Runs
    hops: list[Hop] = field(default_factory=list)
    before: tuple[Hop, ...] = ()
    """The painting before this one, which may have been cut off."""

    destination: str | None = None
    first: int | None = None

    def take(self, line: Line) -> None:
        """Read one more line."""
        text = line.text
        if call := _CALL.fullmatch(text):
            self.finish()
            named = _ADDRESS.fullmatch(call["words"])
            self.destination = named["host"] if named else None
        elif _HEAD.fullmatch(text):
            self.before = tuple(self.hops) if len(self.hops) >= len(self.before) else self.before
            self.hops, self.first = [], line.number
        elif self.first is not None and (row := _ROW.fullmatch(text)):
            self._row(row, line)
        elif text.strip() and not _FURNITURE.fullmatch(text.strip()):
            self.runs.problems.not_understood(line)

    def finish(self) -> None:
        """Close the run being read, if there is one."""
        hops = self.hops if len(self.hops) >= len(self.before) else self.before
        if hops:
            self.runs.found("mikrotik", hops, destination=self.destination, probe="icmp", line=self.first)
        self.hops, self.before, self.destination, self.first = [], (), None, None

    def _row(self, row: re.Match[str], line: Line) -> None:
        last = self.hops[-1].index if self.hops else 0
        index = int(row["index"]) if row["index"] else last + 1
        if not last < index <= MOST_HOPS:
            self.runs.problems.add(f"hop {index} is out of order and was left out", line)
            return
        figures = {
            "Loss%": row["loss"],
            "Snt": row["sent"],
            "Best": row["best"],
            "Avg": row["avg"],
            "Wrst": row["worst"],
        }
        numbers = {column: float(figure) for column, figure in figures.items() if figure and figure.count(".") < 2}
        found = from_numbers(numbers)
        address = address_in(row["host"] or "")
        reply = HopReply(
            name=escaped(row["host"]) if row["host"] and not address else None,
            address=address,
            round_trips=found.round_trips,
            labels=labels_in(row["status"] or ""),
        )
        said = (reply,) if row["host"] and row["host"] != "(timeout)" else ()
        self.hops.append(Hop(index=index, line=line.number, replies=said, sent=found.sent, loss=found.loss))
