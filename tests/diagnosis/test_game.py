"""Whoever follows the first question from any single view soon knows the cause."""

from bothways.theories.questions import QUESTIONS
from tests.helpers.cases import CaseFolder, case_folders, judge
from tests.helpers.game import ANSWERED_BY, STARTS, Game, play

ENOUGH = 0.95


def _confirmable() -> list[CaseFolder]:
    whole = [(case, judge(case, "whole")) for case in case_folders()]
    return [case for case, diagnosis in whole if diagnosis and diagnosis.verdict.theory == case.theory]


def test_the_file_that_the_first_question_asks_for_confirms_the_cause_within_two_rounds() -> None:
    games: list[tuple[CaseFolder, Game]] = []
    for case in _confirmable():
        games += [(case, game) for start in STARTS if (game := play(case, start))]
    lost = [f"{case.id}: {game}" for case, game in games if not game.won(case.theory)]
    assert len(games) >= 50
    assert len(lost) <= (1 - ENOUGH) * len(games), "\n".join(lost)


def test_every_answer_belongs_to_a_question() -> None:
    assert set(ANSWERED_BY) <= {question.id for question in QUESTIONS}
