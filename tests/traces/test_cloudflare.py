"""Cloudflare's places, each with its own way."""

import json
from typing import Any

from hypothesis import given

from bothways.evidence.path_report import Mark
from bothways.traces import cloudflare
from tests.helpers.mangled import mangled

NODE: dict[str, Any] = {"ip": "192.0.2.1", "name": "192.0.2.1", "asn": "AS64500", "packet_count": 2}
TRIPS = {"min_rtt_ms": 0.5, "mean_rtt_ms": 0.75, "max_rtt_ms": 1.0}


def hop(ttl: int, *nodes: dict[str, Any]) -> dict[str, Any]:
    return {"packets_ttl": ttl, "packets_sent": 4, "packets_lost": 1, "nodes": nodes}


def text(*places: list[dict[str, Any]], error: str = "") -> str:
    colos = [{"colo": {"name": f"den0{number}"}, "error": error, "hops": hops} for number, hops in enumerate(places, 1)]
    return json.dumps({"result": [{"target": "198.51.100.9", "colos": colos}]})


def test_each_place_is_a_report() -> None:
    reading = cloudflare.read(text([hop(1, NODE | TRIPS)], [hop(2, NODE | {"ip": "198.51.100.9"})]), file="x")
    one, two = reading.content
    assert not reading.problems
    assert (one.source, one.destination_address, one.reached) == ("den01", "198.51.100.9", False)
    assert (one.hops[0].sent, one.hops[0].loss) == (4, 0.25)
    (reply,) = one.hops[0].replies
    assert (reply.name, reply.round_trips, reply.networks) == (None, (500_000, 750_000, 1_000_000), (64500,))
    assert (two.source, two.reached, two.hops[0].index) == ("den02", True, 2)


def test_nodes_without_an_address_and_a_name_are_nobody() -> None:
    nodes: list[dict[str, Any]] = [
        {"name": "*", "ip": ""},
        NODE | {"labels": ["!X", "other", 7]},
        NODE | TRIPS | {"packet_count": 0},
    ]
    (report,) = cloudflare.read(text([hop(1, *nodes)]), file="x").content
    assert [(reply.marks, reply.round_trips) for reply in report.hops[0].replies] == [
        ((Mark.PROHIBITED,), ()),
        ((), ()),
    ]


def test_what_failed_or_is_out_of_order_is_named() -> None:
    reading = cloudflare.read(text([], error="Could not gather traceroute data: Code 1"), file="x")
    assert any("Code 1" in problem.says and problem.line == 1 for problem in reading.problems)
    reading = cloudflare.read(text([hop(2), hop(1)]), file="x")
    assert [one.index for one in reading.content[0].hops] == [2]
    assert any("out of order" in problem.says for problem in reading.problems)


def test_other_objects_are_not_claimed() -> None:
    assert cloudflare.recognises(text([hop(1)]))
    assert not cloudflare.recognises('{"colos": []}')


@given(mangled(text([hop(1, NODE | TRIPS), hop(2)]), text([])))
def test_nothing_makes_it_fall(given_text: str) -> None:
    cloudflare.recognises(given_text)
    for report in cloudflare.read(given_text, file="x").content:
        assert all(1 <= one.index <= 255 for one in report.hops)
