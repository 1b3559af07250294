"""A problem says where it is, and in which file where there are several."""

import pytest

from bothways.evidence.problem import Problem


@pytest.mark.parametrize(
    ("problem", "shown"),
    [
        (Problem(says="odd"), "odd"),
        (Problem(says="odd", offset=3), "at byte 3: odd"),
        (Problem(says="odd", line=3), "line 3: odd"),
        (Problem(says="odd", file="b.pcap"), "in b.pcap: odd"),
        (Problem(says="odd", offset=0, file="b.pcap"), "in b.pcap, at byte 0: odd"),
        (Problem(says="odd", line=3, file="b.pcap"), "in b.pcap, line 3: odd"),
    ],
)
def test_where_it_is(problem: Problem, shown: str) -> None:
    assert str(problem) == shown
