"""Judges evidence re-taken badly: every case under every degradation from every view, against the table.

python tools/degrade.py                   the collection
python tools/degrade.py FOLDER            runs of the lab (of `bothways lab all --out FOLDER`)
python tools/degrade.py --only PATTERN    rows whose names match (a shell pattern)
python tools/degrade.py --write           the collection; writes docs/degradations.md, too

Exit status 1 if anything is wrong, or weaker than the table allows.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from fnmatch import fnmatchcase
from pathlib import Path

TOP = Path(__file__).parents[1]
sys.path.insert(0, str(TOP))

from tests.helpers.cases import CaseFolder, case_folders, folder_of  # noqa: E402 - needs the path
from tests.helpers.degraded.grades import Cell, Grade  # noqa: E402
from tests.helpers.degraded.judged import Judge  # noqa: E402
from tests.helpers.degraded.table import (  # noqa: E402
    VIEWS,
    But,
    Degradation,
    degradations,
    first_of_theories,
)

PROCESSES = 2
PAGE = TOP / "docs" / "degradations.md"


def main() -> None:
    told = _arguments()
    folders = sorted(told.folder.glob("*/truth.json")) if told.folder else []
    cases = [folder_of(truth) for truth in folders] if told.folder else list(case_folders())
    rows = [row for row in degradations() if fnmatchcase(row.name, told.only)]
    cells = list(judged(cases, rows))
    if told.write:
        PAGE.write_text(page(cells), encoding="utf-8")
    report(cells, rows)
    sys.exit(any(cell.bad for cell in cells))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--only", default="*")
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


def judged(cases: Sequence[CaseFolder], rows: Sequence[Degradation]) -> Iterable[Cell]:
    """Every cell, case by case."""
    firsts = first_of_theories(cases)
    names = [[row.name for row in rows if case in firsts or not row.slow] for case in cases]
    with ProcessPoolExecutor(PROCESSES) as processes:
        for case, cells in zip(cases, processes.map(_case, cases, names), strict=True):
            print(f"{case.id}: {counts(cells)}", file=sys.stderr, flush=True)
            yield from cells


def _case(case: CaseFolder, names: Sequence[str]) -> list[Cell]:
    judge = Judge(case)
    chosen = [row for row in degradations() if row.name in names]
    return [cell for row in chosen for cell in judge.cells(row, ["client"] if row.slow else VIEWS)]


HEAD = """# What bad evidence costs a verdict

Printed by `make degrade` from `tests/cases/degradations.toml`, which says what is done to the captures and how far a
verdict may weaken under it, and from what was said of every case of the collection under every degradation, in four
views (see [views.md](views.md)). Whatever is done: nothing wrong may be confirmed, the truth must not be eliminated, no
failure that can be seen may be called healthy, and none may be made of a healthy case. Every run of the tests judges a
share of this anew, each row for eight cases in one view; the whole takes some twenty minutes of a core.

| may weaken | the verdict |
|---|---|
| same | stays: its standing, its cause, what is possible |
| open | stays at least `open` with the truth possible; a healthy case may become `undetermined` |
| visible | as `open` while the captures still show a failure; otherwise also `undetermined`, or nothing to judge |
| absent | is that without the degraded captures |
| anything | may become `undetermined`, or `open` by another failure that is left in view |

*unchanged*: the same verdict as on the whole evidence. *weaker*: as the table allows. *otherwise*: more is confirmed or
eliminated than on the whole evidence, and rightly. *too weak*: weaker than allowed. *wrong*: one of the four things
above.

| degradation | may weaken | because | unchanged | weaker | otherwise | too weak | wrong |
|---|---|---|---|---|---|---|---|
"""


def page(cells: Sequence[Cell]) -> str:
    """docs/degradations.md."""
    return HEAD + "".join(f"{line(row, cells)}\n" for row in degradations())


def line(row: Degradation, cells: Sequence[Cell]) -> str:
    """One row of the page."""
    found = Counter(cell.grade for cell in cells if cell.degradation.name == row.name)
    return f"{promise(row)} {' | '.join(str(found[grade]) for grade in Grade)} |"


def promise(row: Degradation) -> str:
    """What the table says of one degradation: the part of the page that needs no run."""
    words = set(row.may.values())
    may = str(words.pop()) if len(words) == 1 else ", ".join(f"{view}: {word}" for view, word in row.may.items())
    told = [row.reason, *map(_but, row.buts)]
    return f"| {row.name} | {may} | {'; '.join(told)} |"


def _but(but: But) -> str:
    words = ", ".join(sorted(set(but.may.values())))
    return f"for `{'`, `'.join(but.cases)}` {words}, as {but.reason}"


def report(cells: Sequence[Cell], rows: Sequence[Degradation]) -> None:
    """Counts by degradation, then what is wrong."""
    for row in rows:
        print(f"{row.name}: {counts([cell for cell in cells if cell.degradation.name == row.name])}")
    print()
    for cell in cells:
        if cell.bad:
            print(f"{cell.grade.upper()}  {cell.id}\n    {cell.why}\n    was  {cell.before}\n    now  {cell.after}")
    print(f"\n{len(cells)} verdicts: {counts(cells)}")


def counts(cells: Sequence[Cell]) -> str:
    """How often each grade was given."""
    found = Counter(cell.grade for cell in cells)
    return ", ".join(f"{found[grade]} {grade}" for grade in Grade if found[grade])


if __name__ == "__main__":
    main()
