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
colon stand the answers that no run of that cause gives in that view, so the kinds that could tell; `varying` where each
of its runs differs in another way. A difference may be an accident of the runs (a port, a size): then more runs make
the flag go away.
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

from tests.helpers.answers import Apart, Shown, apart, shown  # noqa: E402 - needs the path
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
    flags = list(flagged(chosen, [found for found in apart(everything) if found.of in chosen]))
    print("\n".join(flags))
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
        why = ", ".join(f"{kind} = {answer}" for kind, answer in item.settled_by) or "varying"
        flag = "ALIKE   " if item.declared_alike else "POSSIBLE"
        same[f"{flag} [{item.of.view}] {item.of.theory} beside {item.theory}: {why}"].append(item.of.run)
    for says, names in same.items():
        yield f"{says} ({', '.join(names)})"


def counted(flags: Sequence[str]) -> str:
    counts = Counter(flag.split(maxsplit=1)[0].lower() for flag in flags)
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or "nothing flagged"


if __name__ == "__main__":
    main()
