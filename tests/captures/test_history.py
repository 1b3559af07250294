from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from bothways.captures.history import extended


def told(letters: str) -> str:
    return reduce(extended, letters, "")


def test_a_letter_in_a_row_stands_once() -> None:
    assert told("ShADDDaaDd") == "ShADaDd"


def test_repeats_of_syn_and_syn_ack_stand_each_up_to_eight() -> None:
    assert told("S" * 20) == "S" * 8
    assert told("Shhh") == "Shhh"


def test_a_long_transfer_does_not_grow_the_history_and_its_end_is_told() -> None:
    assert told("ShA" + "Da" * 1000 + "FfR").endswith("FfR")


@given(st.text("SHADFRTUshadfrtu", max_size=1000))
def test_no_history_is_long(letters: str) -> None:
    assert len(told(letters)) <= 128
