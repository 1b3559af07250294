from itertools import combinations

from hypothesis import given

from bothways.facts.fact import Fact
from bothways.theories.catalogue import THEORIES
from bothways.verdict.inseparable import _alike, inseparable_sets
from bothways.verdict.standing import Standing, judge
from bothways.verdict.weighing import families
from tests.helpers.little_theories import ALL, ARRIVES, COUNTS, FIRST, MEASURED, SECOND, Reply, fact


def sets(*facts: Fact) -> tuple[tuple[str, ...], ...]:
    return inseparable_sets(ALL, facts, judge(ALL, facts))


def test_theories_that_no_fact_in_view_separates_are_one_set_the_likeliest_first() -> None:
    assert sets(fact(ARRIVES, Reply.NO)) == ((FIRST.id, SECOND.id),)


def test_a_fact_that_separates_them_leaves_no_set() -> None:
    assert sets(fact(ARRIVES, Reply.NO), fact(COUNTS)) == ()


def test_without_facts_nothing_is_separable() -> None:
    (everything,) = sets()
    assert set(everything) == {theory.id for theory in ALL}


@given(MEASURED)
def test_being_alike_is_symmetric_and_of_oneself(facts: list[Fact]) -> None:
    seen = families(facts)
    for one, other in combinations(THEORIES, 2):
        assert _alike(one, other, seen) == _alike(other, one, seen)
    assert all(_alike(theory, theory, seen) for theory in THEORIES)


@given(MEASURED)
def test_sets_hold_two_or_more_standing_theories_and_none_is_part_of_another(facts: list[Fact]) -> None:
    weighed = judge(THEORIES, facts)
    found = inseparable_sets(THEORIES, facts, weighed)
    assert all(len(group) > 1 for group in found)
    possible = {item.theory for item in weighed.judged if item.standing is Standing.POSSIBLE}
    assert {name for group in found for name in group} <= possible
    assert not any(set(one) <= set(other) for one in found for other in found if one is not other)
    by_id = {theory.id: theory for theory in THEORIES}
    for group in found:
        assert all(_alike(by_id[one], by_id[other], families(facts)) for one, other in combinations(group, 2))
