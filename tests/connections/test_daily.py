from hypothesis import given
from hypothesis import strategies as st

from bothways.connections.daily import DAY, SEVERAL_DAYS, daily
from bothways.units import SECOND, Instant

HOUR = 3600 * SECOND
MONDAY = 20_000 * DAY


def at(day: int, hour: float) -> Instant:
    return Instant(MONDAY + day * DAY + round(hour * HOUR))


def every_day(hours: list[float], days: int = 5) -> list[Instant]:
    return [at(day, hour) for day in range(days) for hour in hours]


OTHERWISE = every_day([5, 8, 11, 13, 16, 19, 21])


def test_failures_of_several_nights_are_found_across_midnight() -> None:
    found = daily(every_day([23.5, 0.25, 1]), OTHERWISE)
    assert found is not None
    assert (found.begins, found.ends, found.days, found.worked_within) == (23.5 * HOUR, HOUR, 5, 0)


def test_two_days_are_a_coincidence() -> None:
    assert daily(every_day([2, 2.5, 3], days=SEVERAL_DAYS - 1), OTHERWISE) is None


def test_who_fails_at_all_hours_fails_at_none() -> None:
    assert daily(every_day([1, 9, 17]), OTHERWISE) is None


def test_what_works_at_the_same_hours_is_no_pattern() -> None:
    assert daily(every_day([8, 12]), OTHERWISE) is None


def test_few_failures_may_be_chance() -> None:
    assert daily([at(0, 2), at(1, 2), at(2, 2)], [at(0, 5), at(1, 8), at(2, 12)]) is None


@given(st.integers(0, DAY - 1))
def test_the_hour_at_which_the_day_begins_changes_nothing(turned: int) -> None:
    moved = [Instant(moment + turned) for moment in every_day([2, 2.5, 3], days=6)]
    found = daily(moved, [Instant(moment + turned) for moment in every_day([5, 8, 11, 13, 16, 19, 21, 23], days=6)])
    assert found is not None
    assert (found.ends - found.begins) % DAY == HOUR
