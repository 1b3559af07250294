"""Every theory has its cases: one for it, one of a rival that must be told from it, and a view with evidence missing.

What is asked in blinded views stands in `tests/diagnosis/test_blinded.py`.
"""

import pytest

from bothways.theories.catalogue import THEORIES
from tests.helpers.cases import VIEWS, CaseFolder, case_folders

WHOLE = "whole"

CASES = tuple(case_folders())

each_theory = pytest.mark.parametrize("theory", [theory.id for theory in THEORIES])


def cases_of(theory: str) -> list[CaseFolder]:
    return [case for case in CASES if case.theory == theory and case.path.parent.name == theory]


def statements(case: CaseFolder, view: str, lists: tuple[str, ...]) -> set[str]:
    expected = case.expected.get(view)
    return {item for name in lists for item in getattr(expected, name)} if expected else set()


def is_rival_of(case: CaseFolder, theory: str) -> bool:
    """Whether some view of *case* names *theory* as a rival, and the whole of it must be told from that."""
    named = {f"possible:{theory}", f"eliminated:{theory}"}
    says = {item for view in case.expected for item in statements(case, view, ("must_say", "must_not_say", "may_say"))}
    alike = any(theory in item.removeprefix("inseparable:").split(",") for item in says if item.startswith("insep"))
    told = f"confirmed:{case.theory}" in statements(case, WHOLE, ("must_say",))
    return case.theory not in {theory, "healthy"} and told and (alike or bool(named & says))


@each_theory
def test_a_theory_is_confirmed_from_the_whole_of_one_of_its_cases(theory: str) -> None:
    assert any(f"confirmed:{theory}" in statements(case, WHOLE, ("must_say",)) for case in cases_of(theory))


@each_theory
def test_a_case_of_another_cause_names_it_as_rival_and_is_told_from_it(theory: str) -> None:
    assert any(is_rival_of(case, theory) for case in CASES)


@each_theory
def test_a_theory_has_a_blinded_view_in_which_it_stays_possible_and_is_not_confirmed(theory: str) -> None:
    blinded = [
        statements(case, view, ("must_say",))
        for case in cases_of(theory)
        for view in case.expected
        if view != WHOLE and f"confirmed:{theory}" not in statements(case, view, ("must_say",))
    ]
    assert any(
        f"possible:{theory}" in said or any(theory in item for item in said if item.startswith("inseparable:"))
        for said in blinded
    )


def test_no_case_names_a_view_that_there_is_not() -> None:
    assert all(set(case.expected) <= set(VIEWS) for case in CASES)
