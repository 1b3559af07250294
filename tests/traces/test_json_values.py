"""Values of JSON are what they should be, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.traces import json_values as values
from bothways.traces.json_values import Value


@pytest.mark.parametrize("wrong", [None, True, -1, 1e13, "x", "-3", "1e3", "NaN", [], {}, ""])
def test_what_is_no_figure_is_none(wrong: Value) -> None:
    assert values.figure(wrong) is None
    assert values.milliseconds(wrong) is None
    assert values.whole(wrong, 0, 10) is None


@pytest.mark.parametrize(("value", "figure"), [(0, 0.0), (2.5, 2.5), ("2.50", 2.5), (" 7 ", 7.0)])
def test_figures_may_stand_as_strings(value: Value, figure: float) -> None:
    assert values.figure(value) == figure


def test_a_whole_number_has_its_bounds() -> None:
    assert values.octet(255) == 255
    assert values.octet(256) is None
    assert values.octet(1.5) is None
    assert values.port(0) is None


@pytest.mark.parametrize(
    ("value", "number"),
    [(64500, 64500), ("AS64500", 64500), ("64500", 64500), (0, None), (1 << 32, None), ("ASx", None)],
)
def test_the_number_of_a_network_has_four_octets(value: Value, number: int | None) -> None:
    assert values.network(value) == number


def test_a_span_is_exact_to_the_nanosecond() -> None:
    assert values.milliseconds(0.409) == 409_000
    assert values.seconds_since_1970(1638999963, 787829) == 1_638_999_963_787_829_000
    assert values.seconds_since_1970(1638999963.5) == 1_638_999_963_500_000_000
    assert values.seconds_since_1970(1638999963000) is None


def test_members_are_looked_for_only_in_objects() -> None:
    assert values.member({"a": {"b": 1}}, "a", "b") == 1
    assert values.member({"a": [1]}, "a", "b") is None
    assert values.listed({"a": 1}) == []


def test_text_and_addresses_are_clean() -> None:
    assert values.words(" a\x1b[1m ") == "a\\x1b[1m"
    assert values.words("  ") is None
    assert values.address("2001:0db8::0001") == "2001:db8::1"
    assert values.address("*") is None


@given(st.floats() | st.integers() | st.text() | st.none() | st.booleans())
def test_nothing_makes_them_fall(value: float | str | None) -> None:
    number = values.figure(value)
    assert number is None or 0 <= number < values.LARGEST_FIGURE
    when = values.seconds_since_1970(value, value)
    assert when is None or when > 0
