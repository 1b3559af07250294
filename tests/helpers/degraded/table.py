"""The table of degradations: `tests/cases/degradations.toml`, whose head explains its words."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache

from tests.helpers.cases import CASES, CaseFolder
from tests.helpers.degraded.steps import done
from tests.helpers.degraded.taken import Evidence

FILE = CASES / "degradations.toml"

VIEWS = ("whole", "client", "both", "firewall")
"""Those of the collection's views in which degradations are judged."""


class May(StrEnum):
    """How far a verdict may weaken."""

    SAME = "same"
    """Not at all."""

    OPEN = "open"
    """To `open` with the truth among what is possible; what was healthy, to `undetermined`."""

    VISIBLE = "visible"
    """As `open` while a failure can be seen in what is left; otherwise to `undetermined`, or nothing to judge."""

    ABSENT = "absent"
    """To what is said without the degraded captures, and no further."""

    ANYTHING = "anything"
    """To `undetermined`, or to another failure than the case's where that is what is left in view."""


@dataclass(frozen=True, slots=True, kw_only=True)
class But:
    """An exception for some cases."""

    cases: tuple[str, ...]
    """Patterns for `theory/case`."""

    may: dict[str, May] = field(hash=False)
    reason: str
    confirms: bool = False
    """What is left is proof by itself, also in a view in which nothing else could be confirmed."""

    works: bool = False
    """What is left in view works: the failure came later, so that healthy is the right word for it."""

    def speaks_of(self, case: CaseFolder) -> bool:
        """Whether it is for *case*."""
        return any(fnmatchcase(case.id, pattern) for pattern in self.cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Degradation:
    """One row of the table."""

    name: str
    steps: tuple[tuple[object, ...], ...] = field(hash=False)
    may: dict[str, May] = field(hash=False)
    reason: str
    never_confirmed: tuple[str, ...]
    """Views that hold too little to confirm anything."""

    absent: tuple[str, ...]
    """Vantages without which `ABSENT` is judged."""

    says: str
    """What the page must say of the observer, a regular expression; empty for nothing."""

    named: bool
    """The user says which target he means."""

    slow: bool
    """Judged for one case of each theory, in the client's view."""

    buts: tuple[But, ...]

    def done_to(self, evidence: Evidence) -> Evidence:
        """The evidence, degraded."""
        return done(evidence, self.steps)

    def allowed(self, case: CaseFolder, view: str) -> May | None:
        """How far the verdict on *case* may weaken in *view*; None where the row does not speak of that view."""
        for but in self.buts:
            if view in but.may and but.speaks_of(case):
                return but.may[view]
        return self.may.get(view)

    def too_little(self, case: CaseFolder, view: str) -> bool:
        """Whether nothing can be confirmed of *case* in *view*."""
        return view in self.never_confirmed and not any(but.confirms for but in self.buts if but.speaks_of(case))

    def works(self, case: CaseFolder) -> bool:
        """Whether what is left of *case* in view works."""
        return any(but.works for but in self.buts if but.speaks_of(case))


def first_of_theories(cases: Sequence[CaseFolder]) -> list[CaseFolder]:
    """One case of each theory: those for which slow rows are judged."""
    return list({case.theory: case for case in reversed(cases)}.values())


@cache
def degradations() -> tuple[Degradation, ...]:
    """All rows."""
    return tuple(_row(row) for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["degradation"])


def _row(row: dict[str, object]) -> Degradation:
    known = {"name", "steps", "may", "reason", "never_confirmed", "absent", "says", "named", "slow", "but"}
    assert set(row) <= known, f"{row['name']}: {set(row) - known}"
    buts: list[dict[str, object]] = row.get("but", [])  # type: ignore[assignment] # a table's list of tables
    return Degradation(
        name=str(row["name"]),
        steps=tuple(tuple(step) for step in row["steps"]),  # type: ignore[attr-defined] # a list of lists
        may=_may(row["may"]),
        reason=str(row["reason"]),
        never_confirmed=_strings(row.get("never_confirmed")),
        absent=_strings(row.get("absent")),
        says=str(row.get("says", "")),
        named=bool(row.get("named")),
        slow=bool(row.get("slow")),
        buts=tuple(_but(but) for but in buts),
    )


def _but(table: dict[str, object]) -> But:
    return But(
        cases=_strings(table["cases"]),
        may=_may(table["may"]),
        reason=str(table["reason"]),
        confirms=bool(table.get("confirms")),
        works=bool(table.get("works")),
    )


def _strings(listed: object) -> tuple[str, ...]:
    return tuple(map(str, listed)) if isinstance(listed, list) else ()


def _may(said: object) -> dict[str, May]:
    """One word for every view, or a word for each."""
    if isinstance(said, dict):
        assert set(said) <= set(VIEWS)
        return {view: May(word) for view, word in said.items()}
    return dict.fromkeys(VIEWS, May(str(said)))
