"""Runs every recipe of the lab and judges each run from every view: what is said, against what was planted.

python tools/calibrate.py              run the lab (as root), then judge
python tools/calibrate.py FOLDER       judge the runs that lie in FOLDER (of `bothways lab all --out FOLDER`)

Each run is judged from a copy without its truth. A cell that breaks a rule (docs/views.md has them) starts with WRONG.
"""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

TOP = Path(__file__).parents[1]
sys.path.insert(0, str(TOP))

from tests.helpers.cases import VIEWS, CaseFolder, folder_of, judge, wrongs  # noqa: E402 - needs the path

PROCESSES = 2


def main() -> None:
    if sys.argv[1:]:
        calibrate(Path(sys.argv[1]))
        return
    with TemporaryDirectory() as scratch:
        runs = Path(scratch) / "runs"
        # A run that proves nothing is named by the lab itself, and not judged.
        subprocess.run([sys.executable, "-m", "bothways", "lab", "all", "--out", runs, "--jobs", "6"], check=False)
        calibrate(runs)


def calibrate(folder: Path) -> None:
    runs = [folder_of(truth) for truth in sorted(folder.glob("*/truth.json"))]
    print(f"| planted | run | {' | '.join(VIEWS)} |")
    print("|---" * (2 + len(VIEWS)) + "|")
    sums: dict[str, Counter[str]] = {view: Counter() for view in VIEWS}
    with ProcessPoolExecutor(PROCESSES) as processes:
        for run, judged in zip(runs, processes.map(row, runs), strict=True):
            print(f"| {run.theory} | {run.path.name} | {' | '.join(said for said, _ in judged)} |", flush=True)
            for view, (_, grade) in zip(VIEWS, judged, strict=True):
                sums[view][grade] += 1
    print()
    for view, counted in sums.items():
        print(f"{view}: {', '.join(f'{number} {grade}' for grade, number in counted.most_common())}")


def row(run: CaseFolder) -> list[tuple[str, str]]:
    """What is said of one run from each view, and how good that is."""
    return [said_and_graded(run, view) for view in VIEWS]


def said_and_graded(run: CaseFolder, view: str) -> tuple[str, str]:
    if not run.files(view):
        return "-", "without evidence"
    diagnosis = judge(run, view)
    if diagnosis is None:
        return "nothing", "nothing to judge"
    verdict = diagnosis.verdict
    mistakes = wrongs(run, diagnosis)
    said = f"**{verdict.theory}**" if verdict.theory else str(verdict.ruling)
    if verdict.possible and not verdict.theory:
        said += f": {', '.join(verdict.possible)}"
    if mistakes:
        return f"WRONG ({'; '.join(mistakes)}) {said}", "wrong"
    settled = run.theory in {verdict.theory, str(verdict.ruling)}
    return said, "right and sure" if settled else "right and open"


if __name__ == "__main__":
    main()
