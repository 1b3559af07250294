"""Judges runs of the lab from every view against what was planted, and measures how far stated probabilities hold.

python tools/calibrate.py FOLDER                  judge the runs that lie in FOLDER (of `bothways lab all --out FOLDER`)
python tools/calibrate.py                         draw runs, do those that are missing (as root), then judge them
python tools/calibrate.py --write                 the same, and write the figures into docs/calibration.md

    --seeds N      how many runs to draw (120)         --jobs N    how many run side by side (3)
    --runs DIR     where runs are kept (calibration-runs); what lies there is not run again

Each run is judged from a copy without its truth. Recipes are drawn as often as the priors say, each five times at
least, and rare ones count for less, so that the figures are those of the priors. Seeds begin at HELD_OUT: nothing is
tuned to these. A cell that breaks a rule (docs/views.md has them) starts with WRONG.
"""

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path
from random import Random

TOP = Path(__file__).parents[1]
sys.path.insert(0, str(TOP))

from bothways.errors import CallError  # noqa: E402 - needs the path
from bothways.lab.many import Job, run_all  # noqa: E402
from bothways.lab.progress import Count  # noqa: E402
from bothways.lab.recipes.catalogue import RECIPES  # noqa: E402
from bothways.lab.recipes.recipe import Recipe  # noqa: E402
from bothways.theories.catalogue import UNEXPLAINED  # noqa: E402
from bothways.verdict.weights import PRIORS  # noqa: E402
from tests.helpers.calibrated import Judgement, figures, judgements  # noqa: E402
from tests.helpers.cases import VIEWS, CaseFolder, folder_of  # noqa: E402

PROCESSES = 2
PAGE = TOP / "docs" / "calibration.md"
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"

HELD_OUT = 5_000_000
"""Seeds from here on are for this measurement alone. Raised whenever somebody looked into runs of it to mend something:
from then on those are no longer held out."""

LEAST = 5
"""Runs of each recipe, however rare."""

HEALTHY_SHARE = 0.1
"""Runs beside the faults in which nothing is wrong: they must be called healthy."""


def main() -> None:
    told = _arguments()
    folder = told.folder or told.runs
    if told.folder is None:
        _run(drawn(told.seeds), told.runs, told.jobs)
    runs = [folder_of(truth) for truth in sorted(folder.glob("*/truth.json"))]
    with ProcessPoolExecutor(PROCESSES) as processes:
        found = []
        for run, judged in zip(runs, processes.map(judgements, runs), strict=True):
            found += judged
            print(line(run, judged), flush=True)
    told_figures = figures(found)
    print(told_figures)
    if told.write:
        _write(told_figures)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--seeds", type=int, default=120)
    parser.add_argument("--jobs", type=int, default=3)
    parser.add_argument("--runs", type=Path, default=TOP / "calibration-runs")
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


def drawn(count: int) -> list[Job]:
    """*count* runs or somewhat more, recipes by their priors, variants and parameters by chance."""
    shares = {recipe.name: PRIORS.get(recipe.name, PRIORS[UNEXPLAINED]) for recipe in RECIPES}
    faults = sum(share for name, share in shares.items() if name != "healthy")
    shares["healthy"] = faults * HEALTHY_SHARE
    total = sum(shares.values())
    jobs = []
    for place, recipe in enumerate(RECIPES):
        for number in range(max(LEAST, round(count * shares[recipe.name] / total))):
            seed = HELD_OUT + 1000 * place + number
            settings = _settings(recipe, Random(seed))  # noqa: S311 - reproducible on purpose
            folder = f"{recipe.name}.{seed}"
            jobs.append(Job(recipe=recipe.name, settings=settings, common={}, seed=seed, mended=False, folder=folder))
    return jobs


def _settings(recipe: Recipe, chance: Random) -> dict[str, str]:
    """A variant that there is: some choices do not go together."""
    while True:
        settings = {key: chance.choice(list(offered)) for key, offered in recipe.offered.items()}
        with suppress(CallError):
            recipe.order(settings)
            return settings


def _run(jobs: Sequence[Job], out: Path, at_once: int) -> None:
    """Do what was not done yet; a run that proves nothing is named by the lab, and not judged."""
    missing = [job for job in jobs if not (out / job.name).exists()]
    if missing:
        out.mkdir(parents=True, exist_ok=True)
        run_all(missing, out, at_once=at_once, tell=Count(len(missing)))


def line(run: CaseFolder, judged: Sequence[Judgement]) -> str:
    cells = {item.view: item.said for item in judged}
    return f"| {run.theory} | {run.path.name} | {' | '.join(cells.get(view, '-') for view in VIEWS)} |"


def _write(told: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    head, tail = text.partition(BEGIN)[0], text.partition(END)[2]
    PAGE.write_text(f"{head}{BEGIN}\n{told}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
