"""Windows' `pathping`: the hops, then how many of the probes to each were lost, in any language of the system.

Hop 0 is the own host. A hop that does not answer is a line of stars, the last one, or `0.0.0.0` in the table. The table
counts probes to the hop itself ("Source to Here"); what it says of links is calculated from them and is not read.
"""

import re

from msgspec import Struct, field
from msgspec.structs import replace

from bothways.evidence.path_report import Hop, HopReply, PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, address_in, escaped, prompted
from bothways.traces.pasted import top
from bothways.traces.runs import MOST_HOPS, Runs
from bothways.traces.windows_sentences import Destination, destination_in
from bothways.units import MILLISECOND, Duration

MOST_SENTENCES = 8
"""Lines of words that pathping prints in one report."""

PROGRAMS = ("pathping", "pathping.exe", "PATHPING")

_SHARE = r"\d{1,7}/\s*\d{1,7}\s*=\s*\d{1,3}\s*%"
_HOST = r"(?:(?P<name>\S{1,255})\s+\[(?P<inside>[^\s\[\]]{2,64})\]|(?P<only>\S{1,255}))"
_LISTED = re.compile(rf"\s{{0,5}}(?P<index>\d{{1,3}})\s+{_HOST}\s*")
_STARS = re.compile(r"\s{0,5}(?P<index>\d{1,3})(?:\s+\*){1,3}\s*(?P<says>\S.*)?")
_COUNTED = re.compile(
    rf"\s{{0,5}}(?P<index>\d{{1,3}})\s+(?:(?P<time>\d{{1,6}})\s?[^\s\d/]{{1,8}}|-+)\s+"
    rf"(?P<lost>\d{{1,7}})/\s*(?P<sent>\d{{1,7}})\s*=\s*\d{{1,3}}\s*%(?:\s+{_SHARE})?\s+{_HOST}\s*"
)
_LINK = re.compile(rf"\s+{_SHARE}\s+\|\s*")


def recognises(text: str) -> bool:
    """Whether *text* has a line of pathping's table, or its list that begins with hop 0 and has no times."""
    shown = top(text, *PROGRAMS)
    if any(_COUNTED.fullmatch(line) or _LINK.fullmatch(line) for line in shown):
        return True
    listed = [hop["index"] for line in shown if (hop := _LISTED.fullmatch(line))]
    return listed[:2] == ["0", "1"] and any(map(destination_in, shown[:4]))


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All reports in *text*: one begins at a command line, or at a sentence that names a host."""
    runs = Runs(file=file)
    return runs.read(text, _Reader(runs=runs), *PROGRAMS)


class _Reader(Struct, kw_only=True):
    runs: Runs
    hops: dict[int, Hop] = field(default_factory=dict)
    destination: Destination | None = None
    source: HopReply | None = None
    first: int | None = None
    sentences: int = 0

    def take(self, line: Line) -> None:
        """Read one more line."""
        text = line.text
        if prompted(text, *PROGRAMS):
            self.finish()
        elif stars := _STARS.fullmatch(text):
            self._keep(int(stars["index"]), Hop(index=0, line=line.number, replies=(), sent=None, loss=None), line)
        elif counted := _COUNTED.fullmatch(text):
            self._counted(counted, line)
        elif listed := _LISTED.fullmatch(text):
            self._listed(listed, line)
        elif found := destination_in(text):
            self.finish()
            self.destination, self.first = found, line.number
        elif text.strip() and not _LINK.fullmatch(text):
            self.sentences += 1
            if self.sentences > MOST_SENTENCES:
                self.runs.problems.not_understood(line)

    def finish(self) -> None:
        """Close the report being read, if there is one."""
        if self.hops:
            name, address = (self.destination.name, self.destination.address) if self.destination else (None, None)
            self.runs.add(
                PathReport(
                    file=self.runs.file,
                    tool="pathping",
                    probe="icmp",
                    source=self.source.name or self.source.address if self.source else None,
                    source_address=self.source.address if self.source else None,
                    destination=escaped(name) if name else None,
                    destination_address=address,
                    hops=tuple(self.hops[index] for index in sorted(self.hops)),
                    line=self.first,
                )
            )
        self.hops, self.destination, self.source, self.first, self.sentences = {}, None, None, None, 0

    def _listed(self, match: re.Match[str], line: Line) -> None:
        if match["index"] == "0":
            self.source = next(iter(_replies(match)), None)
            return
        said = _replies(match)
        self._keep(int(match["index"]), Hop(index=0, line=line.number, replies=said, sent=None, loss=None), line)

    def _counted(self, match: re.Match[str], line: Line) -> None:
        index, lost, sent = int(match["index"]), int(match["lost"]), int(match["sent"])
        trips = (Duration(int(match["time"]) * MILLISECOND),) if match["time"] else ()
        said = tuple(replace(one, round_trips=trips) for one in _replies(match))
        loss = lost / sent if 0 <= lost <= sent and sent else None
        before = self.hops.get(index)
        where = before.line if before else line.number
        # A router may leave pings to itself without answer and yet have shown itself on the way.
        said = said or (before.replies if before else ())
        self._keep(index, Hop(index=0, line=where, replies=said, sent=sent or None, loss=loss), line)

    def _keep(self, index: int, hop: Hop, line: Line) -> None:
        if not 1 <= index <= MOST_HOPS:
            self.runs.problems.not_understood(line)
            return
        self.first = self.first or line.number
        self.hops[index] = replace(hop, index=index)


def _replies(match: re.Match[str]) -> tuple[HopReply, ...]:
    address = address_in(match["inside"] or match["only"])
    if address == "0.0.0.0":  # noqa: S104 - pathping's word for nobody, not a socket
        return ()
    name = match["name"] or (None if address else match["only"])
    return (HopReply(name=escaped(name) if name else None, address=address),)
