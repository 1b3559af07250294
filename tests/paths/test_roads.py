"""Networks of long paths whose truth the lab knows: what is said of their two ways is right, and most of it is said.

`python bench/alignment.py` measures the same on many more.
"""

from functools import cache
from pathlib import Path

from tests.helpers.road_truth import Hint
from tests.helpers.roads import Verdict, judged

ROADS = sorted(path.parent for path in (Path(__file__).parent / "roads").glob("*/truth.json"))

LEAST_ALLOWED, LEAST_OTHERS = 0.9, 0.6
"""Of these six, most of which have detours. The aims for many, and what is reached, stand in bench/README.md."""


@cache
def _verdicts(*, alone: bool) -> tuple[Verdict, ...]:
    return tuple(judged(road, alone=alone) for road in ROADS)


def _paired(*, allowed: bool, alone: bool = False) -> float:
    routers = [one for verdict in _verdicts(alone=alone) for one in verdict.routers]
    wanted = [one for one in routers if (one.hint is not Hint.NEITHER) == allowed]
    return sum(one.paired for one in wanted) / len(wanted)


def test_no_two_routers_are_taken_for_one_and_none_is_missed_that_is_there() -> None:
    for verdict in _verdicts(alone=False):
        assert (verdict.strays, verdict.wrong, verdict.wrong_only) == ((), (), ()), verdict.road


def test_most_routers_are_paired_where_names_or_subnets_allow_it() -> None:
    assert _paired(allowed=True) >= LEAST_ALLOWED


def test_some_routers_are_paired_where_neither_tells_them() -> None:
    assert _paired(allowed=False) >= LEAST_OTHERS


def test_reports_that_stand_alone_tell_as_much() -> None:
    for verdict in _verdicts(alone=True):
        assert (verdict.wrong, verdict.wrong_only) == ((), ()), verdict.road
    assert _paired(allowed=True, alone=True) >= LEAST_ALLOWED
