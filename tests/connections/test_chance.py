from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.connections.chance import at_least, by_chance


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, int, int, int]:
    total = draw(st.integers(1, 60))
    marked, drawn = draw(st.integers(0, total)), draw(st.integers(0, total))
    hits = draw(st.integers(max(0, marked + drawn - total), min(marked, drawn)))
    return hits, drawn, marked, total


@given(tables())
def test_it_is_the_share_of_all_ways_to_draw_that_are_as_good(table: tuple[int, int, int, int]) -> None:
    hits, drawn, marked, total = table
    good = sum(comb(marked, n) * comb(total - marked, drawn - n) for n in range(hits, min(marked, drawn) + 1))
    assert by_chance(hits, drawn, marked, total) == pytest.approx(float(Fraction(good, comb(total, drawn))), rel=1e-9)


def test_three_against_three_is_one_of_twenty() -> None:
    assert by_chance(3, 3, 3, 6) == pytest.approx(0.05)


def test_very_many_connections_take_no_time_and_stay_a_probability() -> None:
    assert by_chance(50_000, 50_000, 50_000, 100_000) == 0.0
    assert 0.4 < by_chance(25_000, 50_000, 50_000, 100_000) < 0.6


@pytest.mark.parametrize("table", [(4, 3, 5, 9), (0, 5, 6, 9), (1, 2, 10, 9), (-1, 2, 2, 9)])
def test_numbers_that_are_no_table_are_refused(table: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="cannot be among"):
        by_chance(*table)


@given(tries=st.integers(1, 80), share=st.floats(0.001, 0.999), data=st.data())
def test_it_is_the_share_of_all_outcomes_with_as_many_hits(tries: int, share: float, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, tries))
    tail = sum(comb(tries, n) * share**n * (1 - share) ** (tries - n) for n in range(hits, tries + 1))
    assert at_least(hits, tries, share) == pytest.approx(tail, rel=1e-6, abs=1e-12)
