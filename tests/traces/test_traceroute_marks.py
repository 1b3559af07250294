"""The marks of traceroute, which mean other things to other programs."""

import pytest

from bothways.evidence.path_report import Mark
from bothways.traces.traceroute_marks import mark_of


@pytest.mark.parametrize(
    ("word", "v6", "cisco", "mark"),
    [
        ("!H", False, False, Mark.HOST),
        ("!A", False, False, Mark.PROHIBITED),
        ("!A", True, False, Mark.HOST),
        ("!U", False, False, Mark.NETWORK),
        ("!U", False, True, None),
        ("!F-1400", False, False, Mark.NEEDS_FRAGMENTATION),
        ("!<13>", False, False, Mark.PROHIBITED),
        ("!<3-13>", False, False, Mark.PROHIBITED),
        ("!99", False, False, Mark.OTHER),
        ("!", False, False, None),
    ],
)
def test_a_mark_is_read_for_what_its_program_means(word: str, v6: bool, cisco: bool, mark: Mark | None) -> None:  # noqa: FBT001 - a table
    found = mark_of(word, v6=v6, cisco=cisco)
    assert found is not None
    assert found.mark is mark


@pytest.mark.parametrize("word", ["!E", "!HH", "H", "!<>", "!-1"])
def test_what_is_no_mark_is_none(word: str) -> None:
    assert mark_of(word, v6=False, cisco=False) is None
