"""Reads and judges damaged evidence for a long time: nothing may be raised, hang, swell, escape or pass in silence.

python tools/fuzz.py --count 100000 --seed 1 --keep FOLDER

Each input comes from its own number, so that `--seed N --count 1` shows the input number N again. The files of every
finding are kept in FOLDER/N with what was wrong. Exit status 1 if there is a finding.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic

TOP = Path(__file__).parents[1]
sys.path.insert(0, str(TOP))

from tests.helpers.fuzzing.attempt import Attempt, attempt  # noqa: E402 - needs the path
from tests.helpers.fuzzing.inputs import folder  # noqa: E402

TELL_EVERY = 5000
DRAWN = 10
"""One input in so many is also drawn for a terminal, which takes longer than all the rest; its words stand in the
document."""


def main() -> None:
    told = _arguments()
    run = Run(told.keep)
    with TemporaryDirectory() as scratch:
        for number in range(told.seed, told.seed + told.count):
            files = folder(Random(number))  # noqa: S311 - what a seed makes must be made again
            run.note(number, files, attempt(files, Path(scratch), drawn=number % DRAWN == 0))
            if run.count % TELL_EVERY == 0:
                print(run.summary(), flush=True)
    print(run.summary())
    sys.exit(bool(run.findings))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    return parser.parse_args()


class Run:
    """What came of the inputs so far."""

    def __init__(self, keep: Path) -> None:
        self.keep = keep
        self.count = 0
        self.findings: Counter[str] = Counter()
        self.slowest = (0.0, 0)
        self.largest = (0, 0)
        self._start = monotonic()

    def note(self, number: int, files: dict[str, bytes], went: Attempt) -> None:
        """Count one input, and keep it if something was wrong."""
        self.count += 1
        self.slowest = max(self.slowest, (went.seconds, number))
        self.largest = max(self.largest, (went.grown, number))
        if not went.complaints:
            return
        last = went.complaints[0].strip().splitlines()[-1]
        if not self.findings[last[:60]]:
            print(f"input {number}: {last}", flush=True)
        self.findings[last[:60]] += 1
        place = self.keep / str(number)
        place.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (place / name).write_bytes(data)
        (place / "complaint").write_text("\n".join(went.complaints), encoding="utf-8", errors="backslashreplace")

    def summary(self) -> str:
        """The counts in a line, and the findings by kind."""
        rate = self.count / (monotonic() - self._start)
        told = (
            f"{self.count} inputs, {rate:.0f} a second, slowest {self.slowest[0]:.2f} s (input {self.slowest[1]}), "
            f"most growth {self.largest[0] >> 20} MiB (input {self.largest[1]}), {self.findings.total()} findings"
        )
        return "\n".join([told, *(f"  {times}  {what}" for what, times in self.findings.most_common())])


if __name__ == "__main__":
    main()
