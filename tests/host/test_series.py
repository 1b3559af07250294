"""Which names may belong to one rotated capture, and when content agrees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.host.series import Place, Span, in_order, place_of
from bothways.units import NANOSECONDS_PER_SECOND, Instant

NOON = 1_780_000_000 - 1_780_000_000 % 86_400 + 43_200


def spans(*files: tuple[str, float, float]) -> list[Span]:
    """Files with the seconds at which they begin and end."""
    made = []
    for name, first, last in files:
        place = place_of(name)
        assert place is not None
        moments = [Instant(round(moment * NANOSECONDS_PER_SECOND)) for moment in (first, last)]
        made.append(Span(place=place, first=moments[0], last=moments[1]))
    return made


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("client.pcap", "client.pcap1"),
        ("client.pcap.gz", "client.pcap12.zst"),
        ("client.pcap00", "client.pcap01"),
        ("client_00001_20260101120000.pcapng", "client_00002_20260101120100.pcapng"),
        ("client_20260101120000_00001.pcapng", "client_20260101120100_00002.pcapng"),
        ("client-20260101-120000.pcap", "client-20260102-000000.pcap"),
        ("client-2026-01-01_12:00:00.pcap", "client-2026-01-01_13:00:00.pcap1"),
        ("client.1780000000.pcap", "client.1780000060.pcap"),
        ("120000-client.pcap", "130000-client.pcap"),
    ],
)
def test_names_of_one_series(one: str, other: str) -> None:
    places = [place_of(name) for name in (one, other)]
    assert places[0] is not None
    assert places[1] is not None
    assert places[0].series == places[1].series
    assert places[0] != places[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("client.pcap", "server.pcap"),
        ("client1.pcap", "client2.pcap"),
        ("client-10.0.0.11.pcap", "client-10.0.0.12.pcap"),
        ("client-10.120000.pcap", "client-10.130000.pcap"),
        ("a_00001_20260101120000.pcapng", "b_00002_20260101120100.pcapng"),
        ("client-20260101.pcap", "server-20260102.pcap"),
        ("client-20261301.pcap", "client-20261302.pcap"),
    ],
)
def test_names_that_tell_of_no_common_series(one: str, other: str) -> None:
    places = [place_of(name) for name in (one, other)]
    assert places[0] is None or places[1] is None or places[0].series != places[1].series


@pytest.mark.parametrize("name", ["mtr.txt", "client", "client_1_2.log", "", "-"])
def test_other_names_have_no_place(name: str) -> None:
    assert place_of(name) is None


def test_the_time_in_a_name() -> None:
    assert place_of("a-19700102.pcap") == Place(series="a-19700102.pcap", number=0, time=None, dated=False)
    place = place_of("a-2001-01-01_00:00:01.pcap7")
    assert place == Place(series="a-#.pcap", number=7, time=978_307_201, dated=True)


def test_numbered_files_follow_each_other() -> None:
    assert in_order(spans(("c.pcap", 0, 10), ("c.pcap1", 10, 20), ("c.pcap2", 35, 40)))
    assert in_order(spans(("c.pcap", 0, 10), ("c.pcap1", 9.5, 20))), "handed on slightly out of order"


def test_files_that_overlap_are_two_observers() -> None:
    assert not in_order(spans(("c.pcap", 0, 10), ("c.pcap1", 5, 20)))


def test_a_ring_begins_again_once() -> None:
    assert in_order(spans(("c.pcap2", 0, 1), ("c.pcap3", 2, 3), ("c.pcap0", 4, 5), ("c.pcap1", 6, 7)))
    assert not in_order(spans(("c.pcap2", 0, 1), ("c.pcap0", 2, 3), ("c.pcap3", 4, 5)))
    assert not in_order(spans(("c.pcap3", 0, 1), ("c.pcap2", 2, 3), ("c.pcap1", 4, 5)))


@pytest.mark.parametrize("zone", [0, 2 * 3600, -5 * 3600 - 1800])
def test_times_in_names_may_be_local(zone: int) -> None:
    first, second = NOON - zone, NOON - zone + 60
    assert in_order(
        spans(("c-20260528-120000.pcap", first, first + 59), ("c-20260528-120100.pcap", second, second + 5))
    )


def test_times_in_names_that_fit_no_time_zone_are_something_else() -> None:
    far = NOON + 400
    assert not in_order(spans(("c-20260528-120000.pcap", NOON, NOON + 300), ("c-20260528-120001.pcap", far, far + 300)))
    year = NOON + 300 * 86_400
    assert not in_order(
        spans(("c-20260528-120000.pcap", year, year + 1), ("c-20260528-120001.pcap", year + 1, year + 2))
    )


def test_numbers_in_names_that_look_like_times_of_day_must_fit_too() -> None:
    assert in_order(spans(("c-120000.pcap", NOON, NOON + 59), ("c-120100.pcap", NOON + 60, NOON + 70)))
    assert not in_order(spans(("c-120000.pcap", NOON, NOON + 59), ("c-120001.pcap", NOON + 60, NOON + 70)))


def test_a_name_out_of_order_is_no_series() -> None:
    assert not in_order(spans(("c-120100.pcap", NOON, NOON + 10), ("c-120000.pcap", NOON + 20, NOON + 30)))


@given(st.text(alphabet="ac-_.:0123456789pghmsT", max_size=40))
def test_any_name_has_a_place_or_none(name: str) -> None:
    for end in ("", ".pcap", ".pcap3", ".pcapng.gz"):
        place = place_of(name + end)
        assert place is None or in_order([Span(place=place, first=Instant(0), last=Instant(1))]) in {True, False}
