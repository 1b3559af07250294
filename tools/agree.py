"""Reads damaged captures with both readers for a long time: the native kernel must say what plain Python says.

python tools/agree.py --count 100000 --seed 1

Each input comes from its own number, so that `--seed N --count 1` shows the input number N again. Exit status 1 at the
first difference, which is shown.
"""

import argparse
import sys
from pathlib import Path
from random import Random
from time import monotonic

TOP = Path(__file__).parents[1]
sys.path.insert(0, str(TOP))

from tests.helpers.fuzzing.agreement import read_by_both  # noqa: E402 - needs the path

TELL_EVERY = 5000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    start, packets = monotonic(), 0
    for done, number in enumerate(range(told.seed, told.seed + told.count), 1):
        try:
            packets += read_by_both(Random(number)).packets  # noqa: S311 - what a seed makes must be made again
        except BaseException:
            print(f"input {number}:", file=sys.stderr)
            raise
        if done % TELL_EVERY == 0 or done == told.count:
            spent = monotonic() - start
            print(f"{done} inputs with {packets} packets in {spent:.0f} s: the readers agree", flush=True)


if __name__ == "__main__":
    main()
