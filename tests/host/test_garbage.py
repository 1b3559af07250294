"""How often memory is searched for circles of references."""

import gc

import pytest

from bothways.host.garbage import YOUNG, seldom_searched


def test_memory_is_searched_seldom_and_afterwards_as_before() -> None:
    before = gc.get_threshold()
    with seldom_searched():
        assert gc.get_threshold()[0] == YOUNG
    assert gc.get_threshold() == before


def test_it_is_searched_as_before_when_judging_fails() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="invalid literal"), seldom_searched():
        int("no such evidence")
    assert gc.get_threshold() == before


def test_circles_still_go() -> None:
    class Knot:
        """Refers to itself."""

        def __init__(self) -> None:
            self.itself = self

    with seldom_searched():
        for _ in range(2 * YOUNG):
            Knot()
        left = sum(type(one) is Knot for one in gc.get_objects())
    assert left <= YOUNG
