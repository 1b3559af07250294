import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.cli.times import moment
from bothways.connections.window import DAY, AfterStart, OnDate, OnTheDay
from bothways.errors import CallError
from bothways.units import SECOND, Duration, Instant, rfc3339

TEN = 1_795_341_603_000_000_000
"""2026-11-22 10:00:03 UTC."""


@given(st.integers(-30_610_224_000 * 10**9, 253_000_000_000 * 10**9).map(Instant))
def test_what_the_json_document_prints_is_read_as_the_same_instant(instant: Instant) -> None:
    assert moment("--since", rfc3339(instant)) == OnDate(instant=instant)


@given(st.text(max_size=40) | st.from_regex(r"[+0-9:TZ. -]{1,30}"))
def test_any_other_text_is_a_call_that_is_told_the_forms(text: str) -> None:
    said = "it takes 2026-11-22T10:00:00Z"
    try:
        moment("--until", text)
    except CallError as error:
        said = str(error)
    assert "it takes 2026-11-22T10:00:00Z" in said
    assert said.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T10:00:03Z",
        "2026-11-22T10:00:03",
        "2026-11-22 10:00:03",
        "2026-11-22 10:00:03 UTC",
        "2026-11-22t10:00:03z",
        "2026-11-22T11:00:03+01:00",
        "2026-11-22T04:30:03-05:30",
        "2026-11-22T10:00:03.000000000Z",
        "2026-11-22T10:00:02,9999999999Z",
    ],
)
def test_a_date_and_time_without_a_zone_is_utc(text: str) -> None:
    found = moment("--since", text)
    assert isinstance(found, OnDate)
    assert 0 <= TEN - found.instant <= 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("10:00", 36_000), ("10:00:03.5", 36_003.5), ("00:00:00", 0), ("23:59:60", 86_400), ("10:00Z", 36_000)],
)
def test_a_time_alone_is_a_time_of_day(text: str, seconds: float) -> None:
    found = moment("--since", text)
    assert isinstance(found, OnTheDay)
    assert found.after_midnight == round(seconds * SECOND)
    assert found.written == text.removesuffix("Z")


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("+90s", 90 * SECOND),
        ("+5m", 300 * SECOND),
        ("+2h", 7200 * SECOND),
        ("+1d", DAY),
        ("+250ms", SECOND // 4),
        ("+1.5s", 3 * SECOND // 2),
        ("+0s", 0),
    ],
)
def test_a_plus_counts_from_the_first_packet(text: str, nanoseconds: int) -> None:
    assert moment("--since", text) == AfterStart(duration=Duration(nanoseconds))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-02-30T10:00Z",
        "0000-01-01T10:00Z",
        "2026-11-22",
        "24:00",
        "10:60",
        "10:00:61",
        "10",
        "90s",
        "+90",
        "-90s",
        "+1e9s",
        "2026-11-22T10:00+25:00",
        "\N{ARABIC-INDIC DIGIT ONE}\N{ARABIC-INDIC DIGIT ZERO}:00",
    ],
)
def test_a_time_that_does_not_exist_is_told(text: str) -> None:
    with pytest.raises(CallError, match="no such time; it takes"):
        moment("--since", text)
