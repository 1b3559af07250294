"""What every run of the lab answered to every kind of fact, from every view, and where the reasoning disagrees with it.

python tools/facts.py FOLDER                     runs of `bothways lab run|all`, at any depth, or cases
python tools/facts.py FOLDER --flags             only what is flagged
python tools/facts.py FOLDER --view client       one view (may repeat)
python tools/facts.py FOLDER --theory ID         only runs of that cause are told of; all are compared (may repeat)

Flagged are

SURPRISE   an answer that the planted cause expects rarely, or never (then it may be eliminated)
ALIKE      a cause that a view calls inseparable from the planted one, though all its runs in FOLDER show otherwise
POSSIBLE   the same of a cause that is only left possible

Two runs show otherwise where sure observers give different answers to one kind that may settle a rivalry. Behind the
colon stand the answers that no run of that cause gives in that view: *unstated* where the cause says nothing of the
kind, *unshown* where it expects the answer, and so many runs would have shown it (the expectation is wrong, or the lab
lacks a variant). Counted, but no flags are

weighed    the cause finds an answer of the run unlikely: it lost by it, and stands because nothing in view settles it
chance     the answer tells what people and programs did (what they said, what else they tried), not what is wrong
few-runs   the cause expects the answer, and has too few runs here for it to be missed
not-planted   the cause gives the answer where the lab does not plant it (tests/helpers/answers.py says when)
together   each answer by itself some run of the cause gives, only not together

Exit status 1 where an answer is called impossible by the cause that was planted.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

TOP = Path(__file__).parents[1]
sys.path.insert(0, str(TOP))

from tests.helpers.answers import Apart, Reading, Shown, apart, shown  # noqa: E402 - needs the path
from tests.helpers.cases import VIEWS, CaseFolder, folder_of  # noqa: E402

PROCESSES = 2


def main() -> None:
    told = _arguments()
    runs = [folder_of(truth) for truth in sorted(told.folder.rglob("truth.json"))]
    views = told.view or list(VIEWS)
    with ProcessPoolExecutor(PROCESSES) as processes:
        everything = [one for found in processes.map(_of_run, runs, [views] * len(runs)) for one in found]
    chosen = [one for one in everything if not told.theory or one.theory in told.theory]
    if not told.flags:
        print("\n".join(line for one in chosen for line in answered(one)))
    left = [found for found in apart(everything) if found.of in chosen]
    flags = list(flagged(chosen, left))
    print("\n".join([*flags, "", *table(chosen, left), ""]))
    print(f"{len(runs)} runs, {len(chosen)} views told of: {counted(flags)}")
    sys.exit(any(word == "never" for one in chosen for _, _, word in one.surprises))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--flags", action="store_true")
    parser.add_argument("--view", action="append", choices=list(VIEWS))
    parser.add_argument("--theory", action="append")
    return parser.parse_args()


def _of_run(run: CaseFolder, views: Sequence[str]) -> list[Shown]:
    return [one for view in views if (one := shown(run, view))]


def answered(one: Shown) -> Iterable[str]:
    """A run and view, its verdict, and what was answered; a question mark behind what no sure observer said."""
    yield f"{one.run} [{one.view}] {one.ruling}: {', '.join(one.possible)}"
    for kind, answer in one.answers.items():
        yield f"    {kind} = {answer}{'' if kind in one.sure else ' ?'}"


def flagged(runs: Sequence[Shown], left: Sequence[Apart]) -> Iterable[str]:
    """One line for each flag: surprises, then what is declared inseparable, then what is left possible."""
    for one in runs:
        for kind, answer, word in one.surprises:
            unsure = "" if kind in one.sure else " (unsure)"
            yield f"SURPRISE {one.run} [{one.view}] {one.theory} expects {kind} = {answer} {word}{unsure}"
    same: defaultdict[str, list[str]] = defaultdict(list)
    for item in sorted(left, key=lambda item: (not item.declared_alike, item.of.theory, item.theory)):
        if item.reading.is_flag:
            flag = "ALIKE   " if item.declared_alike else "POSSIBLE"
            same[f"{flag} [{item.of.view}] {item.of.theory} beside {item.theory}: {_why(item)}"].append(item.of.run)
    for says, names in same.items():
        yield f"{says} ({', '.join(names)})"


def _why(item: Apart) -> str:
    tellings = [telling for telling in item.settled_by if telling.reading.is_flag]
    return ", ".join(f"{telling.kind} = {telling.answer} {telling.reading}" for telling in tellings)


def table(runs: Sequence[Shown], left: Sequence[Apart]) -> Iterable[str]:
    """By view: how many causes stand beside a planted one though no run of theirs shows the same, and why they do."""
    yield f"| view | runs | {' | '.join(Reading)} | flags |"
    yield "|---" * (3 + len(Reading)) + "|"
    for view in dict.fromkeys(one.view for one in runs):
        readings = Counter(item.reading for item in left if item.of.view == view)
        flags = sum(number for reading, number in readings.items() if reading.is_flag)
        cells = [readings[reading] for reading in Reading]
        yield f"| {view} | {sum(one.view == view for one in runs)} | {' | '.join(map(str, cells))} | {flags} |"


def counted(flags: Sequence[str]) -> str:
    counts = Counter(flag.split(maxsplit=1)[0].lower() for flag in flags)
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or "nothing flagged"


if __name__ == "__main__":
    main()
