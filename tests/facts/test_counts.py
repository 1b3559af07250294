import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.evidence.case import Role
from bothways.facts.counts import Count, count
from tests.helpers.hosts import counters, tracking, untold

NAME = "TcpExtListenOverflows"


def at_server(role: Role) -> bool:
    return role.vantage == "server"


def of(*evidence: object) -> Count | None:
    return count(untold(counters=evidence), NAME, at_server)


def snapshot(overflows: int, received: int, **more: int) -> dict[str, int]:
    return {NAME: overflows, "TcpInSegs": received} | more


def test_a_single_snapshot_counts_from_the_start() -> None:
    counted = of(counters(snapshot(3, 10)))
    assert counted is not None
    assert (counted.value, counted.between, counted.from_start) == (3, False, True)


@pytest.mark.parametrize("files", [1, 2])
def test_between_two_snapshots_is_the_difference_in_whatever_order_they_come(files: int) -> None:
    later, earlier = snapshot(5, 20), snapshot(3, 10)
    evidence = [counters(later, earlier)] if files == 1 else [counters(later), counters(earlier)]
    counted = of(*evidence)
    assert counted is not None
    assert (counted.value, counted.between) == (2, True)
    assert len(counted.cites) == 2


def test_what_did_not_rise_between_two_snapshots_is_nought() -> None:
    counted = of(counters(snapshot(5, 10), snapshot(5, 20)))
    assert counted is not None
    assert (counted.value, counted.between) == (0, True)


def test_what_a_host_that_began_anew_counted_cannot_be_compared() -> None:
    counted = of(counters(snapshot(5, 10), snapshot(3, 20)))
    assert counted is not None
    assert not counted.between


def test_the_same_snapshot_twice_is_one() -> None:
    counted = of(counters(snapshot(5, 10)), counters(snapshot(5, 10)))
    assert counted is not None
    assert (counted.value, counted.between) == (5, False)


def test_a_gauge_says_nothing_of_the_order() -> None:
    counted = of(counters(snapshot(3, 10, TcpCurrEstab=9), snapshot(5, 20, TcpCurrEstab=1)))
    assert counted is not None
    assert counted.value == 2


def test_increments_are_not_compared() -> None:
    counted = of(counters(snapshot(3, 10), snapshot(5, 20), command="nstat"))
    assert counted is not None
    assert (counted.value, counted.between, counted.from_start) == (3, False, False)


def test_what_was_not_printed_is_not_nought() -> None:
    assert of(counters({"TcpInSegs": 3})) is None
    assert of(counters(snapshot(3, 10), vantage="client")) is None
    assert of() is None
    assert of(tracking("cpu=0 found=0 invalid=3")) is None


def test_what_stands_between_the_first_and_the_last_snapshot_of_a_file_is_left_out() -> None:
    counted = of(counters(snapshot(3, 10), snapshot(9, 9), snapshot(5, 20)))
    assert counted is not None
    assert (counted.value, counted.between) == (2, True)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=2))
def test_a_difference_is_never_negative(pairs: list[tuple[int, int]]) -> None:
    counted = of(counters(*(snapshot(*pair) for pair in pairs)))
    assert counted is not None
    assert counted.value >= 0
    rising = sorted(pairs) == sorted(pairs, key=sum) and all(
        one[0] <= other[0] and one[1] <= other[1] and one != other
        for one, other in zip(sorted(pairs), sorted(pairs)[1:], strict=False)
    )
    assert counted.between == rising
