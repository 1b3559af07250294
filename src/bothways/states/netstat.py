"""`netstat -s` of net-tools (netstat(8), statistics.c): the counts of nstat, as sentences.

Since the start. Sentences that it has no words for it prints by the kernel's own name. It leaves out most counts that
are nought, so that a missing one says nothing; only those that are used are read, the rest is passed over.
"""

import re
from itertools import pairwise

from msgspec import Struct, field

from bothways.evidence.counters import Counter, CounterLog, Snapshot, Span
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, ProblemList, head, prompted
from bothways.states.listing import snapshots_of

_SECTION = re.compile(r"(?P<name>Ip|Icmp|IcmpMsg|Tcp|Udp|UdpLite|TcpExt|IpExt|MPTcpExt|Ip6|Icmp6|Udp6):", re.ASCII)
_NAMED = re.compile(r"\s+(?P<name>[A-Z][A-Za-z0-9]{2,40}): (?P<value>\d{1,20})", re.ASCII)
_COUNTED = re.compile(r"\s+(?P<value>\d{1,20}) (?P<words>\S.{0,120})", re.ASCII)
_OTHERS = re.compile(r"\s+(?:[A-Za-z-].{0,200})", re.ASCII)

SENTENCES = {
    ("Tcp", "active connection openings"): "TcpActiveOpens",
    ("Tcp", "passive connection openings"): "TcpPassiveOpens",
    ("Tcp", "segments received"): "TcpInSegs",
    ("Tcp", "segments retransmitted"): "TcpRetransSegs",
    ("Tcp", "bad segments received"): "TcpInErrs",
    ("TcpExt", "SYN cookies sent"): "TcpExtSyncookiesSent",
    ("TcpExt", "SYN cookies received"): "TcpExtSyncookiesRecv",
    ("TcpExt", "invalid SYN cookies received"): "TcpExtSyncookiesFailed",
    ("TcpExt", "times the listen queue of a socket overflowed"): "TcpExtListenOverflows",
    ("TcpExt", "SYNs to LISTEN sockets dropped"): "TcpExtListenDrops",
    ("TcpExt", "SYNs to LISTEN sockets ignored"): "TcpExtListenDrops",
    ("TcpExt", "packets rejected in established connections because of timestamp"): "TcpExtPAWSEstab",
    ("TcpExt", "packetes rejected in established connections because of timestamp"): "TcpExtPAWSEstab",
}
"""Section and words, with the misspellings that some releases print; by names as nstat has them."""


def recognises(text: str) -> bool:
    """Whether *text* has a section of it, and under that a count in words or by name."""
    top = head(text)
    return any(
        _SECTION.fullmatch(one) and (_COUNTED.fullmatch(other) or _NAMED.fullmatch(other))
        for one, other in pairwise(top)
    )


def read(text: str, *, file: str) -> Reading[CounterLog]:
    """All snapshots in *text*: where a count comes again, another one begins."""
    return snapshots_of(text, _Listing(), file=file)


class _Listing(Struct):
    """What was read so far."""

    snapshots: list[Snapshot] = field(default_factory=list)
    problems: ProblemList = field(default_factory=ProblemList)
    counters: dict[str, Counter] = field(default_factory=dict)
    section: str = ""

    def take(self, line: Line) -> None:
        """One more line."""
        if not line.text.strip():
            return
        if prompted(line.text, "netstat"):
            self.finish()
        elif section := _SECTION.fullmatch(line.text):
            self.section = section["name"]
        elif named := _NAMED.fullmatch(line.text):
            self._add(f"{self.section}{named['name']}", named["value"], line)
        elif counted := _COUNTED.fullmatch(line.text):
            self._add(SENTENCES.get((self.section, counted["words"])), counted["value"], line)
        elif not _OTHERS.fullmatch(line.text):
            self.problems.not_understood(line)

    def finish(self) -> None:
        """The snapshot is complete."""
        if self.counters:
            self.snapshots.append(Snapshot(span=Span.SINCE_START, counters=tuple(self.counters.values())))
        self.counters, self.section = {}, ""

    def _add(self, name: str | None, value: str, line: Line) -> None:
        if name is None or not self.section:
            return
        if name in self.counters:
            section = self.section
            self.finish()
            self.section = section
        self.counters[name] = Counter(name=name, value=int(value), line=line.number)
