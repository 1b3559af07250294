"""PowerShell's `Test-NetConnection -TraceRoute`: one address for each distance, no times.

Names of properties are the same in every language. A distance without answer is `0.0.0.0`, `::` or `TimedOut`; a list
in braces may be cut with an ellipsis. The trace is made of ICMP echo requests, as is the ping whose success is told.
"""

import re

from msgspec import Struct, field

from bothways.evidence.path_report import Hop, HopReply, PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, address_in, escaped, prompted
from bothways.traces.pasted import top
from bothways.traces.runs import MOST_HOPS, Runs

PROGRAMS = ("Test-NetConnection", "test-netconnection", "tnc")

_PROPERTY = re.compile(r"\s{0,8}(?P<name>[A-Z][A-Za-z]{2,30}(?: \([A-Za-z]{2,12}\))?)\s*:(?:\s(?P<value>.*))?")
_ENTRY = re.compile(r"\s{4,}(?P<value>[^\s:]\S*|::\S*)\s*")
_NOBODY = frozenset({"0.0.0.0", "::", "TimedOut"})  # noqa: S104 - the tool's words for nobody, not a socket
_CUT = ("...", "\u2026")


def recognises(text: str) -> bool:
    """Whether the properties of *text* are a connection test's, with a trace."""
    names = {found["name"] for line in top(text, *PROGRAMS) if (found := _PROPERTY.fullmatch(line))}
    return "TraceRoute" in names and bool(names & {"ComputerName", "RemoteAddress"})


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All reports in *text*: one begins at `ComputerName`."""
    runs = Runs(file=file)
    return runs.read(text, _Reader(runs=runs), *PROGRAMS)


class _Reader(Struct, kw_only=True):
    runs: Runs
    properties: dict[str, str] = field(default_factory=dict)
    hops: list[Hop] = field(default_factory=list)
    first: int | None = None
    tracing: bool = False
    """The last property was the trace, which goes on over further lines."""

    def take(self, line: Line) -> None:
        """Read one more line."""
        text = line.text
        if prompted(text, *PROGRAMS):
            self.finish()
        elif self.tracing and (entry := _ENTRY.fullmatch(text)):
            self._entry(entry["value"], line)
        elif found := _PROPERTY.fullmatch(text):
            self._property(found["name"], (found["value"] or "").strip(), line)
        elif text.strip() and not text.startswith(("WARNING:", "VERBOSE:")):
            self.runs.problems.not_understood(line)

    def finish(self) -> None:
        """Close the report being read, if there is one."""
        if self.hops:
            told = {"True": True, "False": False}
            source = self.properties.get("SourceAddress")
            name = self.properties.get("ComputerName") or self.properties.get("RemoteAddress")
            self.runs.add(
                PathReport(
                    file=self.runs.file,
                    tool="test-netconnection",
                    probe="icmp",
                    source=escaped(source) if source else None,
                    source_address=address_in(source or ""),
                    destination=escaped(name) if name else None,
                    destination_address=address_in(self.properties.get("RemoteAddress", "")),
                    hops=tuple(self.hops),
                    line=self.first,
                    reached=told.get(self.properties.get("PingSucceeded", "")),
                )
            )
        self.properties, self.hops, self.first, self.tracing = {}, [], None, False

    def _property(self, name: str, value: str, line: Line) -> None:
        if name == "ComputerName":
            self.finish()
        self.first = self.first or line.number
        self.tracing = name == "TraceRoute"
        if not self.tracing:
            self.properties[name] = value
            return
        for one in value.strip("{}").split(","):
            if one.strip():
                self._entry(one.strip(), line)

    def _entry(self, value: str, line: Line) -> None:
        if value.endswith(_CUT):
            value = value.rstrip(".\u2026")
            self.runs.problems.add(
                "PowerShell cut the trace off here; `| Format-List` or `.TraceRoute` shows all", line
            )
        if not value:
            return
        if len(self.hops) >= MOST_HOPS:
            self.runs.problems.not_understood(line)
            return
        address = address_in(value)
        name = None if address else escaped(value)
        said = () if value in _NOBODY else (HopReply(name=name, address=address),)
        self.hops.append(Hop(index=len(self.hops) + 1, line=line.number, replies=said, sent=None, loss=None))
