"""`mtr --report` and `--report-wide`, and the screen of a running mtr copied from a terminal.

The columns are those that the header line names, in its order (mtr(8), option `--order`), so a hop is read from its
right end. Lines that mtr prints for further addresses of a hop and for MPLS labels belong to the hop above them. A line
that a mail program broke is put together again where the rest of it is nothing but columns or figures.
"""

import re

from msgspec import Struct, field
from msgspec.structs import replace

from bothways.evidence.path_report import Hop, PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, address_in, escaped, prompted
from bothways.traces.labels import MOST_LABELS, labels_in
from bothways.traces.moment import is_moment, moment
from bothways.traces.mtr_columns import COLUMNS, DEFAULT, statistics
from bothways.traces.mtr_command import Command, understood
from bothways.traces.mtr_head import MOST_COLUMNS, columns_in, foreign_columns_in, is_furniture
from bothways.traces.mtr_host import MOST_REPLIES, replies
from bothways.traces.mtr_line import are_figures, is_cut, parted
from bothways.traces.pasted import top
from bothways.traces.runs import MOST_HOPS, Runs
from bothways.units import Instant

_HOP = re.compile(r"\s{0,5}(?P<index>\d{1,6})\.(?P<bars>\|--)?\s+(?P<rest>\S.*)")
_FURTHER = re.compile(r"\s*\|\s+`?\|--\s(?P<one>\S+)|\s{2,}(?P<host>[^\s|].*)")
_TITLE = re.compile(r"(?P<source>\S+) \(\S*\) -> (?P<destination>\S+) \((?P<address>\S+)\)(?:\s+(?P<at>.*))?")
_START = re.compile(r"\s*Start(?: time)?: +(?P<at>\S.*)")
_LABELS = re.compile(r"[\s|`+-]*\[MPLS: .*")
_TABLE = re.compile(r"\s{0,5}1\.\s+\S.*\s\d{1,3}[.,]\d%?\s+\d{1,9}(?:\s+\d{1,9}[.,]\d){4,}\s*", re.ASCII)
"""A first hop without bars but with mtr's usual figures, by which a report is known whose head is not."""


def recognises(text: str) -> bool:
    """Whether *text* looks like an mtr report: a header line, hops with mtr's bars, or its usual figures."""
    return any(
        columns_in(line) or ((hop := _HOP.fullmatch(line)) and hop["bars"]) or _TABLE.fullmatch(line)
        for line in top(text, "mtr")
    )


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All reports in *text*."""
    runs = Runs(file=file)
    return runs.read(text, _Reader(runs=runs), "mtr")


class _Reader(Struct, kw_only=True):
    """What has been read so far: the finished reports, and the one that is being read."""

    runs: Runs
    hops: list[Hop] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    header: str = ""
    first: int | None = None
    """Line where the report being read starts: its `Start:` line if it has one."""

    started: Instant | None = None
    source: str | None = None
    command: Command | None = None
    title: re.Match[str] | None = None
    shown: int = 0
    """Which of the last hop's replies was printed last: labels below it are its own."""

    broken: Line | None = None
    """A hop whose figures are incomplete: they may follow on the next line."""

    def take(self, line: Line) -> None:
        """Read one more line; blank ones say nothing."""
        if line.text.strip():
            self._take(line)

    def _take(self, line: Line) -> None:
        text, words = line.text, line.text.split()
        if self.broken and are_figures(words):
            line = replace(self.broken, text=f"{self.broken.text}  {text.strip()}")
            text, self.broken = line.text, None
        self._leave_broken()
        if call := prompted(text, "mtr"):
            self.finish()
            self.command = understood(call)
        elif title := _TITLE.fullmatch(text):
            self.finish()
            self.title, self.first, self.started = title, line.number, moment(title["at"] or "")
        elif start := _START.fullmatch(text):
            self._start(start["at"], line)
        elif is_moment(text):
            self._start(text, line)
        elif columns := columns_in(text) or foreign_columns_in(text):
            self._header(columns, line)
        elif self.columns and not self.hops and COLUMNS.issuperset(words):
            self.columns = (*self.columns, *words)[:MOST_COLUMNS]
        elif hop := _HOP.fullmatch(text):
            self._hop(hop, line)
        elif not is_furniture(text):
            self._further(line)

    def finish(self) -> None:
        """Close the report being read, if there is one."""
        self._leave_broken()
        if self.columns or self.hops:
            title, command = self.title, self.command
            destination = title["destination"] if title else command.destination if command else None
            self.runs.add(
                PathReport(
                    file=self.runs.file,
                    tool="mtr",
                    probe=command.probe if command else None,
                    source=_or_none(title["source"] if title else self.source),
                    destination=_or_none(destination),
                    destination_address=address_in(title["address"] if title else destination or ""),
                    hops=tuple(self.hops),
                    line=self.first,
                    started=self.started,
                )
            )
            # One command may print several reports, but then it named several hosts.
            self.command = None
        self.hops, self.columns, self.header, self.first, self.title, self.source = [], (), "", None, None, None
        self.started = None

    def _start(self, at: str, line: Line) -> None:
        """A report begins, or is about to: mtr's own word counts more than that of a shell's loop before it."""
        self.finish()
        self.first, self.started = line.number, moment(at)

    def _header(self, columns: tuple[str, ...], line: Line) -> None:
        if self.columns or self.hops:
            self.finish()
        self.columns, self.header, self.first = columns, line.text, self.first or line.number
        words = line.text.split()
        self.source = words[1] if words[0] == "HOST:" and words[1] not in COLUMNS else None

    def _leave_broken(self) -> None:
        """Give a hop up whose figures did not follow."""
        if self.broken and (hop := _HOP.fullmatch(self.broken.text)):
            says = f"hop {int(hop['index'])} does not have the {len(self.columns)} figures of its header"
            self.runs.problems.add(says, self.broken)
        self.broken = None

    def _hop(self, match: re.Match[str], line: Line) -> None:
        if not self.columns:
            self.runs.problems.add("a hop without a header line above it; read with mtr's usual columns", line)
            self.columns, self.first = DEFAULT, self.first or line.number
        index = int(match["index"])
        if not (self.hops[-1].index if self.hops else 0) < index <= MOST_HOPS:
            self.runs.problems.add(f"hop {index} is out of order and was left out", line)
            return
        host, figures = parted(match["rest"], self.columns)
        if host is None:
            self.broken = line
            return
        found = statistics(self.columns, figures)
        cut = is_cut(line.text, match.start("rest") + len(host), self.header)
        said = replies(host, found.round_trips, cut=cut)
        self.hops.append(Hop(index=index, line=line.number, replies=said, sent=found.sent, loss=found.loss))
        self.shown = 0

    def _further(self, line: Line) -> None:
        """One more address of the last hop, or a label of the one before."""
        if self.hops and _LABELS.fullmatch(line.text):
            self._labels(line.text)
            return
        match = _FURTHER.fullmatch(line.text) if self.hops else None
        host = (match["one"] or match["host"]) if match else ""
        said = replies(host) if len(host.split()) <= 3 else ()
        if not said or not (said[0].address or "." in (said[0].name or "")):
            self.runs.problems.not_understood(line)
            return
        last, more = self.hops[-1], said[0]
        known = [(one.name, one.address) for one in last.replies]
        if (more.name, more.address) in known:
            self.shown = known.index((more.name, more.address))
        elif len(known) >= MOST_REPLIES:
            self.runs.problems.add(
                f"more than {MOST_REPLIES} addresses at hop {last.index}; the rest was left out", line
            )
        else:
            self.shown = len(known)
            self.hops[-1] = replace(last, replies=(*last.replies, more))

    def _labels(self, text: str) -> None:
        """One more label of the reply that was printed last."""
        last = self.hops[-1]
        if self.shown < len(last.replies):
            replies_now = list(last.replies)
            one = replies_now[self.shown]
            replies_now[self.shown] = replace(one, labels=(*one.labels, *labels_in(text))[:MOST_LABELS])
            self.hops[-1] = replace(last, replies=tuple(replies_now))


def _or_none(text: str | None) -> str | None:
    return escaped(text) if text else None
