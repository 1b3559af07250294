"""The lab's own runs that the tests look at, and what all those tests share.

`python -m tests.lab.runs OUT` makes them: `bothways lab all` for a share of all there is, six at a time.
"""

import sys
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from unittest.mock import patch

from bothways.cli.start import run as call
from bothways.lab import many
from bothways.lab.many import Job
from tests.lab.planted import Run

PATIENCE = "5"
SIDE_BY_SIDE = 6

SOUND_SHAPES = 4
"""Of the shapes in which nothing is wrong; cases show each."""


def looked_at(jobs: list[Job]) -> list[Job]:
    """Of each recipe the first variant, and another with its mended twin, of each recipe the next one.

    All of them take as long as all other tests together; `make calibrate` draws from all.
    """
    chosen: list[Job] = []
    for number, (name, group) in enumerate(groupby(jobs, key=lambda job: job.recipe)):
        of_recipe = list(group)
        if name == "healthy":
            chosen += of_recipe[:SOUND_SHAPES]
            continue
        faults = [job for job in of_recipe if not job.mended]
        other = faults[number % len(faults)]
        twins = [job for job in of_recipe if job.mended and job.settings == other.settings]
        chosen += [faults[0], *([other] if other is not faults[0] else []), *twins]
    return chosen


JOBS = looked_at(many.every_job(0, {"patience": PATIENCE}))


@dataclass(frozen=True)
class Runs:
    """All of them, done side by side."""

    folder: Path
    status: int
    said: str

    def of(self, job: Job) -> Run:
        """One; if it was not what it was to be, the lab's own words say why."""
        run = Run(self.folder / job.name)
        said = [line for line in self.said.splitlines() if line.startswith(f"{job.name}:")]
        assert (run.folder / "truth.json").exists(), said or self.said
        return run


def main(out: str) -> int:
    """Make them, in the words of the command line."""
    with patch.object(many, "every_job", lambda *_: JOBS):
        return call(["lab", "all", "--out", out, "--jobs", str(SIDE_BY_SIDE)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
