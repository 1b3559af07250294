"""Sequence numbers go round: every statement must hold on both sides of zero."""

from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.sequence import HALF, MODULUS, advance, before, covers, distance, earlier, later

numbers = st.integers(0, MODULUS - 1)
steps = st.integers(-HALF, HALF - 1)


def test_zero_comes_after_the_highest_number() -> None:
    assert distance(MODULUS - 1, 0) == 1
    assert before(MODULUS - 1, 0)
    assert later(MODULUS - 1, 0) == 0
    assert earlier(MODULUS - 1, 0) == MODULUS - 1
    assert covers(MODULUS - 2, 3, 0)


@given(numbers, steps)
def test_distance_undoes_advance(start: int, step: int) -> None:
    assert distance(start, advance(start, step)) == step


@given(numbers, numbers)
def test_advancing_by_the_distance_arrives(start: int, end: int) -> None:
    assert advance(start, distance(start, end)) == end


@given(numbers, numbers)
def test_a_distance_fits_a_signed_word(start: int, end: int) -> None:
    assert -HALF <= distance(start, end) < HALF


@given(numbers, numbers, numbers)
def test_nothing_depends_on_where_zero_lies(first: int, second: int, shift: int) -> None:
    moved = advance(first, shift), advance(second, shift)
    assert distance(*moved) == distance(first, second)
    assert before(*moved) == before(first, second)


@given(numbers, numbers)
def test_of_two_different_numbers_one_is_before_the_other_unless_they_are_opposite(first: int, second: int) -> None:
    if first == second or abs(first - second) == HALF:
        assert not before(first, second)
        assert not before(second, first)
    else:
        assert before(first, second) != before(second, first)
        assert {earlier(first, second), later(first, second)} == {first, second}


@given(numbers, st.integers(0, HALF - 1), st.integers(0, HALF - 1))
def test_a_range_covers_its_start_and_not_its_end(start: int, size: int, at: int) -> None:
    assert covers(start, advance(start, size), advance(start, at)) == (at < size)
