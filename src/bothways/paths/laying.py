"""Rows from probabilities: what may be claimed, what stands side by side, and what of the other way is known."""

from collections.abc import Sequence

from msgspec import Struct

from bothways.paths import odds
from bothways.paths.absence import Gap, absence_of, are_neighbours
from bothways.paths.addresses import is_private
from bothways.paths.comparing import Comparison, is_translated
from bothways.paths.course import Course, Station
from bothways.paths.rows import Absence, Kinship, Proof, Row


class Ways(Struct, frozen=True, kw_only=True):
    """Two ways and what comparing them gave; hops by their positions from the client on."""

    found: Comparison
    there: Course
    back: Course
    shown_back: frozenset[int]
    """Hops of the way there that answer in the other direction on a control's way."""

    shown_there: frozenset[int]

    def rows(self) -> tuple[Row, ...]:
        """All hops of both ways, from the client to the server."""
        same = self.found.same
        together = [(i, j) for i, row in enumerate(same) for j, value in enumerate(row) if value > odds.SIDE_BY_SIDE]
        claimed = [pair for pair in together if self.found.claimed(*pair) and not self._silent(*pair)]
        sure = [pair for pair in claimed if same[pair[0]][pair[1]] >= odds.CERTAIN]
        rows, at = list[Row](), (0, 0)
        for pair in [*together, (len(self.found.shown.there), len(self.found.shown.back))]:
            rows += [self._only_there(i, sure) for i in range(at[0], pair[0])]
            rows += [self._only_back(j, sure) for j in range(at[1], pair[1])]
            if pair[0] < len(self.found.shown.there) and pair[1] < len(self.found.shown.back):
                rows.append(self._pair(*pair, claimed=pair in claimed))
            at = pair[0] + 1, pair[1] + 1
        return tuple(rows)

    def _silent(self, i: int, j: int) -> bool:
        """Whether nobody knows that there is a router: silent hops are paired by their neighbours' links only."""
        quiet = self.found.shown.mine[i].silent or self.found.shown.theirs[j].silent
        return quiet and (i + 1, j) not in self.found.shown.links and (i, j - 1) not in self.found.shown.links

    def _pair(self, i: int, j: int, *, claimed: bool) -> Row:
        return Row(
            there=self.found.shown.there[i],
            back=self.found.shown.back[j],
            kinship=Kinship.SAME if claimed else Kinship.UNTOLD,
            confidence=self.found.same[i][j],
            bases=self.found.shown.bases(i, j),
            likeliest=Kinship.SAME,
        )

    def _only_there(self, i: int, sure: Sequence[tuple[int, int]]) -> Row:
        values = self.found.same[i]
        near = max((pair for pair in sure if pair[0] < i), default=None)
        far = min((pair for pair in sure if pair[0] > i), default=None)
        likely = {self.found.shown.back[j].index for j, value in enumerate(values) if value > odds.DENY}
        gap = Gap.between(self.back, near and self.found.shown.back[near[1]], far and self.found.shown.back[far[1]])
        absence = self._absence(gap, near, far, likely, shown=i in self.shown_back)
        if self.there.reached is None and far is None and i == len(self.found.shown.there) - 1:
            absence = _PERHAPS_THE_HOST
        if near is None and self._before_translation(i):
            absence = _PERHAPS_TRANSLATING
        return _row(self.found.shown.there[i], None, 1 - sum(values), absence)

    def _before_translation(self, i: int) -> bool:
        """Whether the way back, measured to an address that stands for the client's, may end before hop *i* there."""
        replies = [reply for station in self.found.shown.there[: i + 1] for reply in station.replies]
        return is_translated(self.there, self.back) and all(
            reply.address is None or is_private(reply.address) for reply in replies
        )

    def _only_back(self, j: int, sure: Sequence[tuple[int, int]]) -> Row:
        values = [row[j] for row in self.found.same]
        near = max((pair for pair in sure if pair[1] < j), default=None)
        far = min((pair for pair in sure if pair[1] > j), default=None)
        likely = {self.found.shown.there[i].index for i, value in enumerate(values) if value > odds.DENY}
        gap = Gap.between(self.there, near and self.found.shown.there[near[0]], far and self.found.shown.there[far[0]])
        absence = self._absence(gap, near, far, likely, shown=j in self.shown_there)
        if self.back.reached is None and near is None and j == 0:
            absence = _PERHAPS_THE_HOST
        return _row(None, self.found.shown.back[j], 1 - sum(values), absence)

    def _absence(
        self,
        gap: Gap,
        near: tuple[int, int] | None,
        far: tuple[int, int] | None,
        likely: set[int],
        *,
        shown: bool,
    ) -> Absence:
        if not self.found.shown.opposed:
            return Absence(proven=False, why=Proof.UNPROVEN, hidden=gap.hidden)
        neighbours = near is not None and far is not None and are_neighbours(self._of(near), self._of(far))
        return absence_of(
            gap, recognisable=likely.isdisjoint(one.index for one in gap.answering), shown=shown, neighbours=neighbours
        )

    def _of(self, pair: tuple[int, int]) -> tuple[Station, Station]:
        return self.found.shown.there[pair[0]], self.found.shown.back[pair[1]]


_PERHAPS_THE_HOST = Absence(proven=False, why=Proof.UNENDED)
"""The last line of a report of which nobody knows whether it reached the other end."""

_PERHAPS_TRANSLATING = Absence(proven=False, why=Proof.UNENDED)
"""A router before or at the device that translates the client's address, where the way back was measured to."""


def _row(there: Station | None, back: Station | None, alone: float, absence: Absence) -> Row:
    alone = min(1.0, max(0.0, alone))
    kind = Kinship.ONLY_THERE if there else Kinship.ONLY_BACK
    told = absence.proven and alone >= 1 - odds.DENY
    likely = alone > odds.SIDE_BY_SIDE
    return Row(
        there=there,
        back=back,
        kinship=kind if told else Kinship.UNTOLD,
        confidence=alone if likely else 1 - alone,
        likeliest=kind if likely else Kinship.SAME,
        absence=absence,
    )
