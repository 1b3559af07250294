"""Every recipe with a mended twin, run for real; what was planted is looked for by other eyes."""

import pytest

from bothways.lab.many import Job
from bothways.lab.recipes.catalogue import RECIPES
from tests.lab.planted import CHECKS
from tests.lab.runs import JOBS, PATIENCE, Runs

pytestmark = [pytest.mark.lab, pytest.mark.slow]

PLANTED = [job for job in JOBS if job.recipe != "healthy" and not job.mended]
SOUND = [job for job in JOBS if job not in PLANTED]


def test_all_runs_are_what_they_were_to_be(runs: Runs) -> None:
    assert runs.status == 0, [line for line in runs.said.splitlines() if ": done, " not in line]


@pytest.mark.parametrize("job", PLANTED, ids=lambda job: job.name)
def test_the_planted_fault_is_in_the_evidence(runs: Runs, job: Job) -> None:
    run = runs.of(job)
    assert run.truth["theory"] == job.recipe
    # What random loss takes, TCP may repair.
    assert run.failed() or job.recipe == "random-loss"
    CHECKS[job.recipe](run)


@pytest.mark.parametrize("job", SOUND, ids=lambda job: job.name)
def test_what_is_mended_or_was_never_broken_works(runs: Runs, job: Job) -> None:
    run = runs.of(job)
    assert run.truth["theory"] == "healthy"
    assert run.visits()
    assert not run.failed()


@pytest.mark.parametrize("job", PLANTED, ids=lambda job: job.name)
def test_the_truth_says_what_was_seen(runs: Runs, job: Job) -> None:
    truth = runs.of(job).truth
    assert truth["observed"]
    assert truth["parameters"]["patience"] == PATIENCE
    assert set(truth["where"]["addresses"]) or truth["where"]["between"]


def test_there_is_a_check_for_every_cause() -> None:
    assert set(CHECKS) == {recipe.name for recipe in RECIPES if recipe.mendable}


def test_every_cause_is_planted_and_mended() -> None:
    for jobs in (PLANTED, [job for job in JOBS if job.mended]):
        assert {job.recipe for job in jobs} == {recipe.name for recipe in RECIPES if recipe.mendable}
