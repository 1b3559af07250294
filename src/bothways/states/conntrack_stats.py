"""What connection tracking counts: `conntrack -S`, /proc/net/stat/nf_conntrack, and how full its table is.

`conntrack -S` (conntrack(8)) prints one line for each processor, the file one row of hexadecimal numbers under a
header. Both count since the network namespace began; all processors' counts are added up. How many entries there are
and may be is read where sysctl printed it: `net.netfilter.nf_conntrack_count = 12`.
"""

import re
from itertools import pairwise

from msgspec import Struct, field

from bothways.evidence.counters import Counter, CounterLog, Snapshot, Span
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, ProblemList, head, prompted
from bothways.states.listing import snapshots_of

PREFIX = "Conntrack"

_CPU = re.compile(r"cpu=(?P<cpu>\d{1,5})\s+(?P<counts>[a-z_]{1,32}=.*)", re.ASCII)
_COUNT = re.compile(r"(?P<name>[a-z_]{1,32})=(?P<value>\d{1,20})", re.ASCII)
_HEADER = re.compile(r"entries\s+(?:[a-z_]+\s+){5,40}[a-z_]+", re.ASCII)
_ROW = re.compile(r"[0-9a-f]{8,16}(?:\s+[0-9a-f]{8,16}){6,41}", re.ASCII)
_SYSCTL = re.compile(
    r"net[./](?:ipv4[./])?(?:netfilter[./])?(?:nf|ip)_conntrack_(?P<name>count|max) ?= ?(?P<value>\d{1,20})",
    re.ASCII,
)


def recognises(text: str) -> bool:
    """Whether *text* holds a processor's counts, the kernel's table of them, or the size of the table."""
    top = head(text)
    if any(_CPU.fullmatch(line.strip()) or _SYSCTL.fullmatch(line.strip()) for line in top):
        return True
    return any(_HEADER.fullmatch(one.strip()) and _ROW.fullmatch(other.strip()) for one, other in pairwise(top))


def read(text: str, *, file: str) -> Reading[CounterLog]:
    """All counts in *text*; where a processor comes again, another snapshot begins."""
    return snapshots_of(text, _Listing(), file=file)


def called(name: str) -> str:
    """`insert_failed` as `ConntrackInsertFailed`."""
    return PREFIX + "".join(part.capitalize() for part in name.split("_"))


class _Listing(Struct):
    """What was read so far."""

    snapshots: list[Snapshot] = field(default_factory=list)
    problems: ProblemList = field(default_factory=ProblemList)
    sums: dict[str, Counter] = field(default_factory=dict)
    processors: set[str] = field(default_factory=set)
    columns: list[str] = field(default_factory=list)
    """Of the kernel's own table, once its header was seen."""

    def take(self, line: Line) -> None:
        """One more line."""
        text = line.text.strip()
        if not text or prompted(text, "conntrack", "cat", "sysctl"):
            return
        if cpu := _CPU.fullmatch(text):
            self._processor(cpu, line)
        elif size := _SYSCTL.fullmatch(text):
            self._size(size, line)
        elif _HEADER.fullmatch(text):
            self.finish()
            self.columns = text.split()
        elif self.columns and _ROW.fullmatch(text) and len(text.split()) == len(self.columns):
            self._row(text, line)
        else:
            self.problems.not_understood(line)

    def finish(self) -> None:
        """The snapshot is complete."""
        if self.sums:
            self.snapshots.append(Snapshot(span=Span.SINCE_START, counters=tuple(self.sums.values())))
        self.sums, self.processors, self.columns = {}, set(), []

    def _processor(self, cpu: re.Match[str], line: Line) -> None:
        if cpu["cpu"] in self.processors:
            self.finish()
        self.processors.add(cpu["cpu"])
        for name, value in _COUNT.findall(cpu["counts"]):
            self._add(name, int(value), line)

    def _row(self, text: str, line: Line) -> None:
        for name, value in zip(self.columns, text.split(), strict=True):
            # Each row repeats how many entries the whole table has.
            if name != "entries":
                self._add(name, int(value, 16), line)

    def _size(self, size: re.Match[str], line: Line) -> None:
        if called(size["name"]) in self.sums:
            self.finish()
        self._add(size["name"], int(size["value"]), line)

    def _add(self, name: str, value: int, line: Line) -> None:
        key = called(name)
        before = self.sums.get(key)
        number = before.line if before else line.number
        self.sums[key] = Counter(name=key, value=value + (before.value if before else 0), line=number)
