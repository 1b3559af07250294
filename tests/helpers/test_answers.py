from dataclasses import replace

import pytest

from bothways.facts.catalogue import kind_called
from tests.helpers.answers import CHANCE, NOT_PLANTED, Reading, Shown, apart, differences, reading_of, shown
from tests.helpers.cases import CASES, folder_of

LOOP = "routing-loop"


def run(theory: str, answers: dict[str, str], *, possible: tuple[str, ...] = ()) -> Shown:
    return Shown(
        run=f"a run of {theory}",
        theory=theory,
        view="client",
        ruling="open",
        possible=possible,
        inseparable=(),
        answers=answers,
        sure=frozenset(answers),
        surprises=(),
    )


def beside_loop(answers: dict[str, str]) -> Shown:
    """A run of another cause, beside which the loop is left standing."""
    return run("port-closed", answers, possible=("port-closed", LOOP))


def test_only_what_both_answered_surely_makes_a_difference() -> None:
    one, other = (
        run("a", {"reset": "none", "took": "taken", "left": "data"}),
        run("b", {"reset": "late", "took": "taken"}),
    )
    assert differences(one, other) == ("reset",)
    assert differences(one, replace(other, sure=frozenset({"took"}))) == ()


def test_a_cause_all_whose_runs_differ_is_told_with_the_answers_that_it_never_gives() -> None:
    one = beside_loop({"answer-to-syn": "nothing", "health": "failed"})
    theirs = [run(LOOP, {"answer-to-syn": "icmp-unreachable", "health": health}) for health in ("failed", "degraded")]
    (found,) = apart([one, *theirs])
    assert (found.theory, found.declared_alike) == (LOOP, False)
    assert [(telling.kind, telling.answer) for telling in found.settled_by] == [("answer-to-syn", "nothing")]


def test_a_cause_of_which_one_run_looks_the_same_is_rightly_possible() -> None:
    one = beside_loop({"answer-to-syn": "nothing"})
    theirs = [run(LOOP, {"answer-to-syn": "icmp-unreachable"}), run(LOOP, {"health": "failed"})]
    assert list(apart([one, *theirs])) == []


def test_runs_that_differ_each_in_its_own_way_are_no_flag() -> None:
    one = beside_loop({"answer-to-syn": "nothing", "icmp-there": "none"})
    theirs = [
        run(LOOP, {"answer-to-syn": "icmp-unreachable", "icmp-there": "none"}),
        run(LOOP, {"answer-to-syn": "nothing", "icmp-there": "expired"}),
    ]
    (found,) = apart([one, *theirs])
    assert (found.settled_by, found.reading) == ((), Reading.TOGETHER)
    assert not found.reading.is_flag


@pytest.mark.parametrize(
    ("kind", "answer", "runs", "reading"),
    [
        # A loop whose errors nobody delivers: expected, and missed only after some runs without it.
        ("icmp-there", "none", 2, Reading.FEW_RUNS),
        ("icmp-there", "none", 20, Reading.UNSHOWN),
        ("answer-to-syn", "reset", 9, Reading.WEIGHED),
        ("stuck-content", "client-hello", 9, Reading.CHANCE),
        # The loop says nothing of what an acknowledgement would have said.
        ("client-data-acked", "no", 9, Reading.UNSTATED),
    ],
)
def test_what_a_missing_answer_says_depends_on_what_was_expected(
    kind: str, answer: str, runs: int, reading: Reading
) -> None:
    assert reading_of(LOOP, kind, answer, runs=runs) is reading


def test_what_the_lab_does_not_plant_is_expected_and_named() -> None:
    for theory, kind, answer in NOT_PLANTED:
        assert reading_of(theory, kind, answer, runs=99) is Reading.NOT_PLANTED


def test_what_a_cause_finds_unlikely_was_weighed_whatever_else_differs() -> None:
    one = beside_loop({"answer-to-syn": "nothing", "loop": "none"})
    theirs = [run(LOOP, {"answer-to-syn": "icmp-unreachable"})] * 9
    (found,) = apart([one, *theirs])
    assert found.reading is Reading.WEIGHED


def test_every_answer_that_is_left_to_chance_is_one_of_a_kind() -> None:
    for name, answers in CHANCE.items():
        kind = kind_called(name)
        assert kind is not None, name
        assert (answers or set()) <= {str(answer) for answer in kind.answers}


def test_a_case_is_told_in_plain_words() -> None:
    told = shown(folder_of(CASES / "asymmetric-bypass" / "asymmetric-bypass" / "truth.json"), "client")
    assert told is not None
    assert told.answers["server-took-ack"] == "not-taken"
    assert told.surprises == ()
    assert {"asymmetric-bypass", "established-outbound-drop"} <= set(told.possible)
