from dataclasses import replace

from tests.helpers.answers import Shown, apart, differences, shown
from tests.helpers.cases import CASES, folder_of


def run(theory: str, *, possible: tuple[str, ...] = (), **answers: str) -> Shown:
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


def test_only_what_both_answered_surely_makes_a_difference() -> None:
    one, other = run("a", reset="none", took="taken", left="data"), run("b", reset="late", took="taken")
    assert differences(one, other) == ("reset",)
    assert differences(one, replace(other, sure=frozenset({"took"}))) == ()


def test_a_cause_all_whose_runs_differ_is_told_with_the_answers_that_it_never_gives() -> None:
    one = run("a", possible=("a", "b"), reset="none", took="taken")
    found = list(apart([one, run("b", reset="late", took="taken"), run("b", reset="late", took="not-taken")]))
    assert [(item.theory, item.settled_by, item.declared_alike) for item in found] == [
        ("b", (("reset", "none"),), False)
    ]


def test_a_cause_of_which_one_run_looks_the_same_is_rightly_possible() -> None:
    one = run("a", possible=("a", "b"), reset="none")
    assert list(apart([one, run("b", reset="late"), run("b", took="taken")])) == []


def test_runs_that_differ_each_in_its_own_way_are_told_without_an_answer() -> None:
    one = run("a", possible=("a", "b"), reset="none", took="taken")
    theirs = [run("b", reset="late", took="taken"), run("b", reset="none", took="not-taken")]
    assert [item.settled_by for item in apart([one, *theirs])] == [()]


def test_a_case_is_told_in_plain_words() -> None:
    told = shown(folder_of(CASES / "asymmetric-bypass" / "asymmetric-bypass" / "truth.json"), "client")
    assert told is not None
    assert told.answers["server-took-ack"] == "not-taken"
    assert told.surprises == ()
    assert {"asymmetric-bypass", "established-outbound-drop"} <= set(told.possible)
