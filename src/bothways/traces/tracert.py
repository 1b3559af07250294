"""Windows' `tracert`, in any language: three times in whole milliseconds, then the host, or a sentence where none is.

`<1 ms` is less than one millisecond and is kept as one (Windows 2000: `<10 ms`), a star a probe that nobody answered.
The unit is a word of the language too (Cyrillic, Chinese). Lines before the first hop and after the last are sentences;
one names where the probes go. They are ICMP echo requests. Who reports the destination unreachable stands before a
sentence.
"""

import re

from msgspec import Struct, field
from msgspec.structs import replace

from bothways.evidence.path_report import Hop, HopReply, PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, address_in, escaped, prompted
from bothways.traces.moment import is_moment, moment
from bothways.traces.pasted import top
from bothways.traces.runs import MOST_HOPS, Runs
from bothways.traces.windows_sentences import Destination, destination_in, unreachable
from bothways.units import MILLISECOND, Duration, Instant

MOST_SENTENCES = 4
"""Lines of words that tracert prints before its first hop, or after its last."""

PROGRAMS = ("tracert", "tracert.exe", "TRACERT", "Tracert")

_PROBE = r"(?:<?\d{1,6}[\u0020\t]?(?:ms|[^\s\d*<>\[\]().:%|/\\-]{1,8})|\*)"
_HOP = re.compile(rf"\s{{0,5}}(?P<index>\d{{1,3}})(?P<times>(?:\s+{_PROBE}){{3}})\s+(?P<rest>\S.*)")
_REPORTED = re.compile(rf"\s{{0,5}}(?P<index>\d{{1,3}})(?P<times>(?:\s+{_PROBE}){{0,2}})\s+(?P<rest>\S.*)")
_HOST = re.compile(
    r"(?:(?P<name>\S{1,255})\s+\[(?P<inside>[^\s\[\]]{2,64})\]|(?P<only>\S{1,255}))(?:\s+(?P<says>\S.*))?"
)
_BROKEN = re.compile(r"\[[0-9A-Fa-f.:]{0,45}$")
_REST = re.compile(r"[0-9A-Fa-f.:]{0,45}\]\s*")
_TIME = re.compile(r"<?(\d{1,6})")


def recognises(text: str) -> bool:
    """Whether one of the first lines is a hop with three times before its host, and the first of them is hop 1."""
    shown = top(text, *PROGRAMS)
    hops = [hop for line in shown if (hop := _HOP.fullmatch(line))]
    measured = [hop for hop in hops if _TIME.search(hop["times"])]
    if hops and measured:
        return hops[0]["index"] == "1" or any(map(destination_in, shown[:MOST_SENTENCES]))
    # Routers of other makers have a command of that name.
    called = any(":\\" in line and prompted(line, *PROGRAMS) for line in shown)
    return called and any(map(_REPORTED.fullmatch, shown))


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All reports in *text*: one begins at a call, at a sentence that names a host, or where hops begin again."""
    runs = Runs(file=file)
    return runs.read(text, _Reader(runs=runs), *PROGRAMS)


class _Reader(Struct, kw_only=True):
    runs: Runs
    hops: list[Hop] = field(default_factory=list)
    destination: Destination | None = None
    called: str | None = None
    """The host of the command line above."""

    first: int | None = None
    started: Instant | None = None
    broken: Line | None = None
    """A hop whose address a terminal of 80 columns broke: the rest of it is the next line."""

    sentences: list[Line] = field(default_factory=list)
    """Lines of words since the last hop: the end of one report, the head of the next, or nothing of either."""

    def take(self, line: Line) -> None:
        """Read one more line."""
        if not line.text.strip():
            return
        if self.broken and _REST.fullmatch(line.text):
            line = replace(self.broken, text=self.broken.text + line.text.strip())
        elif self.broken:
            self._take(self.broken)
        self.broken = line if _BROKEN.search(line.text) else None
        if not self.broken:
            self._take(line)

    def _take(self, line: Line) -> None:
        text = line.text
        if words := prompted(text, *PROGRAMS):
            self.finish()
            hosts = [word for word in words[1:] if not word.startswith(("-", "/"))]
            self.called = hosts[-1] if hosts else None
        elif hop := _HOP.fullmatch(text) or (_REPORTED.fullmatch(text) if self._expects(text) else None):
            self._hop(hop, line)
        elif is_moment(text):
            self.finish()
            self.started = moment(text)
        elif found := destination_in(text):
            self.finish()
            self.destination, self.first = found, line.number
        elif len(self.sentences) < MOST_SENTENCES:
            self.sentences.append(line)
        else:
            self.runs.problems.not_understood(line)

    def finish(self) -> None:
        """Close the report being read, if there is one."""
        if self.broken:
            broken, self.broken = self.broken, None
            self._take(broken)
        if self.hops:
            name = self.destination.name if self.destination else self.called
            self.runs.found(
                "tracert",
                self.hops,
                destination=name,
                probe="icmp",
                line=self.first,
                started=self.started,
                destination_address=self.destination.address if self.destination else None,
            )
            self.called, self.started = None, None
        self.hops, self.destination, self.first, self.sentences = [], None, None, []

    def _expects(self, text: str) -> bool:
        """Whether *text* begins with the number of the next hop of a report that has begun."""
        begun = self.hops or self.destination or self.called
        return bool(begun) and text.split(maxsplit=1)[0] == str(self.hops[-1].index + 1 if self.hops else 1)

    def _hop(self, match: re.Match[str], line: Line) -> None:
        index = int(match["index"])
        if self.hops and index == 1:
            self.finish()
        last = self.hops[-1].index if self.hops else 0
        if not last < index <= MOST_HOPS:
            self.runs.problems.add(f"hop {index} is out of order and was left out", line)
            return
        # Between two hops there are no sentences.
        for sentence in self.sentences if self.hops else ():
            self.runs.problems.not_understood(sentence)
        self.sentences = []
        self.first = self.first or line.number
        hop, strange = _hop(index, match["times"], match["rest"].strip(), line.number)
        self.hops.append(hop)
        if strange:
            self.runs.problems.add(f"not understood in this hop and left out: {escaped(strange, 80)}", line)


def _hop(index: int, times: str, rest: str, line: int) -> tuple[Hop, str]:
    """The hop, and what somebody wrote behind it: where a time was measured tracert has nothing more to say."""
    trips = tuple(Duration(int(one) * MILLISECOND) for one in _TIME.findall(times))
    lost = times.count("*")
    host = _HOST.fullmatch(rest)
    said = _reply(host, trips) if host else None
    strange = (host["says"] or "" if said and host else rest) if trips else ""
    sent = len(trips) + lost + (said is not None and bool(said.marks))
    replies = (said,) if said else ()
    loss = lost / sent if sent else None
    return Hop(index=index, line=line, replies=replies, sent=sent or None, loss=loss), strange


def _reply(host: re.Match[str], trips: tuple[Duration, ...]) -> HopReply | None:
    """Who answered; None where the words are a sentence about nobody."""
    address = address_in(host["inside"] or host["only"])
    says = host["says"]
    if address is None and not (trips and not says):
        return None
    name = host["name"] or (None if address else host["only"])
    marks = (unreachable(says),) if says and not trips else ()
    return HopReply(name=escaped(name) if name else None, address=address, marks=marks, round_trips=trips)
