"""perfSONAR's traces, alone and as they are archived."""

import json
from typing import Any

import pytest
from hypothesis import given

from bothways.evidence.path_report import Mark
from bothways.traces import pscheduler_json
from tests.helpers.mangled import mangled

PATH = [{"ip": "192.0.2.1", "rtt": "PT0.000412S"}, {}, {"ip": "192.0.2.9", "hostname": "b.example", "rtt": "PT1M0.5S"}]
SPEC = {"source": "192.0.2.7", "dest": "198.51.100.9", "probe-type": "tcp", "dest-port": 443}


def text(*paths: list[dict[str, Any]], **more: Any) -> str:
    return json.dumps({"paths": paths, "succeeded": bool(paths), "schema": 1} | more)


def test_a_hop_that_did_not_answer_is_an_empty_object() -> None:
    (report,) = pscheduler_json.read(text(PATH), file="x").content
    assert [hop.silent for hop in report.hops] == [False, True, False]
    assert [reply.round_trips for hop in report.hops for reply in hop.replies] == [(412_000,), (60_500_000_000,)]
    assert [hop.sent for hop in report.hops] == [None, None, None]


def test_an_archived_one_says_what_was_asked() -> None:
    told = {
        "test": {"spec": SPEC},
        "schedule": {"start": "2024-07-17T16:19:52+00:00"},
        "result": json.loads(text(PATH)),
    }
    (report,) = pscheduler_json.read(json.dumps(told), file="x").content
    assert (report.probe, report.port, report.source_address) == ("tcp-syn", 443, "192.0.2.7")
    assert (report.destination_address, report.started) == ("198.51.100.9", 1_721_233_192_000_000_000)


@pytest.mark.parametrize(
    ("error", "marks"),
    [
        ("communication-administratively-prohibited", (Mark.PROHIBITED,)),
        ("icmp-host-unreachable", (Mark.HOST,)),
        ("port-unreachable", ()),
        ("another", (Mark.OTHER,)),
        (None, ()),
    ],
)
def test_errors_are_marks(error: str | None, marks: tuple[Mark, ...]) -> None:
    (report,) = pscheduler_json.read(text([PATH[0] | {"error": error}]), file="x").content
    assert report.hops[0].replies[0].marks == marks


@pytest.mark.parametrize("duration", ["PT-1S", "0.5", 5, "P1D", None])
def test_what_is_no_duration_is_no_round_trip(duration: object) -> None:
    (report,) = pscheduler_json.read(text([{"ip": "192.0.2.1", "rtt": duration}]), file="x").content
    assert report.hops[0].replies[0].round_trips == ()


@pytest.mark.parametrize(
    ("told", "says"), [(text(error="no such host"), "it failed: no such host"), ('{"result": {}}', "it has no paths")]
)
def test_what_is_no_path_is_named(told: str, says: str) -> None:
    assert any(says in problem.says and problem.line == 1 for problem in pscheduler_json.read(told, file="x").problems)


def test_other_paths_are_not_claimed() -> None:
    assert pscheduler_json.recognises(text(PATH))
    assert not pscheduler_json.recognises('{"paths": ["/etc"]}')


@given(mangled(text(PATH, PATH), json.dumps({"test": {"spec": SPEC}, "result": {"paths": [PATH]}})))
def test_nothing_makes_it_fall(given_text: str) -> None:
    pscheduler_json.recognises(given_text)
    for report in pscheduler_json.read(given_text, file="x").content:
        assert all(1 <= hop.index <= 255 for hop in report.hops)
