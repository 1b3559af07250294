"""Prints docs/views.md: every case of the collection from every view, what was said, and what may be said.

python tools/views.py            print it
python tools/views.py --write    write it to docs/views.md
"""

import sys
from pathlib import Path

TOP = Path(__file__).parents[1]
sys.path.insert(0, str(TOP))

from tests.helpers.cases import VIEWS, CaseFolder, Expected, case_folders, judge, wrongs  # noqa: E402 - needs the path

PAGE = TOP / "docs" / "views.md"

HEAD = """# What is said of each case from each view

Printed by `make views` from the collection in `tests/cases`; a test fails when this page is stale. Every case is
judged from a copy without its truth, under a neutral folder name. Columns are views, that is, what an investigator may
have: *whole* is the folder; *client*, *server*: that end's capture alone; *both*: the two captures; *both+paths*: and
the path reports of both ways with the control's; *paths*: the path reports alone; *firewall*: everything from the
firewall.

A cause in bold is confirmed. `open:` lists what stands, the likeliest first. `-` is an empty view, `nothing` one that
holds nothing to judge (exit status 2).

**What may be said.** From any view: the planted cause confirmed; or `open` with the planted cause (or, where the
catalogue does not know it, `unexplained`) not ruled out; or `undetermined` where the view shows no failure. Never
another cause confirmed, never the planted one eliminated, never `healthy` for a fault. What *must* be said is in the
second table, from each case's `case.toml`. A cell that breaks a rule starts with `WRONG`. """


def main() -> None:
    cases = list(case_folders())
    page = "\n".join([HEAD, *said(cases), "", "## What must be said", "", *required(cases), ""])
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page, encoding="utf-8")
    else:
        print(page, end="")


def said(cases: list[CaseFolder]) -> list[str]:
    rows = [f"| planted | case | {' | '.join(VIEWS)} |", "|---" * (2 + len(VIEWS)) + "|"]
    for case in cases:
        cells = [cell(case, view) for view in VIEWS]
        rows.append(f"| {case.theory} | {case.path.name} | {' | '.join(cells)} |")
    return rows


def cell(case: CaseFolder, view: str) -> str:
    if not case.files(view):
        return "-"
    diagnosis = judge(case, view)
    if diagnosis is None:
        return "nothing"
    verdict = diagnosis.verdict
    wrong = "WRONG " if wrongs(case, diagnosis) else ""
    if verdict.theory:
        return f"{wrong}**{verdict.theory}**"
    listed = f": {', '.join(verdict.possible)}" if verdict.possible else ""
    return f"{wrong}{verdict.ruling}{listed}"


def required(cases: list[CaseFolder]) -> list[str]:
    rows = ["| case | view | must | must not | must ask |", "|---|---|---|---|---|"]
    for case in cases:
        rows += [row(case.path.name, view, expected) for view, expected in case.expected.items()]
    return rows


def row(name: str, view: str, expected: Expected) -> str:
    lists = (expected.must_say, expected.must_not_say, expected.must_ask)
    return f"| {name} | {view} | {' | '.join(', '.join(items) for items in lists)} |"


if __name__ == "__main__":
    main()
