"""How much of two path reports the alignment lays side by side, by the lab's truth: `python bench/alignment.py`.

Roads are networks of long paths that the lab builds from seeds (`bothways.lab.roads`); path tools report from both
ends; what is claimed of the reports is compared with what was built. Needs root, but with `--from`.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

TOP = Path(__file__).parents[1]
sys.path.insert(0, str(TOP))

from bothways.errors import BothwaysError  # noqa: E402 - as above
from bothways.lab.roads.road import road  # noqa: E402 - as above
from bothways.lab.roads.travelled import travel  # noqa: E402 - as above
from tests.helpers.road_truth import Hint  # noqa: E402 - as above
from tests.helpers.roads import Judged, Verdict, judged  # noqa: E402 - as above

CUTS = (0.99, 0.98, 0.97, 0.96, 0.95, 0.9, 0.8, 0.5)
"""Confidences at which a pair could be claimed."""

_Line = tuple[str, int, int]
"""What is counted, how many there are, of how many."""


def made(seeds: Iterable[int], folder: Path) -> list[Path]:
    """Build the roads that are not in *folder* yet; return the folder of each that came out."""
    found = []
    for seed in seeds:
        place = folder / f"{seed:05}"
        if not (place / "truth.json").exists():
            try:
                travel(road(seed), place, lambda _: None)
            except BothwaysError as error:
                print(f"road {seed}: {error}", file=sys.stderr)
                continue
        found.append(place)
    return found


def share(what: str, routers: Iterable[Judged]) -> _Line:
    """How many of these are paired."""
    listed = list(routers)
    return what, sum(one.paired for one in listed), len(listed)


def lines(verdicts: list[Verdict]) -> list[_Line]:
    """Every count, in the order of the table."""
    everything = [(verdict, one) for verdict in verdicts for one in verdict.routers]
    groups: list[tuple[str, Callable[[Verdict, Judged], str]]] = [
        ("hint", lambda _, one: one.hint),
        ("replies", lambda _, one: one.answers),
        *((trait, lambda verdict, _, trait=trait: verdict.traits[trait]) for trait in verdicts[0].traits),
    ]
    allowed = [one for _, one in everything if one.hint is not Hint.NEITHER]
    neither = [one for _, one in everything if one.hint is Hint.NEITHER]
    counted = [
        share("paired, of all that could be", (one for _, one in everything)),
        share("paired, where names or subnets allow it", allowed),
        share("paired, where neither does", neither),
        (
            "pairs claimed that are wrong",
            sum(len(verdict.wrong) for verdict in verdicts),
            sum(v.claimed for v in verdicts),
        ),
        (
            "absences claimed that are wrong",
            sum(len(verdict.wrong_only) for verdict in verdicts),
            sum(verdict.only for verdict in verdicts),
        ),
    ]
    for title, key in groups:
        for value in sorted({key(verdict, one) for verdict, one in everything}):
            chosen = [one for verdict, one in everything if key(verdict, one) == value]
            counted.append(share(f"paired, {title}: {value}", chosen))
            bare = [one for one in chosen if one.hint is Hint.NEITHER]
            if bare and title != "hint":
                counted.append(share("  of these where neither allows it", bare))
    return counted


def cuts(verdicts: list[Verdict]) -> list[_Line]:
    """Of the rows that are at least so sure: how many are no pair."""
    likely = [row for verdict in verdicts for row in verdict.likely]
    found = []
    for cut in CUTS:
        right = [same for confidence, same in likely if confidence >= cut]
        found.append(
            (f"no pair, of rows with both sides of confidence {cut:g} and more", right.count(False), len(right))
        )
    return found


def document(verdicts: list[Verdict]) -> dict[str, object]:
    """Everything as one value."""
    return {
        "roads": len(verdicts),
        "counts": [{"what": what.strip(), "count": count, "of": of} for what, count, of in lines(verdicts)],
        "cuts": [
            {"confidence": cut, "wrong": wrong, "of": of}
            for cut, (_, wrong, of) in zip(CUTS, cuts(verdicts), strict=True)
        ],
        "seconds": {
            "median": statistics.median(verdict.seconds for verdict in verdicts),
            "most": max(verdict.seconds for verdict in verdicts),
        },
        "wrong": {verdict.road: [*verdict.wrong, *verdict.wrong_only] for verdict in verdicts},
        "strays": {verdict.road: list(verdict.strays) for verdict in verdicts if verdict.strays},
    }


def table(verdicts: list[Verdict], *, details: bool) -> str:
    """The same, to be read."""
    rows = [
        f"{len(verdicts)} roads, {sum(len(verdict.routers) for verdict in verdicts)} routers that answered on both ways"
    ]
    for what, count, of in (*lines(verdicts), *cuts(verdicts)):
        percent = f"{100 * count / of:6.1f} %" if of else "       -"
        rows.append(f"{what:62} {count:5} of {of:5} {percent}")
    spent = sorted(verdict.seconds for verdict in verdicts)
    rows.append(f"seconds of an alignment: {statistics.median(spent):.4f} (median), {spent[-1]:.4f} (most)")
    strays = sum(len(verdict.strays) for verdict in verdicts)
    rows += [f"replies that the truth does not have: {strays}"] if strays else []
    if details:
        for verdict in verdicts:
            missed = [f"{one.router} ({one.hint})" for one in verdict.routers if not one.paired]
            said = [
                ("missed", missed),
                ("wrong", verdict.wrong),
                ("wrong", verdict.wrong_only),
                ("stray", verdict.strays),
            ]
            rows += [f"{verdict.road}: {word}: {'; '.join(found)}" for word, found in said if found]
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40, help="roads to build")
    parser.add_argument("--seed", type=int, default=1, help="of the first; the others follow")
    parser.add_argument("--keep", type=Path, help="where reports and truth are kept; what is there is not built again")
    parser.add_argument("--from", dest="source", type=Path, help="judge the folders in there, and build nothing")
    parser.add_argument("--alone", action="store_true", help="do not tell which hosts the ends are")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--details", action="store_true", help="what was missed or wrong, road by road")
    arguments = parser.parse_args()
    with TemporaryDirectory(prefix="bothways-roads-") as scratch:
        if arguments.source:
            folders = sorted(file.parent for file in arguments.source.glob("*/truth.json"))
        else:
            folders = made(range(arguments.seed, arguments.seed + arguments.runs), arguments.keep or Path(scratch))
        if not folders:
            sys.exit("no road to judge")
        verdicts = [judged(folder, alone=arguments.alone) for folder in folders]
    print(json.dumps(document(verdicts), indent=1) if arguments.json else table(verdicts, details=arguments.details))


if __name__ == "__main__":
    main()
