"""What a theory expects, in words."""

from enum import StrEnum

import pytest

from bothways.facts.acceptance import SERVER_TOOK_ACK, SYN_ACK_REPEATS, Repeats, Took
from bothways.report.expected import in_words, proofs, rows
from bothways.theories.theory import Expect, expect, proof
from tests.helpers.judging import theory

A, U, E, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.NEVER


def test_an_answer_is_said_without_its_dashes() -> None:
    assert in_words(Took.NOT_TAKEN) == "not taken"


@pytest.mark.parametrize(
    ("stated", "rest", "says"),
    [
        ({Repeats.SEVERAL: A}, N, "always several; never none or one"),
        ({Repeats.NONE: E, Repeats.SEVERAL: U, Repeats.ONE: E}, N, "usually several; may be none or one"),
        ({}, N, "the question never arises"),
    ],
)
def test_a_row_says_the_likeliest_first(stated: dict[StrEnum, Expect], rest: Expect, says: str) -> None:
    (row,) = rows(theory("port-closed", expect(SYN_ACK_REPEATS, stated, rest=rest)))
    assert row.says == says


def test_a_proof_lists_its_answers_in_the_order_of_the_expectations() -> None:
    made = theory(
        "port-closed",
        expect(SYN_ACK_REPEATS, {Repeats.SEVERAL: A}),
        expect(SERVER_TOOK_ACK, {Took.NOT_TAKEN: A}),
        proofs=[proof((SERVER_TOOK_ACK, Took.NOT_TAKEN), (SYN_ACK_REPEATS, Repeats.SEVERAL))],
    )
    assert proofs(made) == (((SYN_ACK_REPEATS, "several"), (SERVER_TOOK_ACK, "not taken")),)
