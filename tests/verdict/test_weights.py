import inspect
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest

from bothways.facts.acceptance import SERVER_TOOK_ACK, Took
from bothways.facts.fact import Fact
from bothways.theories.catalogue import THEORIES, UNEXPLAINED
from bothways.theories.theory import Expect, expect
from bothways.verdict import weighing, weights
from bothways.verdict.standing import judge
from bothways.verdict.weighing import answer_likelihood, weigh
from bothways.verdict.weights import (
    CONFIRMED_FROM,
    DECISIVE_RATIO,
    INSEPARABLE_RATIO,
    LIKELIHOOD,
    PRIORS,
    WORTH_NAMING,
)
from tests.helpers.cases import case_folders
from tests.helpers.cases import judge as diagnosed
from tests.helpers.judging import theory


def test_every_word_has_its_number_and_they_fall_from_always_to_never() -> None:
    assert list(LIKELIHOOD) == list(Expect)
    numbers = list(LIKELIHOOD.values())
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == len(numbers)
    assert 0 < numbers[-1] <= 0.001
    assert numbers[0] == 1


def test_every_theory_has_a_prior_and_nothing_else_has() -> None:
    assert set(PRIORS) == {theory.id for theory in THEORIES} | {UNEXPLAINED}


def test_every_prior_is_a_share() -> None:
    assert all(0 < prior < 1 for prior in PRIORS.values())


def test_every_prior_has_its_reason() -> None:
    source = inspect.getsource(weights).partition("PRIORS:")[2].partition("CONFIRMED_FROM")[0].splitlines()
    entries = {}
    for before, line in pairwise(source):
        if found := re.match(r'\s+(?:"([a-z-]+)"|(UNEXPLAINED)): [\d.]+,(.*)', line):
            entries[found[1] or UNEXPLAINED] = "#" in found[3] or before.strip().startswith("#")
    assert set(entries) == set(PRIORS)
    assert [name for name, reason in entries.items() if not reason] == []


def test_the_bounds_are_the_contracts() -> None:
    assert CONFIRMED_FROM == 0.95
    assert DECISIVE_RATIO == 20
    assert 1 < INSEPARABLE_RATIO <= DECISIVE_RATIO
    assert 0 < WORTH_NAMING < 1 - CONFIRMED_FROM


def test_usually_settles_nothing_alone() -> None:
    assert LIKELIHOOD[Expect.USUALLY] < DECISIVE_RATIO * LIKELIHOOD[Expect.EVEN]
    assert LIKELIHOOD[Expect.ALWAYS] < DECISIVE_RATIO * LIKELIHOOD[Expect.EVEN]


def test_rarely_is_just_decisive_against_even_odds_of_two_answers() -> None:
    surprised = theory(
        "port-closed", expect(SERVER_TOOK_ACK, {Took.TAKEN: Expect.ALWAYS, Took.NOT_TAKEN: Expect.RARELY})
    )
    ratio = answer_likelihood(None, SERVER_TOOK_ACK, Took.NOT_TAKEN) / answer_likelihood(
        surprised, SERVER_TOOK_ACK, Took.NOT_TAKEN
    )
    assert DECISIVE_RATIO <= ratio <= 1.5 * DECISIVE_RATIO


@pytest.fixture(scope="module")
def measured() -> list[tuple[str, str | None, Sequence[Fact]]]:
    """Every failing target of the collection: its planted cause, what was confirmed, and the facts."""
    found: list[tuple[str, str | None, Sequence[Fact]]] = []
    for case in case_folders():
        diagnosis = diagnosed(case, "whole")
        assert diagnosis is not None
        found += [(case.theory, target.verdict.theory, target.facts) for target in diagnosis.targets if target.judged]
    return found


@pytest.mark.parametrize("factor", [3, 1 / 3])
def test_a_prior_wrong_by_a_factor_of_three_confirms_no_other_cause(
    factor: float, measured: list[tuple[str, str | None, Sequence[Fact]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for planted, confirmed, facts in measured:
        weighed = weigh(THEORIES, facts)
        for name in PRIORS:
            posterior = with_another_prior(weighed, name, factor)
            likeliest = max(posterior, key=lambda item: posterior[item])
            if confirmed:
                assert likeliest == confirmed, (planted, name)
            elif posterior[likeliest] >= CONFIRMED_FROM:
                with monkeypatch.context() as changed:
                    changed.setattr(weighing, "PRIORS", {**PRIORS, name: PRIORS[name] * factor})
                    assert judge(THEORIES, facts).confirmed in {None, planted}, (planted, name)


def with_another_prior(weighed: Mapping[str, float], name: str, factor: float) -> dict[str, float]:
    """What *weighed* would be were the prior of *name* another: a posterior is in proportion to its prior."""
    changed = {**weighed, name: weighed[name] * factor}
    whole = sum(changed.values())
    return {item: share / whole for item, share in changed.items()}


def test_a_posterior_is_in_proportion_to_its_prior(
    measured: list[tuple[str, str | None, Sequence[Fact]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, facts = measured[0]
    before = weigh(THEORIES, facts)
    monkeypatch.setattr(weighing, "PRIORS", {**PRIORS, "port-closed": PRIORS["port-closed"] * 3})
    assert weigh(THEORIES, facts) == pytest.approx(with_another_prior(before, "port-closed", 3))
