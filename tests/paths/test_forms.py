from itertools import groupby, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.paths.forms import SELDOM, Apart, forms, orderly


def run(text: str) -> dict[int, tuple[tuple[str | None, str | None], ...]]:
    """`a b|c ?`: names at distances 1, 2 and 3."""
    return {
        index: () if said == "?" else tuple((name, None) for name in said.split("|"))
        for index, said in enumerate(text.split(), start=1)
    }


def sorted_into(*texts: str) -> list[tuple[int, ...]]:
    return [form.runs for form in forms([run(text) for text in texts], list(range(len(texts))))]


@pytest.mark.parametrize(("one", "other", "stretches"), [(2, 3, 2), (3, 3, 3), (1, 4, 3), (4, 4, 4), (3, 4, 5)])
def test_the_chance_of_an_order_is_counted_exactly(one: int, other: int, stretches: int) -> None:
    rows = set(permutations("a" * one + "b" * other))
    rare = sum(sum(1 for _ in groupby(row)) <= stretches for row in rows) * SELDOM < len(rows)
    assert orderly((one, other), stretches) == rare


def test_five_before_and_five_after_are_a_change_and_four_are_not() -> None:
    assert orderly((5, 5), 2)
    assert not orderly((4, 4), 2)
    assert not orderly((10, 0), 1)


def test_thousands_of_runs_are_counted_too() -> None:
    assert orderly((1500, 1500), 1200)
    assert not orderly((1500, 1500), 1490)


def test_a_way_that_went_elsewhere_for_a_while_has_two_forms() -> None:
    found = sorted_into(*["a b d"] * 6, *["a c d"] * 6, *["a b d"] * 6)
    assert found == [(*range(6), *range(12, 18)), tuple(range(6, 12))]


def test_a_run_that_is_silent_there_goes_with_the_one_before_it() -> None:
    assert sorted_into(*["a b"] * 5, "a ?", *["a c"] * 5) == [tuple(range(6)), tuple(range(6, 11))]


def test_a_distance_where_one_run_sees_two_routers_shows_no_change() -> None:
    assert len(sorted_into(*["a b"] * 6, "a b|c", *["a c"] * 6)) == 1


def test_a_router_that_comes_later_in_some_runs_makes_them_another_form() -> None:
    assert sorted_into("a b d", "a c e d", "a b d") == [(0, 2), (1,)]


def test_an_end_that_answers_late_because_its_own_distance_was_silent_is_no_longer_way() -> None:
    assert sorted_into("a b c d", "a b ? ? ? d", "a ? c d") == [(0, 1, 2)]
    assert sorted_into("a b ? ? ? d", "a b c d") == [(0, 1)]
    assert sorted_into("a b c d", "a b c e ? d") == [(0,), (1,)]


def test_a_name_that_many_routers_bear_is_no_mark_of_a_shift() -> None:
    assert sorted_into("_gateway b", "x _gateway") == [(0, 1)]


def test_what_has_more_forms_than_can_be_told_apart_stays_whole_in_time() -> None:
    texts = [f"a r{number // 6}" for number in range(40 * 6)]
    assert sorted(number for runs in sorted_into(*texts) for number in runs) == list(range(240))


@given(st.lists(st.lists(st.sampled_from("abcd?"), max_size=4).map(" ".join), max_size=12), st.booleans())
def test_each_run_stands_in_one_form(texts: list[str], timed: bool) -> None:  # noqa: FBT001 - drawn
    found = forms([run(text) for text in texts], list(range(len(texts))) if timed else None)
    assert sorted(number for form in found for number in form.runs) == list(range(len(texts)))
    assert all((form.apart is None) == (len(found) == 1) for form in found)
    if not timed:
        assert all(form.apart is not Apart.TIME for form in found)
