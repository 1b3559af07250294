"""The two ways of a path laid side by side: which hops there and back are the same router.

The addresses of a router differ by the way from which it is asked: packets enter by different interfaces, and some
systems answer from the interface by which the answer leaves. So routers are compared, never addresses alone.
"""

from collections.abc import Sequence

from msgspec import Struct

from bothways.paths.absence import Gap
from bothways.paths.comparing import Comparison, compared, likened
from bothways.paths.course import Course, Station
from bothways.paths.knowledge import NOTHING_KNOWN, Knowledge
from bothways.paths.laying import Ways
from bothways.paths.rows import Absence, Basis, Detour, Kinship, Proof, Row
from bothways.way import Way

__all__ = ["Absence", "Alignment", "Basis", "Detour", "Kinship", "Proof", "Row", "align", "beside_controls", "compare"]


class Alignment(Struct, frozen=True, kw_only=True):
    """A way there and a way back, side by side."""

    there: Course
    back: Course
    rows: tuple[Row, ...]
    """From the client to the server: each station of both ways once; the two hosts at the ends are not among them."""

    found: Comparison
    """On what the rows rest."""

    @property
    def pairs(self) -> tuple[Row, ...]:
        """The rows of routers that stand on both ways."""
        return tuple(row for row in self.rows if row.kinship is Kinship.SAME)

    @property
    def detours(self) -> tuple[Detour, ...]:
        """The stretches between pairs where, more likely than not, a router stands on one way only."""
        found, before, between = list[Detour](), None, list[Row]()
        for row in (*self.rows, None):
            if row is not None and row.kinship is not Kinship.SAME:
                between.append(row)
                continue
            if any(_is_one_way(one) for one in between):
                found.append(self._detour(before, row, between))
            before, between = row, []
        return tuple(found)

    def _detour(self, before: Row | None, after: Row | None, between: list[Row]) -> Detour:
        near = (before.there, before.back) if before else (None, None)
        far = (after.there, after.back) if after else (None, None)
        return Detour(
            before=before,
            after=after,
            there=tuple(row.there for row in between if row.there),
            back=tuple(row.back for row in between if row.back),
            confidence=max(row.confidence for row in between if _is_one_way(row)),
            proven=any(row.kinship in ONE_WAY for row in between),
            hidden_there=Gap.between(self.there, near[0], far[0]).hidden,
            hidden_back=Gap.between(self.back, near[1], far[1]).hidden,
        )

    def of(self, station: Station) -> Row:
        """The row in which *station* stands. Raises KeyError where it is none of these ways'."""
        for row in self.rows:
            if station is row.there or station is row.back:
                return row
        for row in self.rows:
            if station in (row.there, row.back):
                return row
        raise KeyError(station.label)

    def absence(self, station: Station) -> Absence:
        """Whether the router of *station* is proven not to stand on the other way.

        Raises KeyError where it is none of these ways'.
        """
        row = self.of(station)
        return row.absence or Absence(
            proven=False, why=Proof.PRESENT if row.kinship is Kinship.SAME else Proof.UNRECOGNISED
        )


ONE_WAY = frozenset({Kinship.ONLY_THERE, Kinship.ONLY_BACK})


def _is_one_way(row: Row) -> bool:
    """Whether a row's router likely stands on one way only; what a report ends before is none of its ways' partings."""
    return row.likeliest in ONE_WAY and not (row.absence and row.absence.why is Proof.UNENDED)


def align(
    there: Course, back: Course, *, controls: Sequence[Course] = (), knowledge: Knowledge = NOTHING_KNOWN
) -> Alignment:
    """Lay a way *there* and a way *back* between the same two ends side by side.

    *controls* are ways of comparison, of either direction: what answers on them is proven to answer in that direction.
    """
    found, nothing = compared(there, back, knowledge), frozenset[int]()
    alone = _side_by_side(found, there, back, nothing, nothing)
    return beside_controls(alone, controls, knowledge=knowledge) if controls else alone


def beside_controls(alone: Alignment, controls: Sequence[Course], *, knowledge: Knowledge = NOTHING_KNOWN) -> Alignment:
    """Two ways that were laid side by side *alone*, with what *controls* prove; see `align`."""
    shown_back, shown_there = set[int](), set[int]()
    for control in controls:
        if control.way is Way.BACK:
            shown_back |= {i for i, _ in compared(alone.there, control, knowledge, one_server=False).proven()}
        else:
            shown_there |= {j for _, j in compared(control, alone.back, knowledge, one_server=False).proven()}
    return _side_by_side(alone.found, alone.there, alone.back, frozenset(shown_back), frozenset(shown_there))


def compare(one: Course, other: Course, *, knowledge: Knowledge = NOTHING_KNOWN) -> Alignment:
    """Lay two ways of one direction side by side: the case's and a control's.

    *one* stands in the place of the way there, *other* in that of the way back; both run from the client to the
    server. No absence is ever proven by this.
    """
    nothing = frozenset[int]()
    return _side_by_side(likened(one, other, knowledge), one, other, nothing, nothing)


def _side_by_side(
    found: Comparison, there: Course, back: Course, shown_back: frozenset[int], shown_there: frozenset[int]
) -> Alignment:
    ways = Ways(found=found, there=there, back=back, shown_back=shown_back, shown_there=shown_there)
    return Alignment(there=there, back=back, rows=ways.rows(), found=found)
