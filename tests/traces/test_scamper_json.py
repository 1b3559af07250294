"""scamper's objects: what silence, attempts and frames mean. Whole ones are in `world`."""

import json
from typing import Any

import pytest
from hypothesis import given

from bothways.evidence.path_report import Mark, PathReport
from bothways.evidence.quoted_probe import Label
from bothways.traces import scamper_json
from tests.helpers.mangled import mangled

HOP = {"addr": "192.0.2.1", "probe_ttl": 1, "probe_id": 1, "probe_size": 44, "rtt": 0.5, "reply_ttl": 64}
TRACE: dict[str, Any] = {
    "type": "trace",
    "method": "udp-paris",
    "src": "192.0.2.9",
    "dst": "198.51.100.9",
    "sport": 40000,
    "dport": 33435,
    "stop_reason": "GAPLIMIT",
    "start": {"sec": 1600000000, "usec": 5},
    "hop_count": 3,
    "attempts": 2,
    "firsthop": 1,
    "hops": [HOP],
}
FRAME = {"type": "cycle-start", "list_name": "default", "id": 0, "hostname": "vm", "start_time": 1600000000}


def lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def one(**changes: Any) -> PathReport:
    reading = scamper_json.read(lines(FRAME, TRACE | changes), file="x")
    assert not reading.problems
    (report,) = reading.content
    return report


def test_distances_that_no_reply_is_of_were_silent() -> None:
    report = one()
    assert [(hop.silent, hop.sent, hop.loss) for hop in report.hops] == [
        (False, 1, 0.0),
        (True, 2, 1.0),
        (True, 2, 1.0),
    ]
    assert (report.line, report.reached, report.flow, report.port) == (2, False, "40000-33435", 33435)
    assert report.started == 1_600_000_000_000_005_000


@pytest.mark.parametrize(
    ("replied", "sent", "loss"), [([1], 1, 0), ([2], 2, 0.5), ([3, 1], 3, 1 / 3), ([2, 2], 2, 0.5)]
)
def test_the_attempt_that_was_answered_tells_how_many_were_not(replied: list[int], sent: int, loss: float) -> None:
    report = one(hops=[HOP | {"probe_id": attempt} for attempt in replied])
    assert report.hops[0].sent == sent
    assert report.hops[0].loss == pytest.approx(loss)
    assert len(report.hops[0].replies[0].round_trips) == len(replied)


def test_probing_may_begin_further_away() -> None:
    report = one(firsthop=3, hop_count=4, hops=[HOP | {"probe_ttl": 4}])
    assert [(hop.index, hop.silent) for hop in report.hops] == [(3, True), (4, False)]


@pytest.mark.parametrize(
    ("method", "probe", "port", "flow"),
    [
        ("tcp", "tcp-syn", 33435, None),
        ("tcp-ack", "tcp-ack", 33435, None),
        ("icmp-echo", "icmp", None, None),
        ("udp", "udp", None, None),
        ("icmp-echo-paris", "icmp", 33435, "40000-33435"),
        ("sctp", None, 33435, None),
    ],
)
def test_the_method_says_what_was_sent(method: str, probe: str | None, port: int | None, flow: str | None) -> None:
    report = one(method=method)
    assert (report.probe, report.port, report.flow) == (probe, port, flow)


def test_a_reply_shows_the_probe_as_it_arrived() -> None:
    quoted = {"icmp_type": 3, "icmp_code": 13, "icmp_q_ttl": 2, "icmp_q_tos": 184, "icmp_q_ipl": 11264}
    stack = {"icmpext": [{"ie_cn": 1, "ie_ct": 1, "mpls_labels": [{"mpls_label": 3, "mpls_exp": 1, "mpls_s": 1}]}]}
    (reply,) = one(hops=[HOP | quoted | stack]).hops[0].replies
    assert reply.marks == (Mark.PROHIBITED,)
    assert reply.quoted is not None
    assert (reply.quoted.ttl, reply.quoted.tos, reply.quoted.size) == (2, 184, 44)
    assert reply.labels == (Label(value=3, traffic_class=1, bottom=True),)


def test_a_path_that_ends_in_its_destination_is_reached_whatever_it_answers() -> None:
    last = HOP | {"addr": "198.51.100.9", "probe_ttl": 2, "icmp_type": 3, "icmp_code": 10}
    assert one(stop_reason="UNREACH", hops=[HOP, last]).reached
    assert one(stop_reason="COMPLETED").reached


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (
            {"type": "ping", "method": "icmp-echo", "src": "192.0.2.1"},
            "something else than a path here; left out: ping",
        ),
        ({"method": "x"}, "does not say what"),
        (TRACE | {"hops": [{"addr": "192.0.2.1"}]}, "without the TTL of its probe"),
        (TRACE | {"hops": [HOP | {"addr": "*"}]}, "without its sender"),
    ],
)
def test_what_is_no_path_is_named_with_its_line(record: object, says: str) -> None:
    problems = scamper_json.read(lines(FRAME, record), file="x").problems
    assert any(says in problem.says and problem.line == 2 for problem in problems)


def test_other_objects_are_not_claimed() -> None:
    assert scamper_json.recognises(lines(FRAME))
    assert not scamper_json.recognises(lines({"type": "trace", "spec": {}}))
    assert not scamper_json.recognises("trace list_name type\n")


@given(mangled(lines(FRAME, TRACE), json.dumps(TRACE, indent=1)))
def test_nothing_makes_it_fall(text: str) -> None:
    scamper_json.recognises(text)
    for report in scamper_json.read(text, file="x").content:
        assert all(1 <= hop.index <= 255 for hop in report.hops)
