"""All runs of the lab, some at a time, each a lab of its own."""

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bothways.errors import BothwaysError, CallError
from bothways.lab.progress import Finished, silent
from bothways.lab.recipes.catalogue import RECIPES, find
from bothways.lab.recipes.recipe import PATIENCE
from bothways.lab.run import run
from bothways.lab.scenarios import every_run, run_name, scenario_of
from bothways.lab.world import world
from bothways.lab.world.world import end_with_parent

Tell = Callable[["Finished"], None]


@dataclass(frozen=True, kw_only=True)
class Job:
    """One run that is to be done."""

    recipe: str
    settings: Mapping[str, str]
    """What makes it this variant."""
    common: Mapping[str, str]
    """What was set for all."""
    seed: int
    mended: bool
    folder: str = ""
    """What its folder is called; empty for what it is by recipe and variant."""

    @property
    def name(self) -> str:
        """What it is told as, and its folder is called."""
        return self.folder or run_name(self.recipe, self.settings, mended=self.mended)


def every_job(seed: int, settings: Mapping[str, str]) -> list[Job]:
    """Return the jobs of all variants and twins; *settings* go to every recipe that has them, over a variant's own.

    Raises:
        CallError: no recipe has such a setting.
    """
    known = {key for recipe in RECIPES for key in recipe.offered} | {PATIENCE}
    if strangers := settings.keys() - known:
        message = (
            f"no recipe has a setting {', '.join(map(repr, sorted(strangers)))}; some have {', '.join(sorted(known))}"
        )
        raise CallError(message)
    jobs: dict[str, Job] = {}
    for recipe, own, its_seed, mended in every_run(seed):
        offered = find(recipe).offered
        common = {key: value for key, value in settings.items() if key in offered or key == PATIENCE}
        job = Job(recipe=recipe, settings=own, common=common, seed=its_seed, mended=mended)
        jobs.setdefault(job.name, job)
    return list(jobs.values())


def run_all(jobs: Sequence[Job], out: Path, *, at_once: int, tell: Tell) -> list[Finished]:
    """Do all jobs, each into a folder of its name in *out*, and tell of each as it ends.

    Raises:
        OSError: no more processes can be made.
    """
    world.insist()
    waiting = deque(jobs)
    running: dict[int, _Begun] = {}
    finished: list[Finished] = []
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                begun = _begin(waiting.popleft(), out)
                running[begun.process] = begun
            process, _ = os.wait()
            finished.append(running.pop(process).finish())
            tell(finished[-1])
    finally:
        for process in running:
            os.kill(process, signal.SIGTERM)
        for process in running:
            os.waitpid(process, 0)
    return finished


@dataclass(frozen=True, kw_only=True)
class _Begun:
    job: Job
    process: int
    said: int
    """A pipe, in which it says what went wrong."""
    at: float

    def finish(self) -> Finished:
        with os.fdopen(self.said, encoding="utf-8") as pipe:
            problem = pipe.read()
        return Finished(name=self.job.name, problem=problem, seconds=time.monotonic() - self.at)


def _begin(job: Job, out: Path) -> _Begun:
    """A process for each, as a world is begun by a process that has one thread."""
    said, say = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process == 0:
        end_with_parent()
        os.setpgid(0, 0)  # Ctrl-C is for us, who then tell the others
        os.close(said)
        with os.fdopen(say, "w", encoding="utf-8") as pipe:
            pipe.write(_do(job, out))
        os._exit(0)
    os.close(say)
    return _Begun(job=job, process=process, said=said, at=time.monotonic())


def _do(job: Job, out: Path) -> str:
    try:
        scenario = scenario_of(job.recipe, {**job.settings, **job.common}, seed=job.seed, mended=job.mended)
        run(scenario, out / job.name, silent)
    except BothwaysError as error:
        return str(error)
    except BaseException as error:  # noqa: BLE001 - told to the other process, which goes on with the rest
        return f"{type(error).__name__}: {error}"
    return ""
