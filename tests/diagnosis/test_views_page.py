"""The table of the documentation is what the tool says today."""

from tests.helpers.cases import case_folders
from tests.helpers.repository import TOP
from tools import views


def test_the_table_of_views_is_fresh() -> None:
    cases = list(case_folders())
    page = (TOP / "docs" / "views.md").read_text(encoding="utf-8")
    assert [row for row in (*views.said(cases), *views.required(cases)) if row not in page] == [], "run: make views"


def test_no_cell_is_wrong() -> None:
    assert not any("WRONG" in row for row in views.said(list(case_folders())))
