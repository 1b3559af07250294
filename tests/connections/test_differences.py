import random

from hypothesis import given
from hypothesis import strategies as st

from bothways.connections.differences import Form, Split, differences
from bothways.connections.traits import Sample, Trait

NOON = 1_700_000_000_000_000_000
SECOND = 10**9


def sample(*, failed: bool, **traits: int | str) -> Sample:
    return Sample(failed=failed, traits={Trait(name.replace("_", "-")): value for name, value in traits.items()})


def test_odd_ports_are_told_from_even_ones_though_both_come_at_any_time() -> None:
    compared = [sample(failed=port % 2 == 1, source_port=40_000 + port, time=port * 7 % 60) for port in range(60)]
    (found,) = differences(compared)
    assert found.split == Split(trait=Trait.SOURCE_PORT, form=Form.REST, value=1, other=2)
    assert (found.failed_with, found.failed, found.worked_with, found.worked) == (30, 30, 0, 30)
    assert found.alike == ()


def test_since_when_it_fails_is_the_first_failure_after_the_last_success() -> None:
    compared = [sample(failed=n >= 40, time=NOON + n * SECOND, source_port=n * 37 % 1009) for n in range(80)]
    (found,) = differences(compared)
    assert found.split == Split(trait=Trait.TIME, form=Form.AT_LEAST, value=NOON + 40 * SECOND)


def test_a_fault_for_a_while_is_a_span_with_both_ends() -> None:
    compared = [sample(failed=20 <= n < 40, time=NOON + n * SECOND) for n in range(80)]
    (found,) = differences(compared)
    assert found.split == Split(trait=Trait.TIME, form=Form.WITHIN, value=NOON + 20 * SECOND, other=NOON + 39 * SECOND)


def test_a_part_that_fails_since_a_moment_is_told_by_both() -> None:
    compared = [
        sample(failed=n >= 100 and n % 2 == 0, time=NOON + n * SECOND, client="10.0.0.8" if n % 2 else "10.0.0.7")
        for n in range(200)
    ]
    traits = [found.split.trait for found in differences(compared)]
    assert sorted(traits) == [Trait.CLIENT, Trait.TIME]


def test_what_goes_along_with_the_time_is_no_difference_beside_it() -> None:
    """Linux counts its source ports up: those after noon are higher ones."""
    compared = [sample(failed=n >= 40, time=NOON + n * SECOND, source_port=40_000 + 2 * n) for n in range(80)]
    (found,) = differences(compared)
    assert found.split.trait is Trait.SOURCE_PORT or found.alike
    assert {found.split.trait, *(split.trait for split in found.alike)} == {Trait.TIME, Trait.SOURCE_PORT}


def test_few_connections_say_nothing() -> None:
    assert differences([sample(failed=n < 3, client="a" if n < 3 else "b", time=n) for n in range(6)]) == ()


def test_small_requests_of_failed_connections_are_what_failing_makes_of_them() -> None:
    smaller = [sample(failed=n < 40, size=100 if n < 40 else 1400) for n in range(80)]
    larger = [sample(failed=n < 40, size=1400 if n < 40 else 100) for n in range(80)]
    assert differences(smaller) == ()
    (found,) = differences(larger)
    assert found.split == Split(trait=Trait.SIZE, form=Form.AT_LEAST, value=1400)


def test_a_difference_that_is_certain_and_explains_little_is_not_said() -> None:
    """Of very many, three in five fail from one client and two in five from the other."""
    compared = [sample(failed=n % 5 < (3 if n % 2 else 2), client="a" if n % 2 else "b") for n in range(20_000)]
    assert differences(compared) == ()


def test_where_nothing_worked_there_is_nothing_to_compare_with() -> None:
    assert differences([sample(failed=True, client="a", time=n) for n in range(50)]) == ()
    assert differences([]) == ()


@given(st.integers(0, 10**6))
def test_what_chance_deals_out_is_seldom_taken_for_a_difference(seed: int) -> None:
    """At most one of a thousand deals; each of those that are tried must pass with its margin of four in a hundred."""
    dealt = random.Random(seed)
    found = 0
    for _ in range(4):
        compared = [
            sample(
                failed=dealt.random() < 0.3,
                source_port=dealt.randrange(32768, 61000),
                time=NOON + dealt.randrange(10**12),
                client=f"10.0.0.{dealt.randrange(5)}",
                size=dealt.randrange(100, 1460),
            )
            for _ in range(60)
        ]
        found += bool(differences(compared))
    assert found <= 1


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9), st.integers(0, 9)), max_size=60))
def test_what_is_said_of_the_connections_is_so(dealt: list[tuple[bool, int, int]]) -> None:
    compared = [sample(failed=failed, time=time, client=str(client)) for failed, time, client in dealt]
    for found in differences(compared)[:1]:
        having = [one for one in compared if found.split.has(one)]
        assert found.failed_with == sum(one.failed for one in having)
        assert found.worked_with == len(having) - found.failed_with
        assert found.failed == sum(one.failed for one in compared)
        assert found.chance < 0.001
