import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.connections.outcome import Outcome
from bothways.diagnosis.failing import judged_outcome

WAYS = [outcome for outcome in Outcome if outcome.failed]
OTHERS = [outcome for outcome in Outcome if not outcome.failed and outcome is not Outcome.DECLINED]
COUNTS = st.dictionaries(st.sampled_from(WAYS), st.integers(1, 60))


def judged(counts: dict[Outcome, int]) -> Outcome | None:
    return judged_outcome(outcome for outcome, count in counts.items() for _ in range(count))


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({Outcome.SILENT: 30, Outcome.HALF_OPEN: 5, Outcome.STALLED_THERE: 5}, Outcome.HALF_OPEN),
        ({Outcome.SILENT: 30, Outcome.HALF_OPEN: 1, Outcome.STALLED_THERE: 9}, Outcome.STALLED_THERE),
        ({Outcome.SILENT: 34, Outcome.HALF_OPEN: 3, Outcome.STALLED_THERE: 3}, Outcome.SILENT),
        ({Outcome.SILENT: 30, Outcome.STALLED_BACK: 1}, Outcome.SILENT),
        ({Outcome.SILENT: 3, Outcome.STALLED_BACK: 3}, Outcome.STALLED_BACK),
    ],
)
def test_ways_of_failing_that_one_failure_shows_by_turns_count_together(
    counts: dict[Outcome, int], expected: Outcome
) -> None:
    assert judged(counts) is expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({Outcome.RESET: 5, Outcome.STALLED_THERE: 5}, Outcome.RESET),
        ({Outcome.UNANSWERED: 2, Outcome.SILENT: 8}, Outcome.SILENT),
        ({Outcome.UNANSWERED: 3, Outcome.SILENT: 8}, Outcome.UNANSWERED),
        ({}, None),
    ],
)
def test_the_earliest_that_is_more_than_bad_luck_is_judged(
    counts: dict[Outcome, int], expected: Outcome | None
) -> None:
    assert judged(counts) is expected


@given(COUNTS, st.lists(st.sampled_from(OTHERS)))
def test_some_way_is_judged_wherever_something_failed_whatever_else_there_is(
    counts: dict[Outcome, int], others: list[Outcome]
) -> None:
    found = judged(counts)
    assert (found is None) == (not counts)
    assert found is None or found in counts
    everything = [*others, *(outcome for outcome, count in counts.items() for _ in range(count))]
    assert judged_outcome(everything) is found


@given(st.sampled_from(WAYS), st.integers(1, 60))
def test_the_only_way_of_failing_is_judged(way: Outcome, count: int) -> None:
    assert judged({way: count}) is way


@given(COUNTS)
def test_a_way_that_most_failures_share_is_judged_unless_an_earlier_one_is_notable(counts: dict[Outcome, int]) -> None:
    most = max(counts, key=lambda way: counts[way], default=None)
    if most is not None and counts[most] > 0.9 * sum(counts.values()):
        assert judged(counts) is most


def test_what_programs_refused_is_judged_only_where_nothing_failed() -> None:
    declined = [Outcome.DECLINED] * 40
    assert judged_outcome([*declined, Outcome.WORKED]) is Outcome.DECLINED
    assert judged_outcome([*declined, Outcome.STALLED_THERE]) is Outcome.STALLED_THERE
