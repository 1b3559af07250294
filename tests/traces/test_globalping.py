"""Globalping's documents: who asked, who answered, and what is left where a probe could not."""

import json
from typing import Any

import pytest
from hypothesis import given

from bothways.traces import globalping
from tests.helpers.mangled import mangled

HOP: dict[str, Any] = {
    "resolvedHostname": "gw.example",
    "resolvedAddress": "192.0.2.1",
    "timings": [{"rtt": 0.5}, {"rtt": 0.7}],
}
SILENT: dict[str, Any] = {"resolvedHostname": None, "resolvedAddress": None, "timings": []}
PRINTED = "traceroute to www.example (198.51.100.9), 20 hops max, 60 byte packets\n 1  192.0.2.1  0.5 ms  *\n"


def measurement(*results: dict[str, Any], **more: Any) -> dict[str, Any]:
    head = {"id": "x", "type": "traceroute", "status": "finished", "createdAt": "2024-07-17T16:19:52.909Z"}
    probe = {"city": "Lagos", "country": "NG", "asn": 64500}
    return {
        **head,
        "target": "www.example",
        "probesCount": len(results),
        "results": [{"probe": probe, "result": one} for one in results],
        **more,
    }


def result(*hops: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"status": "finished", "resolvedAddress": "198.51.100.9", "hops": hops, **more}


def test_each_probe_is_a_report_with_its_place() -> None:
    told = measurement(result(HOP, SILENT), result(HOP), measurementOptions={"protocol": "UDP", "port": 53})
    reading = globalping.read(json.dumps(told), file="x")
    one, two = reading.content
    assert not reading.problems
    assert (one.source, one.probe, one.port, one.destination) == ("Lagos, NG, AS64500", "udp", 53, "www.example")
    assert (one.destination_address, one.reached, len(two.hops)) == ("198.51.100.9", False, 1)
    assert [(hop.silent, hop.sent, hop.loss) for hop in one.hops] == [(False, None, None), (True, None, None)]


def test_what_mtr_repeats_at_the_end_is_no_hop() -> None:
    stats = {"total": 4, "drop": 1, "rcv": 3, "loss": 25}
    last = HOP | {"stats": stats, "resolvedAddress": "198.51.100.9", "asn": [64500, "x"]}
    told = measurement(result(SILENT | {"stats": stats | {"drop": 4}}, last, last | {"duplicate": True}), type="mtr")
    (report,) = globalping.read(json.dumps(told), file="x").content
    assert [(hop.index, hop.sent, hop.loss) for hop in report.hops] == [(1, 4, 1.0), (2, 4, 0.25)]
    assert (report.hops[1].replies[0].networks, report.reached) == ((64500,), True)


def test_a_name_that_is_an_address_or_a_star_is_none() -> None:
    told = measurement(result(HOP | {"resolvedHostname": "192.0.2.1"}, SILENT | {"resolvedHostname": "*"}))
    (report,) = globalping.read(json.dumps(told), file="x").content
    assert [[reply.name for reply in hop.replies] for hop in report.hops] == [[None], []]


def test_where_hops_are_missing_what_was_printed_is_read() -> None:
    told = measurement(result(rawOutput=PRINTED))
    reading = globalping.read(json.dumps(told, indent=1), file="x")
    (report,) = reading.content
    assert not reading.problems
    assert (report.source, report.reached, report.hops[0].sent, report.hops[0].loss) == (
        "Lagos, NG, AS64500",
        False,
        2,
        0.5,
    )
    assert report.hops[0].line == report.line


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (measurement(result(status="failed", rawOutput="Private IP ranges are not allowed.")), "Private IP ranges"),
        (measurement(result(status="in-progress")), "its status is in-progress"),
        (measurement(), "without results"),
        (measurement(result(HOP), type="ping"), "no result of a traceroute"),
        ({"results": [7]}, "no result of a traceroute"),
    ],
)
def test_what_is_no_path_is_named(told: dict[str, Any], says: str) -> None:
    problems = globalping.read(json.dumps(told), file="x").problems
    assert any(says in problem.says and problem.line == 1 for problem in problems)


def test_a_ping_is_not_claimed() -> None:
    assert globalping.recognises(json.dumps(measurement(result(HOP))))
    assert not globalping.recognises(json.dumps(measurement(result(), type="ping")))


@given(mangled(json.dumps(measurement(result(HOP, SILENT))), json.dumps(measurement(result(rawOutput=PRINTED)))))
def test_nothing_makes_it_fall(text: str) -> None:
    globalping.recognises(text)
    for report in globalping.read(text, file="x").content:
        assert all(1 <= hop.index <= 255 for hop in report.hops)
