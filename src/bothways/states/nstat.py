"""What the kernel's network stack counts: `nstat`, and what it reads, /proc/net/netstat, /proc/net/snmp and snmp6.

nstat(8) prints a header `#kernel` and lines of name, count and rate, or with -j one JSON object. With -a it prints what
was counted since the start, without it what came since somebody called it last; only the command in front tells which.
The files under /proc hold pairs of lines: names, then counts, each line under its group (Documentation/networking/
snmp_counter.rst); they always count from the start.
"""

import json
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct, field

from bothways.evidence.counters import Counter, CounterLog, Snapshot, Span
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, ProblemList, head, prompted
from bothways.states.listing import snapshots_of

_HEADER = re.compile(r"#(?:kernel|\d{1,10}\.\d{1,12}\b.*)", re.ASCII)
_COUNT = re.compile(
    r"(?P<name>[A-Z][A-Za-z0-9]{2,47})\s+(?P<value>-?\d{1,20})(?:\s+(?P<rate>-?\d{1,20}\.\d{1,6}))?", re.ASCII
)
_GROUP = re.compile(r"(?P<group>[A-Z][A-Za-z0-9]{1,15}): (?P<words>\S.*)", re.ASCII)
_KNOWN = re.compile(r"(?:Ip|Icmp|IcmpMsg|Tcp|Udp|UdpLite|TcpExt|IpExt|MPTcpExt|Ip6|Icmp6|Udp6|UdpLite6)", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,20}", re.ASCII)
_JSON = re.compile(r'\{"kernel":\{.*\}\}')

FEWEST = 3
"""Lines of names and counts that make a listing without a header nstat's: two may be anything."""


def recognises(text: str) -> bool:
    """Whether *text* has nstat's header, its JSON, pairs of the kernel's own lines, or several counts of its names."""
    top = [line for line in head(text) if not prompted(line, "nstat", "cat")]
    if any(_HEADER.fullmatch(line) for line in top[:3]) or any(_JSON.fullmatch(line) for line in top[:1]):
        return True
    if any(_pair(one, other) for one, other in pairwise(top)):
        return True
    counted = [line for line in top if (match := _COUNT.fullmatch(line.strip())) and _stands(match["name"])]
    return len(counted) >= FEWEST and len(counted) == len(top)


def read(text: str, *, file: str) -> Reading[CounterLog]:
    """All snapshots in *text*: each header, command or repeated name begins another."""
    return snapshots_of(text, _Listing(), file=file, longest=LONGEST_LINE)


LONGEST_LINE = 65_536
"""nstat's JSON is one line of about 12 000 characters."""


def _stands(name: str) -> bool:
    """Whether a count's name begins with a group of the kernel's."""
    return re.match(rf"{_KNOWN.pattern}(?=[A-Z0-9])", name) is not None


def _pair(one: str, other: str) -> bool:
    names, counts = _GROUP.fullmatch(one), _GROUP.fullmatch(other)
    if names is None or counts is None or names["group"] != counts["group"] or not _KNOWN.fullmatch(names["group"]):
        return False
    numbers = counts["words"].split()
    return len(numbers) == len(names["words"].split()) and all(_NUMBER.fullmatch(number) for number in numbers)


class _Listing(Struct):
    """What was read so far."""

    snapshots: list[Snapshot] = field(default_factory=list)
    problems: ProblemList = field(default_factory=ProblemList)
    counters: dict[str, Counter] = field(default_factory=dict)
    span: Span = Span.UNTOLD
    names: tuple[Line, re.Match[str]] | None = None
    """A line of names whose counts are to follow."""

    def take(self, line: Line) -> None:
        """One more line."""
        text = line.text.strip()
        if self.names is not None:
            self._counts(line)
        elif not text:
            return
        elif command := prompted(text, "nstat", "cat"):
            self.finish()
            self.span = _span(command)
        elif _HEADER.fullmatch(text):
            self.finish(span=self.span)
        elif count := _COUNT.fullmatch(text):
            self._add([(count["name"], count["value"])], line)
        elif group := _GROUP.fullmatch(text):
            self.names = (line, group)
        elif _JSON.fullmatch(text):
            self._json(line)
        else:
            self.problems.not_understood(line)

    def finish(self, *, span: Span = Span.UNTOLD) -> None:
        """The snapshot is complete; the next one is of *span*."""
        if self.names is not None:
            self.problems.not_understood(self.names[0])
            self.names = None
        if self.counters:
            self.snapshots.append(Snapshot(span=self.span, counters=tuple(self.counters.values())))
        self.counters, self.span = {}, span

    def _counts(self, line: Line) -> None:
        """The counts to a line of names."""
        if self.names is None:
            return
        (first, names), self.names = self.names, None
        if not _pair(names.string, line.text.strip()):
            self.problems.not_understood(first)
            self.take(line)
            return
        group = names["group"]
        counts = line.text.strip().partition(": ")[2].split()
        pairs = [(f"{group}{name}", count) for name, count in zip(names["words"].split(), counts, strict=True)]
        self._add(pairs, line, span=Span.SINCE_START)

    def _json(self, line: Line) -> None:
        try:
            kernel = json.loads(line.text)["kernel"]
        except (ValueError, RecursionError):
            self.problems.not_understood(line)
            return
        whole = [(name, str(count)) for name, count in kernel.items() if isinstance(count, int)]
        self._add(whole, line)

    def _add(self, pairs: Iterable[tuple[str, str]], line: Line, *, span: Span | None = None) -> None:
        pairs = [(name, count) for name, count in pairs if _stands(name) and not count.startswith("-")]
        if any(name in self.counters for name, _ in pairs):
            self.finish(span=self.span)
        self.span = span or self.span
        self.counters |= {name: Counter(name=name, value=int(count), line=line.number) for name, count in pairs}


def _span(command: Sequence[str]) -> Span:
    """What a command's options ask for: -a is "dump absolute values of counters" (nstat(8))."""
    if command[0] != "nstat":
        return Span.SINCE_START
    options = "".join(word[1:] for word in command[1:] if word.startswith("-") and not word.startswith("--"))
    return Span.SINCE_START if "a" in options or "--ignore" in command else Span.SINCE_LAST
