"""What the readers of counters share: a listing that takes lines and closes snapshots."""

from typing import Protocol

from bothways.evidence.counters import CounterLog, Snapshot
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import LONGEST_LINE, Line, ProblemList, lines


class Listing(Protocol):
    """What makes snapshots out of lines, one after another."""

    snapshots: list[Snapshot]
    problems: ProblemList

    def take(self, line: Line) -> None:
        """One more line."""

    def finish(self) -> None:
        """The snapshot is complete."""


def snapshots_of(text: str, listing: Listing, *, file: str, longest: int = LONGEST_LINE) -> Reading[CounterLog]:
    """All snapshots that *listing* finds in *text*, whose lines are cut behind *longest* characters."""
    for line in lines(text, longest=longest):
        if line.cut:
            listing.problems.too_long(line, longest)
        listing.take(line)
    listing.finish()
    return Reading(content=CounterLog(file=file, snapshots=tuple(listing.snapshots)), problems=listing.problems.all())
