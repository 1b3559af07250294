"""`mtr --report` and `--report-wide`, and the screen of a running mtr copied from a terminal.

The columns are those that the header line names, in its order (mtr(8), option `--order`), so a hop is read from its
right end. Lines that mtr prints for further addresses of a hop and for MPLS labels belong to the hop above them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bothways.evidence.path_report import Hop, HopReply, PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, ProblemList, address_in, escaped, head, lines, prompted
from bothways.traces.mtr_columns import COLUMNS, DEFAULT, Statistics, statistics
from bothways.traces.mtr_command import Command, understood

MOST_HOPS = 255
"""A TTL is one octet (RFC 791 section 3.1), a hop limit too (RFC 8200 section 3)."""

MOST_REPLIES = 128
"""Addresses of one hop that mtr keeps at most (`MAXPATH` of mtr 0.96)."""

NARROW_END = 33
"""Column where a narrow report cuts a name off: it prints the figures over whatever stands there."""

SILENT = ("???", "(waiting for reply)")

_HOP = re.compile(r"\s{0,5}(?P<index>\d{1,6})\.(?P<bars>\|--)?\s+(?P<rest>\S.*)")
_HEADER = re.compile(r"\s*(?:HOST:|Host)\s")
_FURTHER = re.compile(r"\s{4}\|\s+`?\|--\s(?P<one>\S+)|\s{4,}(?P<host>[^\s|].*)")
_TITLE = re.compile(r"(?P<source>\S+) \(\S*\) -> (?P<destination>\S+) \((?P<address>\S+)\)(?:\s.*)?")
_FURNITURE = re.compile(r"Start(?: time)?: .*|\s*My traceroute\s.*|Keys:\s.*|\s*Packets\s+Pings|.*\[MPLS: .*")


def recognises(text: str) -> bool:
    """Whether *text* looks like an mtr report: a header line, or hops with mtr's bars."""
    return any(_columns(line) or ((hop := _HOP.fullmatch(line)) and hop["bars"]) for line in head(text))


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All reports in *text*."""
    problems = ProblemList()
    reader = _Reader(file=file, problems=problems)
    for line in lines(text):
        if line.cut:
            problems.too_long(line)
        reader.take(line)
    reader.finish()
    if not reader.reports:
        problems.add("no mtr report was found", None)
    return Reading(content=tuple(reader.reports), problems=problems.all())


def _columns(text: str) -> tuple[str, ...]:
    """The columns that a header line names; none if it is no header line."""
    if not _HEADER.match(text):
        return ()
    words = text.split()[1:]
    start = next((at for at, word in enumerate(words) if word in COLUMNS), len(words))
    named = tuple(words[start:])
    return named if len(named) > 1 and COLUMNS.issuperset(named) else ()


@dataclass(slots=True, kw_only=True)
class _Reader:
    """What has been read so far: the finished reports, and the one that is being read."""

    file: str
    problems: ProblemList
    reports: list[PathReport] = field(default_factory=list)
    hops: list[Hop] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    header: str = ""
    first: int | None = None
    """Line where the report being read starts: its `Start:` line if it has one."""

    source: str | None = None
    command: Command | None = None
    title: re.Match[str] | None = None

    def take(self, line: Line) -> None:
        """Read one more line."""
        text = line.text
        if not text.strip():
            return
        if words := prompted(text, "mtr"):
            self.finish()
            self.command = understood(words)
        elif title := _TITLE.fullmatch(text):
            self.finish()
            self.title, self.first = title, line.number
        elif columns := _columns(text):
            if self.columns or self.hops:
                self.finish()
            self.columns, self.header, self.first = columns, text, self.first or line.number
            words = text.split()
            self.source = words[1] if words[0] == "HOST:" and words[1] not in COLUMNS else None
        elif hop := _HOP.fullmatch(text):
            self._hop(hop, line)
        elif _FURNITURE.fullmatch(text):
            if text.startswith("Start"):
                self.finish()
                self.first = line.number
        elif self.hops and (further := _FURTHER.fullmatch(text)):
            self._further(further, line)
        else:
            self.problems.not_understood(line)

    def finish(self) -> None:
        """Close the report being read, if there is one."""
        if self.columns or self.hops:
            title, command = self.title, self.command
            destination = title["destination"] if title else command.destination if command else None
            self.reports.append(
                PathReport(
                    file=self.file,
                    tool="mtr",
                    probe=command.probe if command else None,
                    source=_or_none(title["source"] if title else self.source),
                    destination=_or_none(destination),
                    destination_address=address_in(title["address"] if title else destination or ""),
                    hops=tuple(self.hops),
                    line=self.first,
                )
            )
            # One command may print several reports, but then it named several hosts.
            self.command = None
        self.hops, self.columns, self.header, self.first, self.title, self.source = [], (), "", None, None, None

    def _hop(self, match: re.Match[str], line: Line) -> None:
        if not self.columns:
            self.problems.add("a hop without a header line above it; read with mtr's usual columns", line)
            self.columns, self.first = DEFAULT, self.first or line.number
        index = int(match["index"])
        if not (self.hops[-1].index if self.hops else 0) < index <= MOST_HOPS:
            self.problems.add(f"hop {index} is out of order and was left out", line)
            return
        host, figures = _parted(match["rest"], self.columns)
        if host is None:
            self.problems.add(f"hop {index} does not have the {len(self.columns)} figures of its header", line)
            return
        found = statistics(self.columns, figures)
        cut = self._is_cut(line.text, match.start("rest") + len(host))
        replies = () if host.endswith(SILENT) else (_reply(host, found, cut=cut),)
        self.hops.append(Hop(index=index, line=line.number, replies=replies, sent=found.sent, loss=found.loss))

    def _is_cut(self, text: str, end: int) -> bool:
        """A narrow report stands under its header; a wide one stands two columns to the right of it.

        A name that fills the width of a narrow report may have lost its end, and half an address can look like another.
        """
        return end == NARROW_END and _end_of_first(self.header) == _end_of_first(text)

    def _further(self, match: re.Match[str], line: Line) -> None:
        host, last = match["one"] or match["host"], self.hops[-1]
        if len(host.split()) > 3:
            self.problems.not_understood(line)
            return
        reply = _reply(host, None, cut=False)
        if any((reply.name, reply.address) == (known.name, known.address) for known in last.replies):
            return
        if len(last.replies) >= MOST_REPLIES:
            self.problems.add(f"more than {MOST_REPLIES} addresses at hop {last.index}; the rest was left out", line)
            return
        self.hops[-1] = Hop(
            index=last.index, line=last.line, replies=(*last.replies, reply), sent=last.sent, loss=last.loss
        )


def _or_none(text: str | None) -> str | None:
    return escaped(text) if text else None


def _end_of_first(text: str) -> int:
    """Where the first word that begins at or after the narrow report's cut ends."""
    word = re.compile(r"\S+").search(text, NARROW_END)
    return word.end() if word else -1


def _parted(rest: str, columns: tuple[str, ...]) -> tuple[str | None, Sequence[str]]:
    """Host and figures of a hop; a host of None where they do not fit the columns."""
    if rest in SILENT:
        return rest, ()
    host, *figures = rest.rsplit(None, len(columns))
    fits = len(figures) == len(columns) and all(re.fullmatch(r"-?\d{1,12}(?:[.,]\d{0,6})?%?", one) for one in figures)
    return (host, figures) if fits else (None, ())


def _reply(host: str, found: Statistics | None, *, cut: bool) -> HopReply:
    """The responder that *host* names: `name`, `address` or `name (address)`, after an AS number or a country."""
    round_trips = found.round_trips if found else ()
    words = host.split()
    last = words[-1]
    if last.startswith("(") and len(words) > 1:
        address = address_in(last[1:-1]) if last.endswith(")") and not cut else None
        name = None if address_in(words[-2]) else words[-2]
        return HopReply(name=_or_none(name), address=address, round_trips=round_trips)
    address = None if cut else address_in(last)
    return HopReply(name=None if address else escaped(last), address=address, round_trips=round_trips)
