"""traceroute's report: Linux (traceroute(8) 2.1), BSD and macOS, busybox, inetutils, and tcptraceroute.

The report does not say what the probes were; a command line above it does. What is left of a hop's line that a mail
program broke is read with the hop where every word of it is one that traceroute prints.
"""

import re
from dataclasses import dataclass, field

from bothways.evidence.path_report import Hop, PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, address_in, escaped, prompted
from bothways.traces.moment import is_moment, moment
from bothways.traces.pasted import top
from bothways.traces.runs import Runs
from bothways.traces.traceroute_hop import HopWords, continues
from bothways.units import Instant

MOST_HOPS = 255
"""A TTL is one octet (RFC 791 section 3.1), a hop limit too (RFC 8200 section 3)."""

PROGRAMS = (
    "traceroute",
    "traceroute6",
    "traceroute.db",
    "inetutils-traceroute",
    "tcptraceroute",
    "tcptraceroute6",
)

_HEADER = re.compile(
    r"\s*(?:traceroute6? to|(?P<tcp>Tracing the path to))\s+(?P<name>\S+)(?: \((?P<address>[^\s()]*)\))?"
    r"(?: from (?P<source>[^\s,]+))?(?P<port> on TCP port [^,]*)?,\s+\d+ hops max(?:,.*)?"
)
_HOP = re.compile(r"\s{0,5}(?P<index>\d{1,6})\s+(?P<words>\S.*)")
_FURTHER = re.compile(r"\s{3,}(?P<words>\S.*)")
_ANSWERED = re.compile(r"\s\d+(?:[.,]\d+)?\s?ms\b")
_TIMED = re.compile(r"(?:\*\s+)*<?\d+(?:[.,]\d+)?\s\D|\*\s+\*\s+\*\s+(?!.*\d\s?ms)[^\s*]")
"""What tracert prints, and no other: a time, or a sentence, where the responder should stand."""

_REMARK = re.compile(r"traceroute6?: Warning: .*|Selected device .*|(?:\d+ )?(?:byte )?packets|\s*MPLS Label=.*")
"""Warnings, the end of a header line that was broken, and Junos' labels of the hop above."""


def recognises(text: str) -> bool:
    """Whether *text* looks like a traceroute report: its header line, or first hops with milliseconds or stars."""
    shown = top(text, *PROGRAMS)
    if any(_HEADER.fullmatch(line) for line in shown):
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


def _probe(words: list[str]) -> str | None:
    """What a call of traceroute sends; None where an option makes it something else than the three usual kinds."""
    program, *options = words
    if program.startswith("tcptraceroute"):
        return "tcp-syn"
    kinds = {"-T": "tcp-syn", "--tcp": "tcp-syn", "-I": "icmp", "--icmp": "icmp", "-U": "udp", "-UL": None, "-D": None}
    named = {"tcp": "tcp-syn", "icmp": "icmp", "udp": "udp", "default": "udp"}
    probe: str | None = "udp"
    for at, option in enumerate(options):
        value = options[at + 1] if at + 1 < len(options) else ""
        if option in kinds:
            probe = kinds[option]
        elif option in {"-M", "-P"}:
            probe = named.get(value.lower())
        elif option == "-O" and "syn" not in value.split(",") and probe == "tcp-syn" and "ack" in value.split(","):
            return None
    return probe


@dataclass(slots=True, kw_only=True)
class _Reader:
    """What has been read so far: the finished reports, and the one that is being read."""

    runs: Runs
    hops: list[Hop] = field(default_factory=list)
    header: re.Match[str] | None = None
    first: int | None = None
    """Line where the report being read starts."""

    started: Instant | None = None
    probe: str | None = None
    pending: tuple[int, int, HopWords] | None = None
    """Index, line and words of the hop that further lines may still belong to."""

    def take(self, line: Line) -> None:
        """Read one more line."""
        text = line.text
        if not text.strip():
            return
        if words := prompted(text, *PROGRAMS):
            self.finish()
            self.probe = _probe(words)
        elif header := _HEADER.fullmatch(text):
            self.finish(keep_probe=not (self.header or self.pending or self.hops))
            self.header, self.first = header, line.number
        elif (hop := _HOP.fullmatch(text)) and (self.header or _is_hop(hop["words"])):
            self._hop(int(hop["index"]), hop["words"], line)
        elif self.pending and (_FURTHER.fullmatch(text) or continues(text.split())):
            self._words(self.pending[2], text, line)
        elif is_moment(text):
            self.finish()
            self.started = moment(text)
        elif not _REMARK.fullmatch(text):
            self.runs.problems.not_understood(line)

    def finish(self, *, keep_probe: bool = False) -> None:
        """Close the report being read, if there is one."""
        self._close_hop()
        if self.header or self.hops:
            header = self.header
            self.runs.add(
                PathReport(
                    file=self.runs.file,
                    tool="traceroute",
                    probe="tcp-syn" if header and header["tcp"] else self.probe,
                    source=_or_none(header["source"]) if header else None,
                    destination=_or_none(header["name"]) if header else None,
                    destination_address=address_in(header["address"] or header["name"]) if header else None,
                    hops=tuple(self.hops),
                    line=self.first,
                    started=self.started,
                )
            )
            self.started = None
        self.hops, self.header, self.first = [], None, None
        self.probe = self.probe if keep_probe else None

    def _hop(self, index: int, words: str, line: Line) -> None:
        self._close_hop()
        if not (self.hops[-1].index if self.hops else 0) < index <= MOST_HOPS:
            self.runs.problems.add(f"hop {index} is out of order and was left out", line)
            return
        self.first = self.first or line.number
        self.pending = (index, line.number, HopWords())
        self._words(self.pending[2], words, line)

    def _words(self, hop: HopWords, words: str, line: Line) -> None:
        strange = hop.take(words.split())
        if strange:
            self.runs.problems.add(f"not understood in this hop and left out: {escaped(' '.join(strange), 80)}", line)

    def _close_hop(self) -> None:
        if self.pending:
            index, line, hop = self.pending
            sent = hop.sent or None
            self.hops.append(
                Hop(index=index, line=line, replies=hop.replies(), sent=sent, loss=hop.loss(), mtu=hop.mtu)
            )
        self.pending = None


def _or_none(text: str | None) -> str | None:
    return escaped(text) if text else None
