"""The reports of one file: as many as anybody makes of one path, and what to say where there are more."""

from dataclasses import dataclass, field

from bothways.evidence.path_report import PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import ProblemList

MOST_RUNS = 3000
"""A run each minute of two days; what runs longer shows nothing new, and reports are held in memory."""


@dataclass(slots=True, kw_only=True)
class Runs:
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

    def reading(self, tool: str) -> Reading[tuple[PathReport, ...]]:
        """All of it; *tool* names what was looked for."""
        if self._left_out:
            self.problems.add(
                f"only the first {MOST_RUNS} reports were read; {self._left_out} more were left out", None
            )
        if not self._kept:
            self.problems.add(f"no {tool} report was found", None)
        return Reading(content=tuple(self._kept), problems=self.problems.all())
