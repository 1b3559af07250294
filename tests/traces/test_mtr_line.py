"""Hops of mtr's text forms, read from their right end."""

import pytest

from bothways.traces.mtr_columns import DEFAULT
from bothways.traces.mtr_line import are_figures, parted


def test_a_host_is_what_stands_before_the_figures() -> None:
    assert parted("AS1 a.example (192.0.2.1)  0,0%  4  0,1  0,2  0,1  0,3  0,0", DEFAULT) == (
        "AS1 a.example (192.0.2.1)",
        ["0,0%", "4", "0,1", "0,2", "0,1", "0,3", "0,0"],
    )


@pytest.mark.parametrize("rest", ["???", "(waiting for reply)", "(kein Weg zum Zielrechner)"])
def test_what_stands_for_nobody_is_nobody(rest: str) -> None:
    assert parted(rest, DEFAULT) == ("???", ())


@pytest.mark.parametrize("rest", ["a.example 0.0% 4", "a.example", "a (b) c", "x 0.0% 4 a b c d e"])
def test_figures_that_do_not_fit_the_columns_are_none(rest: str) -> None:
    assert parted(rest, DEFAULT) == (None, ())


def test_figures_are_numbers_with_point_or_comma() -> None:
    assert are_figures(["0.0%", "100,0", "4", "-1"])
    assert not are_figures(["0.0.0", "x"])
