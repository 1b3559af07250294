"""The lab's own files are known by their keys, and nobody else's JSON is taken for one."""

import json

import pytest
from hypothesis import given

from bothways.states import READERS, lab_records
from bothways.states.lab_records import LabRecord
from tests.helpers.mangled import mangled
from tests.helpers.repository import TOP

CASES = TOP / "tests" / "cases"
CONNECTION = (
    '{"began":"2026-11-22T17:40:41.9Z","node":"client","address":"10.0.0.1","port":34850,"to":"192.0.2.2","to_port":443,'
    '"name":"","does":"hold","ended":"done","connected":true,"closed":false,"seconds":0.02,"sent":59,"received":0}\n'
)
ROUTER = json.dumps({"node": "x", "routes": [], "routes6": [], "rules": [], "rules6": [], "addresses": []}, indent=1)
TRUTH = json.dumps(
    dict.fromkeys(("scenario", "observed", "seed", "parameters", "mended", "kernel", "programs", "says"), 1)
)


@pytest.mark.parametrize("text", [CONNECTION, CONNECTION * 3, ROUTER, TRUTH])
def test_its_own_records_are_its_alone(text: str) -> None:
    assert [name for name, _, recognises, _ in READERS if recognises(text)] == ["the lab's own records"]
    assert lab_records.read(text, file="x").content == LabRecord(file="x")


def test_truth_that_the_lab_sealed_is_recognised() -> None:
    sealed = [path for path in CASES.rglob("truth.json") if '"programs"' in path.read_text()]
    assert sealed
    assert all(lab_records.recognises(path.read_text()) for path in sealed)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        '{"node": "x"}',
        '{"began":"x"}',
        ROUTER.replace("routes6", "other"),
        "{" * 100_000,
        TRUTH[:-1],
        "null",
    ],
)
def test_other_json_is_not(text: str) -> None:
    assert not lab_records.recognises(text)


@given(mangled(CONNECTION, ROUTER, TRUTH))
def test_no_text_raises(text: str) -> None:
    lab_records.recognises(text)
