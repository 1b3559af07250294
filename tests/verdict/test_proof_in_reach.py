from collections.abc import Collection, Sequence
from enum import StrEnum

import pytest

from bothways.facts.fact import Fact, Kind
from bothways.theories.theory import Theory
from bothways.verdict.proof_in_reach import STEP, proof_in_reach
from bothways.verdict.weighing import answer_likelihood
from tests.helpers.little_theories import ARRIVES, COUNTS, FIRST, SECOND, TTL, WAITS, Reply, fact

ARRIVES_NOT = answer_likelihood(FIRST, ARRIVES, Reply.NO)
IS_COUNTED = answer_likelihood(FIRST, COUNTS, Reply.YES)
"""What the proof of FIRST consists of: it does not arrive, and is counted."""


def _reach(
    theory: Theory | None, facts: Sequence[Fact], kinds: Collection[Kind], *, never: Collection[StrEnum] = ()
) -> float:
    return proof_in_reach(theory, {one.kind: one for one in facts}, kinds, never=never)


def test_who_can_give_the_whole_proof_gives_it_as_surely_as_the_theory_expects_its_parts() -> None:
    assert _reach(FIRST, (), (ARRIVES, COUNTS)) == pytest.approx(ARRIVES_NOT * IS_COUNTED)


def test_a_part_of_a_proof_is_worth_its_step_while_the_other_part_needs_somebody_else() -> None:
    assert _reach(FIRST, (), (ARRIVES,)) == pytest.approx(ARRIVES_NOT * STEP)


def test_a_part_that_is_known_need_not_be_brought() -> None:
    assert _reach(FIRST, (fact(ARRIVES, Reply.NO),), (COUNTS,)) == pytest.approx(IS_COUNTED)


def test_what_brings_no_part_is_worth_nothing() -> None:
    assert _reach(FIRST, (), (WAITS, TTL)) == 0
    assert _reach(FIRST, (fact(ARRIVES, Reply.NO), fact(COUNTS)), (ARRIVES, COUNTS)) == 0
    assert _reach(None, (), (ARRIVES, COUNTS)) == 0


@pytest.mark.parametrize(
    "known",
    [fact(ARRIVES), fact(ARRIVES, Reply.NO, sure=False), fact(ARRIVES, Reply.NO, decisive=False)],
    ids=["otherwise", "unsure", "undecisive"],
)
def test_a_proof_of_which_a_part_was_answered_otherwise_is_out_of_reach(known: Fact) -> None:
    assert _reach(FIRST, (known,), (COUNTS,)) == 0


def test_an_answer_that_somebody_never_has_alone_needs_somebody_else() -> None:
    assert _reach(SECOND, (), (COUNTS,)) > STEP
    assert _reach(SECOND, (), (COUNTS,), never=(Reply.NO,)) == 0
    beside = _reach(FIRST, (), (ARRIVES, COUNTS), never=(Reply.NO,))
    assert beside == pytest.approx(STEP * IS_COUNTED)
