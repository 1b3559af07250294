"""Marks of ICMP errors, beside the codes that tools print for them."""

import pytest

from bothways.evidence.path_report import Mark
from bothways.traces.icmp_marks import mark_of


@pytest.mark.parametrize(
    ("kind", "code", "v6", "mark"),
    [
        (11, 0, False, None),
        (0, 0, False, None),
        (3, 3, False, None),
        (3, 1, False, Mark.HOST),
        (3, 13, False, Mark.PROHIBITED),
        (3, 10, False, Mark.PROHIBITED),
        (3, 4, False, Mark.NEEDS_FRAGMENTATION),
        (3, 99, False, Mark.OTHER),
        (3, None, False, Mark.OTHER),
        (3, 0, True, None),
        (129, 0, True, None),
        (1, 4, True, None),
        (1, 0, True, Mark.NETWORK),
        (1, 1, True, Mark.PROHIBITED),
        (1, 3, True, Mark.HOST),
        (1, 2, True, Mark.OTHER),
        (2, 0, True, Mark.NEEDS_FRAGMENTATION),
        (4, 1, True, Mark.PROTOCOL),
        (4, 0, True, None),
        (None, None, False, None),
    ],
)
def test_the_same_numbers_mean_another_thing_in_each_family(
    kind: int | None,
    code: int | None,
    v6: bool,  # noqa: FBT001 - one of four values
    mark: Mark | None,
) -> None:
    assert mark_of(kind, code, v6=v6) == ((mark,) if mark else ())
