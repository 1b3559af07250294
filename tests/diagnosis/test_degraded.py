"""The collection re-taken badly: nothing wrong is said, and the verdict weakens as the table lets it."""

from collections.abc import Iterator

import pytest

from tests.helpers.cases import CaseFolder, case_folders
from tests.helpers.degraded.grades import Cell
from tests.helpers.degraded.judged import Judge
from tests.helpers.degraded.steps import STEPS
from tests.helpers.degraded.table import VIEWS, Degradation, May, degradations, first_of_theories
from tests.helpers.degraded.taken import evidence_of

CASES = list(case_folders())
FIRSTS = first_of_theories(CASES)[::3][:3]
SLOW_IN_FULL = "mixed with 5,000 healthy connections"
"""The row that takes the longest: judged for one case here, other slow ones for three, by `make degrade` for all."""

CASES_OF_A_ROW = 8
"""Evenly over the collection, the next row's beside them, so that more cases take no more time."""

EVIDENCE = [
    evidence_of(case.path)
    for case in CASES
    if case.path.name in {"ipv6", "admin-reject", "mtu-blackhole-in", "healthy"}
]


def views(case: CaseFolder, row: Degradation) -> list[str]:
    """The views that time allows: each row meets a few cases in one of them; `make degrade` leaves none out."""
    if row.slow:
        chosen = case is CASES[3] if row.name == SLOW_IN_FULL else case in FIRSTS
        return ["client"] if chosen else []
    number = degradations().index(row)
    met = [(number + turn * len(CASES) // CASES_OF_A_ROW) % len(CASES) for turn in range(CASES_OF_A_ROW)]
    if CASES.index(case) not in met:
        return []
    spoken_of = [view for view in VIEWS if row.allowed(case, view) is not None]
    return [spoken_of[(number + met.index(CASES.index(case))) % len(spoken_of)]]


def cells(case: CaseFolder) -> Iterator[Cell]:
    judge = Judge(case)
    for row in degradations():
        yield from judge.cells(row, views(case, row))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_bad_evidence_weakens_a_verdict_as_the_table_says_and_never_falsifies_it(case: CaseFolder) -> None:
    bad = [cell for cell in cells(case) if cell.bad]
    assert [f"{cell.id}: {cell.grade}, {cell.why}: was {cell.before}, now {cell.after}" for cell in bad] == []


def test_the_table_has_a_row_for_every_step() -> None:
    used = {step[0] for row in degradations() for step in row.steps}
    assert used == set(STEPS) - {"missing"}


def test_every_row_has_a_name_a_reason_and_a_word() -> None:
    rows = degradations()
    assert len(rows) >= 20
    assert len({row.name for row in rows}) == len(rows)
    assert all(row.reason and row.may for row in rows)
    assert all(bool(row.absent) == (May.ABSENT in row.may.values()) for row in rows)


@pytest.mark.parametrize("row", degradations(), ids=lambda row: row.name)
def test_every_row_changes_what_was_taken(row: Degradation) -> None:
    assert any(row.done_to(evidence).files() != evidence.files() for evidence in EVIDENCE)
