"""Have `bothways check` find every fault that the lab can plant, from the client alone, and print how that went.

    python tools/check_matrix.py OUT [--seeds 3] [--only RECIPE]... [--all-variants] [--unprivileged] [--at-once 2]

Each run is a network of its own, with the scenario's other clients at work where the fault needs them. What is judged
is the document that `check --json` prints, against the truth of the scenario: a cause that is confirmed must be the
true one, the true one must not be eliminated or missing, a fault must not be called healthy, and the place must hold
the true one. OUT keeps each run's document and dossier.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bothways.lab.model.scenario import Scenario, Truth
from bothways.lab.recipes.catalogue import RECIPES
from bothways.lab.scenarios import run_name, scenario_of

ASKED_FOR = 200_000
"""Bytes of the page: what fails only in long transfers fails in it."""

PATIENCE_S = 120.0
"""Many times what a check may take."""

NEEDS_ITS_CLIENTS = frozenset({"accept-queue-overflow", "state-table-full"})
"""Faults that are made by what other clients hold."""

ALSO = {"accept-queue-overflow": "server-ignores-syn"}
"""What else is true: a queue that stays full makes the server's kernel ignore new SYNs, too."""

NOBODY_CHECKS = frozenset(
    {
        # Faults of one program or one conversation, which another one from the same host does not meet.
        "client-gone-or-spoofed",
        "receive-window-closed",
        "stale-tuple",
        "state-expired",
    }
)
"""Recipes that a check from the client need not see; what it does say must still not be wrong."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One check of one planted fault."""

    recipe: str
    settings: Mapping[str, str]
    seed: int
    mended: bool = False
    flags: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"{run_name(self.recipe, self.settings, mended=self.mended)}.{self.seed}"


@dataclass(frozen=True, kw_only=True)
class Result:
    """How one went."""

    run: Run
    truth: str
    standing: str
    theory: str | None
    possible: tuple[str, ...] = ()
    where: str = ""
    seconds: float = 0.0
    problems: tuple[str, ...] = field(default=())


def runs(seeds: int, only: Sequence[str], flags: tuple[str, ...], *, every: bool) -> Iterator[Run]:
    """Every recipe, as it is by itself or in *every* variant, with so many seeds."""
    for recipe in RECIPES:
        if only and recipe.name not in only:
            continue
        variants = list(recipe.variants())
        strict = [one for one in variants if one == {"pickup": "strict"}]
        for settings in variants if every else [{}, *strict]:
            for seed in range(seeds):
                yield Run(recipe=recipe.name, settings=settings, seed=seed, flags=flags)


def done(run: Run, out: Path) -> Result:
    """Check it and hold the answer against the truth."""
    scenario = scenario_of(run.recipe, run.settings, seed=run.seed, mended=run.mended)
    truth = _truth(scenario)
    name = truth.name or truth.server
    url = f"{_scheme(scenario, truth)}://{name}:{truth.port}/{ASKED_FOR}"
    resolved = ["--resolve", f"{name}:{truth.port}:{truth.server}"] if truth.name else []
    control = ["--control", truth.control] if truth.control else []
    saved = out / f"{run.name}.zip"
    check = [sys.executable, "-m", "bothways", "check", url, *resolved, *control]
    up = [sys.executable, "-m", "bothways", "lab", "up", run.recipe, "--seed", str(run.seed)]
    settings = [word for key, value in run.settings.items() for word in ("--set", f"{key}={value}")]
    busy = ["--busy"] if run.recipe in NEEDS_ITS_CLIENTS else []
    command = [
        *up,
        *settings,
        *busy,
        *(["--mended"] if run.mended else []),
        "--",
        *check,
        "--json",
        "--save",
        str(saved),
    ]
    began = time.monotonic()
    ended = subprocess.run([*command, *run.flags], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    spent = time.monotonic() - began
    (out / f"{run.name}.json").write_text(ended.stdout, encoding="utf-8")
    (out / f"{run.name}.err").write_text(ended.stderr, encoding="utf-8")
    try:
        document = json.loads(ended.stdout)
    except ValueError:
        said = ended.stderr.strip().splitlines()[-1:] or [f"exit status {ended.returncode}"]
        return Result(run=run, truth=truth.theory, standing="none", theory=None, seconds=spent, problems=tuple(said))
    return judged(run, scenario, document, spent)


def _scheme(scenario: Scenario, truth: Truth) -> str:
    """What the server's program speaks at the port, as a user would know it."""
    speaks = {(one.node, one.port): one.speaks for one in scenario.services}
    return {"tls": "https", "greeting": "tcp", "echo": "tcp"}.get(speaks.get(("server", truth.port), "http"), "http")


def _truth(scenario: Scenario) -> Truth:
    if scenario.truth is None:
        raise ValueError(scenario.name)  # no recipe leaves it out
    return scenario.truth


def judged(run: Run, scenario: Scenario, document: Mapping[str, Any], spent: float) -> Result:
    """What is wrong with the answer."""
    truth = _truth(scenario)
    verdict = document["verdict"]
    standing, theory, possible = verdict["standing"], verdict["theory"], tuple(verdict["possible"])
    problems = []
    if theory is not None and theory != truth.theory:
        problems.append(f"WRONG: confirmed {theory}")
    if standing == "healthy" and truth.theory != "healthy" and run.recipe not in NOBODY_CHECKS:
        problems.append("WRONG: healthy")
    if standing in {"open", "confirmed"} and truth.theory == "healthy":
        problems.append(f"WRONG: {standing} where nothing is wrong")
    told_as = ALSO.get(truth.theory, truth.theory)
    if standing == "open" and run.recipe not in NOBODY_CHECKS and not {truth.theory, told_as} & set(possible):
        problems.append("WRONG: the truth is not possible")
    where = verdict.get("where")
    shown = _place(where)
    if where and truth.where and not _holds(where, truth.where.way, truth.where.addresses):
        problems.append(f"PLACE: {shown}, not {truth.where.way} {'-'.join(truth.where.between)}")
    return Result(
        run=run,
        truth=truth.theory,
        standing=standing,
        theory=theory,
        possible=possible,
        where=shown,
        seconds=spent,
        problems=tuple(problems),
    )


def _place(where: Mapping[str, Any] | None) -> str:
    if not where:
        return ""
    hops = ", ".join(f"{hop['index']} {hop['address'] or hop['name']}" for hop in where["hops"])
    return f"{where['way']}: {' | '.join(where['between'])} [{hops}]"


def _holds(where: Mapping[str, Any], way: str, addresses: Sequence[str]) -> bool:
    """Whether the true place is among the hops that the verdict names; where it names none, by its way alone."""
    if where["way"] != way:
        return False
    named = {hop["address"] for hop in where["hops"]}
    return not named or bool(named & set(addresses))


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--all-variants", action="store_true")
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--flag", action="append", default=[], help="another option for check, e.g. --flag=--quick")
    said = parser.parse_args()
    said.out.mkdir(parents=True, exist_ok=True)
    todo = list(runs(said.seeds, said.only, tuple(said.flag), every=said.all_variants))
    wrong = 0
    with ThreadPoolExecutor(said.at_once) as several:
        for result in several.map(lambda run: done(run, said.out), todo):
            wrong += bool(result.problems)
            told = result.theory or ", ".join(result.possible[:6])
            print(
                f"{result.run.name:60} {result.seconds:5.1f} s  {result.standing:12} {told}  @ {result.where}"
                + "".join(f"\n    {problem}" for problem in result.problems),
                flush=True,
            )
    print(f"{len(todo)} runs, {wrong} with problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
