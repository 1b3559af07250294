"""The page about bad evidence promises what the table does."""

from tests.helpers.degraded.table import degradations
from tests.helpers.repository import TOP
from tools import degrade


def test_the_page_has_every_row_of_the_table_as_it_stands_there() -> None:
    page = (TOP / "docs" / "degradations.md").read_text(encoding="utf-8")
    assert [row.name for row in degradations() if degrade.promise(row) not in page] == [], "run: make degrade"
    assert page.startswith(degrade.HEAD)
    rows = [line for line in page.removeprefix(degrade.HEAD).splitlines() if line.startswith("|")]
    assert len(rows) == len(degradations())
