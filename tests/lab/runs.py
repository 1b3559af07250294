"""What all tests of the lab's own runs share."""

from dataclasses import dataclass
from pathlib import Path

from bothways.lab.many import Job
from tests.lab.planted import Run

PATIENCE = "5"


@dataclass(frozen=True)
class Runs:
    """All of them, done side by side."""

    folder: Path
    status: int
    said: str

    def of(self, job: Job) -> Run:
        """One; if it was not what it was to be, the lab's own words say why."""
        run = Run(self.folder / job.name)
        assert (run.folder / "truth.json").exists(), [line for line in self.said.splitlines() if job.name in line]
        return run
