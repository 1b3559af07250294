"""traceroute's report: Linux (traceroute(8) 2.1), BSD and macOS, busybox, inetutils, tcptraceroute, Cisco and Junos.

The report does not say what the probes were; a command line above it does. What is left of a hop's line that a mail
program broke is read with the hop where every word of it is one that traceroute prints.
"""

import re

from msgspec import Struct, field

from bothways.evidence.path_report import Hop, PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, address_in, escaped, prompted
from bothways.traces.labels import IN_TEXT
from bothways.traces.moment import is_moment, moment
from bothways.traces.pasted import top
from bothways.traces.runs import MOST_HOPS, Runs
from bothways.traces.traceroute_command import PROGRAMS, Command, understood
from bothways.traces.traceroute_head import Head, gave_up, head_in, is_remark, own_address_in
from bothways.traces.traceroute_hop import HopWords, continues, words_of
from bothways.units import Instant

_HOP = re.compile(r"\s{0,5}(?P<index>\d{1,6})\s+(?P<words>\S.*)")
_FURTHER = re.compile(r"\s{3,}(?P<words>\S.*)")
_ANSWERED = re.compile(r"\s\d+(?:[.,]\d+)?\s?ms(?:ec)?\b")
_LABELS = re.compile(rf"\s*(?:{IN_TEXT})\s*")
_TIMED = re.compile(r"(?:\*\s+)*<?\d+(?:[.,]\d+)?\s\D|\*\s+\*\s+\*\s+(?!.*\d\s?ms)[^\s*]|\S+\s+\d+%\s")
"""What others print: tracert a time or a sentence where the responder should stand, RouterOS a loss behind it."""


def recognises(text: str) -> bool:
    """Whether *text* looks like a traceroute report: its header line, or first hops with milliseconds or stars."""
    shown = top(text, *PROGRAMS)
    if any(map(head_in, shown)):
        return True
    hops = [hop for line in shown if (hop := _HOP.fullmatch(line)) and _is_hop(hop["words"])]
    return bool(hops) and int(hops[0]["index"]) == 1 and any(_ANSWERED.search(hop["words"]) for hop in hops)


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All reports in *text*."""
    runs = Runs(file=file)
    return runs.read(text, _Reader(runs=runs), *PROGRAMS)


def _is_hop(words: str) -> bool:
    """Stars, or a responder with a time: no table of numbers is taken for a path, nor times before their responder."""
    if not _TIMED.match(words):
        return words.startswith("*") or _ANSWERED.search(words) is not None
    return False


class _Reader(Struct, kw_only=True):
    """What has been read so far: the finished reports, and the one that is being read."""

    runs: Runs
    hops: list[Hop] = field(default_factory=list)
    head: Head | None = None
    first: int | None = None
    """Line where the report being read starts."""

    started: Instant | None = None
    command: Command | None = None
    own_address: str | None = None
    reached: bool | None = None
    pending: tuple[int, int, HopWords] | None = None
    """Index, line and words of the hop that further lines may still belong to."""

    def take(self, line: Line) -> None:
        """Read one more line."""
        text = line.text
        if not text.strip():
            return
        if words := prompted(text, *PROGRAMS):
            self.finish()
            self.command = understood(words)
        elif head := head_in(text):
            self.finish(keep_command=not (self.head or self.pending or self.hops))
            self.head, self.first = head, line.number
        elif (hop := _HOP.fullmatch(text)) and (self.head or _is_hop(hop["words"])):
            self._hop(int(hop["index"]), hop["words"], line)
        elif self.pending and (_LABELS.fullmatch(text) or self._continued(text)):
            self._words(self.pending[2], text, line)
        elif is_moment(text):
            self.finish()
            self.started = moment(text)
        else:
            self._beside(text, line)

    def _continued(self, text: str) -> bool:
        """Whether *text* is a further line of the hop before: further responders, or what a mail program broke off."""
        return not is_remark(text) and bool(_FURTHER.fullmatch(text) or continues(words_of(text)))

    def _beside(self, text: str, line: Line) -> None:
        """A line that is no hop: what tcptraceroute says of itself, a remark, or nothing that is known."""
        if gave_up(text):
            self.reached = False
        elif address := own_address_in(text):
            self.finish(keep_command=not (self.head or self.pending or self.hops))
            self.own_address = address
        elif not is_remark(text):
            self.runs.problems.not_understood(line)

    def finish(self, *, keep_command: bool = False) -> None:
        """Close the report being read, if there is one."""
        self._close_hop()
        if self.head or self.hops:
            self.runs.add(self._report(self.head, self.command))
            self.started, self.own_address, self.reached = None, None, None
        self.hops, self.head, self.first = [], None, None
        self.command = self.command if keep_command else None

    def _report(self, head: Head | None, command: Command | None) -> PathReport:
        return PathReport(
            file=self.runs.file,
            tool="traceroute",
            probe=(head.probe if head else None) or (command.probe if command else None),
            source=head.source if head else None,
            source_address=self.own_address or address_in((head.source if head else None) or ""),
            destination=head.destination if head else None,
            destination_address=head.destination_address if head else None,
            port=(head.port if head else None) or (command.port if command else None),
            hops=tuple(self.hops),
            line=self.first,
            started=self.started,
            reached=self.reached,
        )

    def _hop(self, index: int, words: str, line: Line) -> None:
        self._close_hop()
        if not (self.hops[-1].index if self.hops else 0) < index <= MOST_HOPS:
            self.runs.problems.add(f"hop {index} is out of order and was left out", line)
            return
        self.first = self.first or line.number
        self.pending = (index, line.number, HopWords(cisco=self.head is not None and self.head.cisco))
        self._words(self.pending[2], words, line)

    def _words(self, hop: HopWords, words: str, line: Line) -> None:
        strange = hop.take(words_of(words))
        if strange:
            self.runs.problems.add(f"not understood in this hop and left out: {escaped(' '.join(strange), 80)}", line)

    def _close_hop(self) -> None:
        if self.pending:
            index, line, hop = self.pending
            sent = hop.sent or None
            self.reached = True if hop.answered else self.reached
            self.hops.append(
                Hop(index=index, line=line, replies=hop.replies(), sent=sent, loss=hop.loss(), mtu=hop.mtu)
            )
        self.pending = None
