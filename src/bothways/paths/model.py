"""One way of one path: the hops in order, between which ends, for the case itself or for a control."""

from enum import StrEnum

from msgspec import Struct

from bothways.evidence.citation import Citation
from bothways.evidence.path_report import Hop, PathReport
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


LEAST_HOPS = 2
"""A report of one hop shows no way to an end: a host that knows no way answers its own probes."""

GIVES_UP = 30
"""Hops after which mtr and the traceroutes end in any case, unless told otherwise (mtr(8) `-m`, traceroute(8) `-m`)."""


class Path(Struct, frozen=True, kw_only=True):
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

    @property
    def likely_end(self) -> Hop | None:
        """Who is most likely the destination, of a report that neither names one nor says whether it arrived.

        Tools that hear nothing more go on: mtr lists one silent hop more (`net_max` in net.c of mtr 0.95), traceroute
        all up to its limit. So who answers on the last line before that limit is the destination, or refused there.
        """
        report = self.report
        last = report.hops[-1] if report.hops else None
        if self.reached is not None or last is None or report.destination or report.destination_address:
            return None
        if last.silent or not LEAST_HOPS <= last.index < GIVES_UP or any(reply.marks for reply in last.replies):
            return None
        ends = {(reply.name, reply.address) for reply in last.replies}
        before = {(reply.name, reply.address) for hop in report.hops if hop.index < last.index for reply in hop.replies}
        return last if ends.isdisjoint(before) else None

    def cite(self, hop: Hop | None = None) -> Citation:
        """Where to look a hop up, or where the hops begin."""
        if hop is None:
            hop = self.hops[0] if self.hops else None
        line = self.report.line if hop is None else hop.line
        return Citation(file=self.report.file, line=line)

    def last_answering(self) -> Hop | None:
        """The farthest hop that answered."""
        return next((hop for hop in reversed(self.hops) if not hop.silent), None)


class Stray(Struct, frozen=True, kw_only=True):
    """A report that belongs to no way between the two ends, and is left out."""

    report: PathReport
    why: str
    """The rest of a sentence that begins with its file: `belongs to neither of the two ends: it goes to 192.0.2.9`."""
