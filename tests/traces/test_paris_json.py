"""paris-traceroute's replies have a distance only where they are sorted by it."""

import json

import pytest
from hypothesis import given

from bothways.traces import paris_json
from tests.helpers.mangled import mangled

REPLY = {
    "type": "reply",
    "from": "192.0.2.1",
    "src_port": 24000,
    "dst_port": 33456,
    "flow_id": 1,
    "ttl": 62,
    "rtt": 1.5,
}
STAR = {"type": "star", "ttl": 3, "src_port": 24000, "dst_port": 33456, "flow_id": 1}
HEAD = {"from": "192.0.2.9", "to": "198.51.100.9", "protocol": "tcp"}
SORTED = json.dumps(
    HEAD | {"results": [{"hop": 2, "result": [REPLY, REPLY]}], "stars": [{"hop": 2, "result": [STAR]}, STAR]}
)
AS_IT_COMES = json.dumps(HEAD | {"result": [REPLY, STAR]}, indent=2)


def test_replies_and_stars_of_a_hop_are_put_together() -> None:
    reading = paris_json.read(SORTED, file="x")
    (report,) = reading.content
    assert not reading.problems
    second, third = report.hops
    assert (second.index, second.sent) == (2, 3)
    assert second.loss == pytest.approx(1 / 3)
    assert (second.replies[0].round_trips, second.replies[0].reply_ttl) == ((1_500_000, 1_500_000), 62)
    assert (third.index, third.silent) == (3, True)
    assert (report.probe, report.source_address, report.reached) == ("tcp-syn", "192.0.2.9", False)


def test_the_ttl_of_a_reply_is_not_taken_for_a_distance() -> None:
    reading = paris_json.read(AS_IT_COMES, file="x")
    (report,) = reading.content
    assert [(hop.index, hop.silent) for hop in report.hops] == [(3, True)]
    (problem,) = reading.problems
    assert "without --format=json" in problem.says
    assert problem.line == 6


def test_other_objects_are_not_claimed() -> None:
    assert paris_json.recognises(AS_IT_COMES)
    assert not paris_json.recognises('{"flow_id": 1, "type": "flow"}')


@given(mangled(SORTED, AS_IT_COMES))
def test_nothing_makes_it_fall(text: str) -> None:
    paris_json.recognises(text)
    for report in paris_json.read(text, file="x").content:
        assert all(1 <= hop.index <= 255 for hop in report.hops)
