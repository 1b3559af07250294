"""One way of one path: the hops in order, between which ends, for the case itself or for a control."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

from bothways.evidence.case import PathEvidence
from bothways.evidence.citation import Citation
from bothways.evidence.path_report import Hop, HopReply, PathReport
from bothways.paths.routers import is_called
from bothways.way import Way


class Told(StrEnum):
    """By what a report's way was told, the surest first."""

    WORD = "word"
    """The user said so."""
    ENDS = "ends"
    """Its source, its destination or its last answer is an end that is known otherwise."""
    HINT = "hint"
    """The name of its file."""
    HOPS = "hops"
    """It passes the routers of another report in the same or in reversed order."""
    ORDER = "order"
    """Nothing but the order in which the reports were given: an assumption, and to be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A path report whose way is known."""

    report: PathReport
    way: Way
    control: bool
    """Measured to or from another address, for comparison."""

    reached: bool | None
    """Whether the last hop is the destination; None where the report does not let one tell."""

    told: Told = Told.HINT
    """By what its way was told."""

    @property
    def hops(self) -> tuple[Hop, ...]:
        """The hops from the source on, the destination included where it answered."""
        return self.report.hops

    @property
    def silent(self) -> int:
        """How many distances before the last answering one did not answer: each could hide a device.

        Some tools list no hop that kept silent, so that what counts are distances and not lines.
        """
        answering = {hop.index for hop in self.hops if not hop.silent}
        return max(answering) - len(answering) if answering else len(self.hops)

    def cite(self, hop: Hop | None = None) -> Citation:
        """Where to look a hop up, or where the hops begin."""
        if hop is None:
            hop = self.hops[0] if self.hops else None
        line = self.report.line if hop is None else hop.line
        return Citation(file=self.report.file, line=line)

    def last_answering(self) -> Hop | None:
        """The farthest hop that answered."""
        return next((hop for hop in reversed(self.hops) if not hop.silent), None)


def paths_of(
    reports: Iterable[PathEvidence], *, clients: Sequence[str], servers: Sequence[str], controls: frozenset[str]
) -> tuple[Path, ...]:
    """Attach reports to the case: *clients* and *servers* are the addresses and names of its two ends.

    A report whose ends are those of the case needs no hint; otherwise its role tells the way. A report without either
    is left out: it may belong to anything.
    """
    paths = []
    for evidence in reports:
        ends = _ends(evidence.report)
        way = evidence.role.way or _way_by_ends(ends, clients, servers)
        told = Told.ENDS if evidence.role.way is None else Told.WORD if evidence.role.decided else Told.HINT
        if way is None:
            continue
        wanted = servers if way is Way.THERE else clients
        elsewhere = bool(ends & controls) and not ends & {*servers, *clients}
        paths.append(
            Path(
                report=evidence.report,
                way=way,
                control=evidence.role.control or elsewhere,
                reached=_reached(evidence.report, wanted, control=evidence.role.control),
                told=told,
            )
        )
    return tuple(paths)


def _ends(report: PathReport) -> frozenset[str]:
    return frozenset(end for end in (report.destination, report.destination_address) if end)


def _way_by_ends(ends: frozenset[str], clients: Sequence[str], servers: Sequence[str]) -> Way | None:
    if ends.intersection(servers):
        return Way.THERE
    return Way.BACK if ends.intersection(clients) else None


def _reached(report: PathReport, wanted: Sequence[str], *, control: bool) -> bool | None:
    """Whether the last line is the destination. Text reports of mtr do not name it.

    Then the case's own ends must match.
    """
    if report.reached is not None:
        return report.reached
    if not report.hops:
        return None
    last = report.hops[-1]
    if last.silent:
        return False
    if any(reply.marks for reply in last.replies):
        return False
    ends = _ends(report) or frozenset(() if control else wanted)
    if any(_is_one_of(reply, ends) for reply in last.replies):
        return True
    return False if any(_comparable(reply, ends) for reply in last.replies) else None


def _comparable(reply: HopReply, ends: frozenset[str]) -> bool:
    """Whether a reply that is none of *ends* is another host: an address says so, a name only beside a name."""
    return bool(ends) and (reply.address is not None or any(not _is_address(end) for end in ends))


def _is_address(end: str) -> bool:
    try:
        ip_address(end)
    except ValueError:
        return False
    return True


def _is_one_of(reply: HopReply, names: Iterable[str]) -> bool:
    return any(is_called(reply, name) for name in names)
