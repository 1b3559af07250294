"""Waiting for conditions."""

import itertools

import pytest

from bothways.lab.world.waiting import until


def test_waiting_ends_when_the_condition_holds() -> None:
    looks = itertools.count()
    until(lambda: next(looks) == 3, "the fourth look")
    assert next(looks) == 4


def test_a_condition_that_holds_is_looked_at_once() -> None:
    looks = itertools.count()
    until(lambda: next(looks) == 0, "the first look", seconds=0)
    assert next(looks) == 1


def test_waiting_in_vain_says_for_what() -> None:
    with pytest.raises(TimeoutError, match=r"^waited 0\.05 s for rain, in vain$"):
        until(lambda: False, "rain", seconds=0.05)
