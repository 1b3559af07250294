"""Dates as mtr's `Start:` line, ctime(3), date(1) and mails write them."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.traces.moment import is_moment, moment
from bothways.units import rfc3339


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2026-11-22T17:45:07+0000", "2026-11-22T17:45:07.000000000Z"),
        ("2026-11-22T17:45:07-05:30", "2026-11-22T23:15:07.000000000Z"),
        ("2026-11-22 17:45:07,123 UTC", "2026-11-22T17:45:07.123000000Z"),
        ("Sun Nov 22 17:50:49 UTC 2026", "2026-11-22T17:50:49.000000000Z"),
        ("Sun Nov  1 05:50:49 PM UTC 2026", "2026-11-01T17:50:49.000000000Z"),
        ("Sun 22 Nov 17:50:49 GMT 2026", "2026-11-22T17:50:49.000000000Z"),
        ("Sun, 22 Nov 2026 17:50:49 +0100", "2026-11-22T16:50:49.000000000Z"),
    ],
)
def test_a_date_with_a_known_zone_is_a_moment(text: str, means: str) -> None:
    assert is_moment(text)
    when = moment(text)
    assert when is not None
    assert rfc3339(when) == means


@pytest.mark.parametrize(
    "text",
    [
        "Sun Nov 22 17:50:49 2026",
        "2026-11-22 17:45:07",
        "Sun Nov 22 17:50:49 CET 2026",
        "Sun Nov 22 17:50:49 IST 2026",
        "2026-13-22T17:45:07Z",
    ],
)
def test_without_a_zone_that_means_one_thing_everywhere_it_is_a_date_and_no_moment(text: str) -> None:
    assert is_moment(text)
    assert moment(text) is None


@pytest.mark.parametrize(
    "text", ["", "hello", "2026-11-22", "17:45:07", "Sun Nov 22 17:50:49 UTC 2026 and more", " " * 100]
)
def test_other_text_is_no_date(text: str) -> None:
    assert not is_moment(text)
    assert moment(text) is None


@given(st.datetimes(min_value=datetime(1000, 1, 1)))  # noqa: DTZ001 - UTC, as it is written down
def test_iso_dates_come_back(when: datetime) -> None:
    text = f"{when:%Y-%m-%dT%H:%M:%S}"
    found = moment(f"{text}+0000")
    assert found is not None
    assert rfc3339(found).startswith(text)
