from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bothways.paths.cells import Beyond, Cells
from bothways.paths.odds import SIDE_BY_SIDE
from bothways.paths.pairing import posteriors


def cells(same: list[list[float]], start: tuple[Beyond, Beyond] = (Beyond(), Beyond())) -> Cells:
    nothing = [[1.0] * len(row) for row in same]
    return Cells(same=same, twins=nothing, joined=nothing, start=start, end=(Beyond(), Beyond()))


def test_ways_of_one_length_without_a_hint_are_likely_the_same() -> None:
    found = posteriors(cells([[1.0] * 4 for _ in range(4)]))
    assert all(0.8 < found[place][place] < 1 for place in range(4))


def test_a_hop_too_many_may_be_any_of_them() -> None:
    found = posteriors(cells([[1.0] * 3 for _ in range(4)]))
    assert all(value < 0.9 for row in found[1:3] for value in row)


def test_one_sure_pair_moves_the_others() -> None:
    same = [[1.0] * 3 for _ in range(4)]
    same[1][1] = 1e6
    found = posteriors(cells(same))
    assert found[1][1] > 0.99
    assert found[0][0] > 0.8
    assert found[0][1] < 0.01


def test_what_lies_beyond_a_report_is_no_detour() -> None:
    same = [[1.0] * 2 for _ in range(5)]
    same[3][0] = same[4][1] = 1e5
    assert posteriors(cells(same, start=(Beyond(1.0, 255), Beyond())))[3][0] > 0.99


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5), st.integers(0, 5), st.data())
def test_no_hop_is_more_than_one_router(n: int, m: int, data: st.DataObject) -> None:
    odds = st.floats(1e-20, 1e20)
    same = [[data.draw(odds) for _ in range(m)] for _ in range(n)]
    found = posteriors(cells(same))
    assert all(sum(row) < 1 + 1e-6 for row in found)
    assert all(sum(column) < 1 + 1e-6 for column in zip(*found, strict=True))
    sure = [(i, j) for i, row in enumerate(found) for j, value in enumerate(row) if value > SIDE_BY_SIDE]
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(sure))
