"""Flows of dublin-traceroute, and what it makes of the probes that are quoted to it."""

import json
from typing import Any

import pytest
from hypothesis import given

from bothways.evidence.path_report import HopReply, Mark
from bothways.evidence.quoted_probe import QuotedProbe
from bothways.traces import dublin_json
from tests.helpers.mangled import mangled

DESTINATION = "198.51.100.9"


def probe(ttl: int, sender: str | None = "192.0.2.1", *, kind: int = 11, code: int = 0, **more: Any) -> dict[str, Any]:
    sent = {"ip": {"src": "10.0.0.5", "dst": DESTINATION, "ttl": ttl}, "udp": {"sport": 12345, "dport": 33434}}
    icmp = {"type": kind, "code": code, "mpls_labels": [], "extensions": []}
    received = {"icmp": icmp, "ip": {"src": sender, "dst": "10.0.0.5", "ttl": 250, "id": 1}} if sender else None
    common = {"is_last": False, "name": "", "rtt_usec": 1500 if sender else None, "received": received}
    return common | {"sent": sent | {"timestamp": "1600000000.25"}} | more


def text(**flows: list[dict[str, Any]]) -> str:
    return json.dumps({"flows": {name.removeprefix("port"): probes for name, probes in flows.items()}}, indent=1)


def reply(told: dict[str, Any]) -> HopReply:
    (report,) = dublin_json.read(text(port1=[told]), file="x").content
    return report.hops[0].replies[0]


def test_each_flow_is_a_report() -> None:
    told = text(port33434=[probe(1), probe(2, None)], port33435=[probe(1, DESTINATION, kind=3, code=3)])
    reading = dublin_json.read(told, file="x")
    one, two = reading.content
    assert not reading.problems
    assert (one.flow, one.port, one.probe, one.reached) == ("33434", 33434, "udp", False)
    assert (one.source_address, one.destination_address) == ("10.0.0.5", DESTINATION)
    assert [(hop.silent, hop.sent, hop.loss) for hop in one.hops] == [(False, 1, 0.0), (True, 1, 1.0)]
    assert (two.flow, two.reached) == ("33435", True)
    assert (two.line or 0) > (one.hops[1].line or 0) > (one.line or 0)


def test_behind_the_last_it_only_repeats_itself() -> None:
    told = [probe(1), probe(2, DESTINATION, kind=3, code=3, is_last=True), probe(3, DESTINATION, kind=3, code=3)]
    (report,) = dublin_json.read(text(port1=told), file="x").content
    assert [hop.index for hop in report.hops] == [1, 2]


@pytest.mark.parametrize(
    ("kind", "code", "marks"),
    [
        (11, 0, ()),
        (0, 11, ()),
        (3, 3, ()),
        (3, 13, (Mark.PROHIBITED,)),
        (13, 3, (Mark.PROHIBITED,)),
        (3, 1, (Mark.HOST,)),
    ],
)
def test_type_and_code_may_have_changed_places(kind: int, code: int, marks: tuple[Mark, ...]) -> None:
    assert reply(probe(1, kind=kind, code=code)).marks == marks


@pytest.mark.parametrize(
    ("more", "quoted"),
    [
        ({}, None),
        ({"nat_id": 0}, QuotedProbe(rewritten=False)),
        ({"nat_id": 4711}, QuotedProbe(rewritten=True)),
        ({"zerottl_forwarding_bug": True, "nat_id": 0}, QuotedProbe(ttl=0, rewritten=False)),
    ],
)
def test_nat_and_a_ttl_of_zero_are_told_of_the_quoted_probe(more: dict[str, Any], quoted: QuotedProbe | None) -> None:
    assert reply(probe(1, **more)).quoted == quoted


def test_a_name_that_is_the_address_is_none() -> None:
    assert reply(probe(1, name="192.0.2.1")).name is None
    assert reply(probe(1, name="gw.example")).name == "gw.example"
    assert reply(probe(1)).round_trips == (1_500_000,)


@pytest.mark.parametrize(
    ("timestamp", "started"), [("1600000000.25", 1_600_000_000_000_025_000), ("1600000000", 1_600_000_000_000_000_000)]
)
def test_behind_the_dot_of_a_timestamp_are_microseconds(timestamp: str, started: int) -> None:
    told = probe(1)
    told["sent"]["timestamp"] = timestamp
    (report,) = dublin_json.read(text(port1=[told]), file="x").content
    assert report.started == started


@pytest.mark.parametrize(
    ("told", "says"),
    [("{}", "no flows"), (text(port1=[]), "without probes"), (text(port1=[{"sent": {}}]), "without its TTL")],
)
def test_what_is_no_flow_is_named(told: str, says: str) -> None:
    assert any(says in problem.says and problem.line for problem in dublin_json.read(told, file="x").problems)


def test_other_flows_are_not_claimed() -> None:
    assert dublin_json.recognises(text(port1=[probe(1)]))
    assert not dublin_json.recognises('{"flows": {"1": []}}')


@given(mangled(text(port1=[probe(1), probe(2, None)]), text(port2=[])))
def test_nothing_makes_it_fall(given_text: str) -> None:
    dublin_json.recognises(given_text)
    for report in dublin_json.read(given_text, file="x").content:
        assert all(1 <= hop.index <= 255 for hop in report.hops)
