"""All readers of JSON, given reports of the world in which a stranger has put anything in place of anything."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bothways.traces import READERS

WORLD = Path(__file__).parent / "world"
SAMPLES = [path.read_text(encoding="utf-8") for path in sorted(WORLD.glob("*.json*"))]
RECORDS = [[json.loads(line) for line in (text.splitlines() if "}\n{" in text else [text])] for text in SAMPLES]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9) | st.just("192.0.2.1"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each container in *value*, with each key or index in it."""
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


@given(st.data())
def test_anything_in_place_of_anything_is_a_problem_or_nothing(data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(RECORDS) - 1))
    readers = [read for _, recognises, read in READERS if recognises(SAMPLES[number])]
    records = copy.deepcopy(RECORDS[number])
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(list(places(records))))
        container[key] = data.draw(ANYTHING)
    text = "\n".join(json.dumps(record, indent=data.draw(st.sampled_from([None, 1]))) for record in records)
    for read in readers:
        reading = read(text, file="x")
        assert len(reading.problems) <= 20
        assert all(problem.says.isprintable() for problem in reading.problems)
        for report in reading.content:
            indices = [hop.index for hop in report.hops]
            assert indices == sorted(set(indices))
            assert all(1 <= index <= 255 for index in indices)
            assert all(hop.loss is None or 0 <= hop.loss <= 1 for hop in report.hops)
            assert all(1 <= (hop.line or 0) <= text.count("\n") + 1 for hop in report.hops)
            said = [reply for hop in report.hops for reply in hop.replies]
            assert all(reply.address or reply.name for reply in said)
            assert all(trip >= 0 for reply in said for trip in reply.round_trips)
