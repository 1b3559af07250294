"""Objects of JSON in files as people and databases make them, and where each of them starts."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.evidence.path_report import PathReport
from bothways.evidence.reading import Reading
from bothways.traces.json_objects import MOST_OBJECTS, Located, Objects, vocabulary

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def found(text: str) -> tuple[list[Located], Reading[tuple[PathReport, ...]]]:
    kept: list[Located] = []
    reading = Objects(file="x", program="tool").read(text, lambda one, _: kept.append(one))
    return kept, reading


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('{"a": 1}\n{"a": 2}\n', [1, 2]),
        ('[{"a": 1},\n {"a": 2}]', [1, 2]),
        ('\ufeff[\n  {\n  "a": 1\n  }, {"a": 2}\n]\r\n', [2, 4]),
        ('me@here:~$ tool --json x\n{"a": 1}\n2024-07-17T16:19:52Z\n{"a": 2}', [2, 4]),
        ('> {"a":\n> 1}\n> {"a": "}{"}', [1, 3]),
    ],
)
def test_each_outermost_object_has_the_line_where_it_starts(text: str, lines: list[int]) -> None:
    kept, reading = found(text)
    assert [one.line for one in kept] == lines
    assert [problem.says for problem in reading.problems] == ["no tool report was found"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"a": {"b": 1}', "breaks off"),
        ('{"a": NaN}', "no JSON"),
        ('{"a": 1e999}', "no JSON"),
        ('{"a": 1} and then some', "and then some"),
        ('{"a":' * 20_000, "breaks off"),
        ("{}\n" * (MOST_OBJECTS + 5), f"only the first {MOST_OBJECTS} objects"),
        ('{"a":' + "[" * 5000 + "]" * 5000 + "}", "no JSON"),
        ("\x1b[2J{}\x07", "x07"),
    ],
)
def test_what_is_not_understood_has_its_line(text: str, says: str) -> None:
    values: list[object] = []
    reading = Objects(file="x", program="tool").read(text, lambda one, _: values.append(one.value))
    assert any(says in problem.says and problem.line for problem in reading.problems)
    assert not any("\x1b" in problem.says or "\x07" in problem.says for problem in reading.problems)


@given(st.lists(VALUES, max_size=4), st.sampled_from([0, 1]))
def test_every_element_is_found_where_it_stands(values: list[object], indent: int) -> None:
    data = msgspec.json.format(msgspec.json.encode(values), indent=indent)
    elements = Located(data=data, line=7).elements()
    assert [one.value for one in elements] == values
    text = data.split(b"\n")
    for one in elements:
        assert one.data.split(b"\n")[0] in text[one.line - 7]


def test_members_that_look_alike_are_told_apart_by_their_place() -> None:
    members = Located(data=b'{"a":\n{"b": 1},\n"c": {"b": 1}\n}', line=1).members()
    assert {name: one.line for name, one in members.items()} == {"a": 2, "c": 3}
    assert Located(data=b"7", line=1).members() == {}
    assert Located(data=b"{}", line=1).elements() == []


def test_the_vocabulary_is_that_of_the_head_from_where_json_begins() -> None:
    assert vocabulary('"no"\n> {"type": "trace", "n": 1}') == {"type", "trace", "n"}
    assert vocabulary('a report with "words"') == frozenset()
