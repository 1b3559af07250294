from hypothesis import given
from hypothesis import strategies as st

from bothways.paths.loss import MOST_SENT, SLIGHT, Tally, bounds, limited, loses_more, onset, tally

TALLIES = st.integers(1, 1000).flatmap(
    lambda sent: st.integers(0, sent).map(lambda lost: Tally(sent=sent, lost=float(lost)))
)


def lost(*figures: int | None, of: int = 10) -> tuple[bool, ...]:
    return limited([None if one is None else Tally(sent=of, lost=float(one)) for one in figures])


def test_a_router_that_loses_what_later_ones_do_not_lose_limits_its_replies() -> None:
    assert lost(0, 6, 0, 0) == (False, True, False, False)


def test_loss_that_all_later_ones_share_is_loss_of_the_path() -> None:
    assert lost(0, 6, 6, 5, 7) == (False,) * 5


def test_of_the_last_one_nothing_can_be_told() -> None:
    assert lost(0, 0, 9) == (False, False, False)


def test_a_limiting_router_behind_another_one_hides_it_not() -> None:
    assert lost(7, 9, 0, 0) == (True, True, False, False)


def test_few_probes_settle_nothing() -> None:
    assert lost(1, 0, 0, of=2) == (False, False, False)


def test_silent_and_uncounted_distances_are_passed_over() -> None:
    assert lost(6, None, 0, None, 0) == (True, False, False, False, False)


def test_runs_are_weighted_by_their_probes() -> None:
    assert tally([(10, 1.0), (30, 0.0), (None, 0.5), (5, None), (0, 1.0)]) == Tally(sent=40, lost=10.0)
    assert tally([(None, 0.5), (5, None)]) is None


def test_absurd_counts_are_cut() -> None:
    assert tally([(10**18, 0.5)]) == Tally(sent=MOST_SENT, lost=MOST_SENT / 2)


def test_the_interval_is_wilsons() -> None:
    low, high = bounds(Tally(sent=10, lost=0.0))
    assert low == 0.0
    assert round(high, 4) == 0.2775


@given(TALLIES)
def test_the_share_lies_within_its_bounds(one: Tally) -> None:
    low, high = bounds(one)
    assert 0.0 <= low <= one.share + 1e-9
    assert one.share - 1e-9 <= high <= 1.0


@given(TALLIES, TALLIES)
def test_of_two_only_the_one_that_loses_more_can_lose_more_than_chance(one: Tally, other: Tally) -> None:
    if loses_more(one, other):
        assert one.share > other.share
        assert not loses_more(other, one)


@given(st.lists(st.one_of(st.none(), TALLIES), max_size=12))
def test_whoever_limits_loses_more_than_somebody_behind(tallies: list[Tally | None]) -> None:
    for at, (one, limits) in enumerate(zip(tallies, limited(tallies), strict=True)):
        if limits:
            assert one is not None
            assert any(later is not None and later.share < one.share for later in tallies[at + 1 :])


@given(st.integers(1, 200), st.integers(0, 100), st.integers(1, 12))
def test_a_path_that_loses_alike_everywhere_limits_nowhere(sent: int, percent: int, hops: int) -> None:
    assert not any(limited([Tally(sent=sent, lost=sent * percent / 100)] * hops))


def begins(*figures: int, of: int = 100) -> int | None:
    return onset([Tally(sent=of, lost=float(one)) for one in figures])


def test_a_path_loses_from_where_all_later_distances_do() -> None:
    assert begins(0, 1, 0, 20, 22, 19) == 3
    assert begins(0, 0, 0, 0, 15) == 4


def test_a_path_that_loses_at_once_has_nothing_before_it() -> None:
    assert begins(30, 28, 31) == 0


def test_a_lost_probe_here_and_there_is_no_loss_of_the_path() -> None:
    assert begins(0, 1, 0, 1, 0) is None
    assert begins(1, 0, 1, of=10) is None
    assert onset([]) is None


@given(st.lists(TALLIES, max_size=10))
def test_where_a_path_begins_to_lose_the_rest_loses_more_than_what_is_before(tallies: list[Tally]) -> None:
    place = onset(tallies)
    nothing = Tally(sent=0, lost=0.0)
    if place is not None:
        before, after = sum(tallies[:place], nothing), sum(tallies[place:], nothing)
        assert loses_more(after, before) if place else bounds(after)[0] > SLIGHT
