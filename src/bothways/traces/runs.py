"""The reports of one file: as many as anybody makes of one path, and what to say where there are more."""

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct, field

from bothways.evidence.path_report import Hop, PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, ProblemList, address_in, escaped, surroundings
from bothways.traces.pasted import pasted
from bothways.units import Instant

MOST_HOPS = 255
"""A TTL is one octet (RFC 791 section 3.1), a hop limit too (RFC 8200 section 3)."""

MOST_RUNS = 3000
"""A run each minute of two days; what runs longer shows nothing new, and reports are held in memory."""


class LineReader(Protocol):
    """What makes reports out of lines, one after another."""

    def take(self, line: Line) -> None:
        """Read one more line."""

    def finish(self) -> None:
        """Close the report being read, if there is one."""


class Runs(Struct, kw_only=True):
    """The reports found so far, and what was not understood."""

    file: str
    problems: ProblemList = field(default_factory=ProblemList)
    _kept: list[PathReport] = field(default_factory=list)
    _left_out: int = 0

    def add(self, report: PathReport) -> None:
        """One more report, as far as there is room."""
        if len(self._kept) < MOST_RUNS:
            self._kept.append(report)
        else:
            self._left_out += 1

    def found(  # noqa: PLR0913 - what such a report says
        self,
        tool: str,
        hops: Iterable[Hop],
        *,
        destination: str | None,
        probe: str | None,
        line: int | None,
        started: Instant | None = None,
        reached: bool | None = None,
        destination_address: str | None = None,
    ) -> None:
        """One more report, which names no source; its *destination* is a name or an address, as printed."""
        self.add(
            PathReport(
                file=self.file,
                tool=tool,
                probe=probe,
                source=None,
                destination=escaped(destination) if destination else None,
                destination_address=destination_address or address_in(destination or ""),
                hops=tuple(hops),
                line=line,
                started=started,
                reached=reached,
            )
        )

    def read(self, text: str, reader: LineReader, *programs: str) -> Reading[tuple[PathReport, ...]]:
        """All that *reader* finds in *text*; *programs* print such reports, under the first one's name."""
        for line in pasted(text, *programs):
            if line.cut:
                self.problems.too_long(line)
            if not surroundings(line.text):
                reader.take(line)
        reader.finish()
        return self.reading(programs[0])

    def reading(self, tool: str) -> Reading[tuple[PathReport, ...]]:
        """All of it; *tool* names what was looked for."""
        if self._left_out:
            self.problems.add(
                f"only the first {MOST_RUNS} reports were read; {self._left_out} more were left out", None
            )
        if not self._kept:
            self.problems.add(f"no {tool} report was found", None)
        return Reading(content=tuple(self._kept), problems=self.problems.all())
