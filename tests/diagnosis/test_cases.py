"""Every case from every view: what must be said is said, and what must never be said is not."""

import pytest

from tests.helpers.cases import CASES, CATALOGUE, VIEWS, CaseFolder, case_folders, holds, judge, says, wrongs

FOLDERS = list(case_folders())
PAIRS = [(case, view) for case in FOLDERS for view in VIEWS if case.files(view)]
EACH = [pytest.param(case, view, id=f"{case.id}:{view}") for case, view in PAIRS]
STATED = [pytest.param(case, view, id=f"{case.id}:{view}") for case, view in PAIRS if view in case.expected]


def test_the_collection_is_here() -> None:
    assert len(FOLDERS) >= 22
    assert {case.theory for case in FOLDERS} >= CATALOGUE


@pytest.mark.parametrize("case", FOLDERS, ids=lambda case: case.id)
def test_every_case_has_a_certificate_and_expectations(case: CaseFolder) -> None:
    certificate = (case.path / "README.md").read_text()
    assert "Made" in certificate
    assert "Planted" in certificate
    assert case.expected["whole"].must_say or case.expected["whole"].must_not_say
    assert set(case.expected) <= set(VIEWS)
    assert case.path.parent.parent == CASES


@pytest.mark.parametrize(("case", "view"), EACH)
def test_nothing_wrong_is_said(case: CaseFolder, view: str) -> None:
    diagnosis = judge(case, view)
    assert wrongs(case, diagnosis) == []


@pytest.mark.parametrize(("case", "view"), STATED)
def test_what_must_be_said_is_said(case: CaseFolder, view: str) -> None:
    diagnosis = judge(case, view)
    said, expected = says(diagnosis), case.expected[view]
    assert [statement for statement in expected.must_say if not holds(statement, said)] == [], said
    assert [statement for statement in expected.must_not_say if holds(statement, said)] == [], said
    if expected.must_ask:
        assert diagnosis is not None
        asked = {ask.who for ask in diagnosis.targets[0].next}
        assert set(expected.must_ask) <= asked
