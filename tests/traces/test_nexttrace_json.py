"""NextTrace's attempts, in nanoseconds."""

import json
from typing import Any

import pytest
from hypothesis import given

from bothways.evidence.quoted_probe import Label
from bothways.traces import nexttrace_json
from tests.helpers.mangled import mangled


def attempt(host: str | None, ttl: int, **more: Any) -> dict[str, Any]:
    told = {"Success": bool(host), "Address": {"IP": host, "Zone": ""} if host else None, "Hostname": "", "TTL": ttl}
    return told | {"RTT": 4_996_800 if host else 0, "Error": None, "Geo": None, "MPLS": None} | more


def text(*hops: list[dict[str, Any]], **more: Any) -> str:
    return json.dumps({"Hops": hops, "TraceMapUrl": ""} | more)


def test_attempts_of_a_ttl_are_one_hop() -> None:
    told = attempt("192.0.2.5", 2, Hostname="b.example", Geo={"asnumber": "AS64500"})
    labelled = attempt("192.0.2.9", 2, MPLS=["[MPLS: Lbl 24015, TC 1, S 0, TTL 2]", "nonsense"])
    reading = nexttrace_json.read(text([attempt(None, 1)], [told, told, attempt(None, 2), labelled]), file="x")
    (report,) = reading.content
    first, second = report.hops
    assert not reading.problems
    assert (first.silent, second.sent, second.loss) == (True, 4, 0.25)
    one, two = second.replies
    assert (one.name, one.round_trips, one.networks) == ("b.example", (4_996_800, 4_996_800), (64500,))
    assert two.labels == (Label(value=24015, traffic_class=1, bottom=False, ttl=2),)


@pytest.mark.parametrize(
    ("more", "reached"),
    [
        ({}, None),
        ({"StopReason": {"hop": 1, "reason": "destination_reached"}}, True),
        ({"StopReason": {"hop": 30, "reason": "max_hops"}}, False),
    ],
)
def test_whether_it_arrived_is_its_own_word(more: dict[str, Any], reached: object) -> None:
    (report,) = nexttrace_json.read(text([attempt("192.0.2.1", 1)], **more), file="x").content
    assert report.reached is reached


def test_there_are_no_more_than_255_hops() -> None:
    reading = nexttrace_json.read(text(*[[attempt(None, 0)]] * 300), file="x")
    assert [hop.index for hop in reading.content[0].hops] == list(range(1, 256))
    assert any("beyond the 255th" in problem.says for problem in reading.problems)


def test_other_objects_are_named_or_not_claimed() -> None:
    assert any("no Hops" in problem.says for problem in nexttrace_json.read("{}", file="x").problems)
    assert nexttrace_json.recognises(text())
    assert not nexttrace_json.recognises('{"Hops": []}')


@given(mangled(text([attempt("192.0.2.1", 1), attempt(None, 1)])))
def test_nothing_makes_it_fall(given_text: str) -> None:
    nexttrace_json.recognises(given_text)
    for report in nexttrace_json.read(given_text, file="x").content:
        assert all(1 <= hop.index <= 255 for hop in report.hops)
