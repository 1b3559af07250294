"""`mtr --split`: every hop anew whenever its figures change, for another program to show (ui/split.c).

A line has the distance, the host, the share lost in percent, replies, probes, and the best, average and worst round
trip in whole milliseconds; `-7` takes hop 7 back. What is printed last of a hop counts.
"""

import re

from msgspec import Struct, field

from bothways.evidence.path_report import Hop, PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, prompted
from bothways.traces.moment import is_moment
from bothways.traces.mtr_columns import from_numbers
from bothways.traces.mtr_command import Command, understood
from bothways.traces.mtr_host import replies
from bothways.traces.pasted import top
from bothways.traces.runs import MOST_HOPS, Runs

_COLUMNS = ("Loss%", "Rcv", "Snt", "Best", "Avg", "Wrst")
_HOP = re.compile(
    r"(?P<index>\d{1,3})(?:[ \t](?P<host>\S{1,255}(?: \S{1,64})?)(?P<figures>(?:[ \t]\d{1,9}){6})| \?\?\?)", re.ASCII
)
_GONE = re.compile(r"-(?P<index>\d{1,3})", re.ASCII)


def recognises(text: str) -> bool:
    """Whether such a hop 1, whose host is no mere number, is followed by a hop 2, or stands alone."""
    hops = [hop for line in top(text, "mtr") if (hop := _HOP.fullmatch(line.strip()))]
    if not hops or hops[0]["index"] != "1" or not re.search(r"[A-Za-z.:]", hops[0]["host"] or ""):
        return False
    return next((hop["index"] for hop in hops if hop["index"] != "1"), "2") == "2"


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All runs in *text*: one begins where the first hop's probes are fewer than before."""
    runs = Runs(file=file)
    return runs.read(text, _Reader(runs=runs), "mtr")


class _Reader(Struct, kw_only=True):
    runs: Runs
    hops: dict[int, Hop] = field(default_factory=dict)
    command: Command | None = None
    first: int | None = None

    def take(self, line: Line) -> None:
        """Read one more line."""
        text = line.text.strip()
        if text and not self._takes(text, line):
            self.runs.problems.not_understood(line)

    def _takes(self, text: str, line: Line) -> bool:
        """Read a line that is not blank; False where it was not understood."""
        if words := prompted(text, "mtr"):
            self.finish()
            self.command = understood(words)
        elif gone := _GONE.fullmatch(text):
            self.hops.pop(int(gone["index"]), None)
        elif hop := _HOP.fullmatch(text):
            return self._takes_hop(hop, line)
        else:
            return is_moment(text)
        return True

    def finish(self) -> None:
        """Close the run being read, if there is one."""
        if self.hops:
            self.runs.found(
                "mtr",
                (self.hops[index] for index in sorted(self.hops)),
                destination=self.command.destination if self.command else None,
                probe=self.command.probe if self.command else None,
                line=self.first,
            )
            self.command = None
        self.hops, self.first = {}, None

    def _takes_hop(self, match: re.Match[str], line: Line) -> bool:
        index = int(match["index"])
        if not 1 <= index <= MOST_HOPS:
            return False
        figures = [float(figure) for figure in (match["figures"] or "").split()]
        found = from_numbers(dict(zip(_COLUMNS, figures, strict=False)))
        before = self.hops.get(index)
        if index == 1 and before is not None and (found.sent or 0) < (before.sent or 0):
            self.finish()
        self.first = self.first or line.number
        said = replies(match["host"] or "", found.round_trips)
        self.hops[index] = Hop(index=index, line=line.number, replies=said, sent=found.sent, loss=found.loss)
        return True
