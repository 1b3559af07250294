"""Results of RIPE Atlas: which attempt an answer belongs to, and what was left out because it says so by itself."""

import json
from typing import Any

import pytest
from hypothesis import given

from bothways.evidence.path_report import Hop, Mark, PathReport
from bothways.evidence.quoted_probe import QuotedProbe
from bothways.traces import atlas
from tests.helpers.mangled import mangled

DESTINATION = "198.51.100.9"
NOBODY = {"x": "*"}


def reply(sender: str = "192.0.2.1", rtt: float = 1.5, **more: Any) -> dict[str, Any]:
    return {"from": sender, "rtt": rtt, "size": 28, "ttl": 254, **more}


def result(*hops: dict[str, Any], **more: Any) -> dict[str, Any]:
    head = {"fw": 5080, "af": 4, "dst_addr": DESTINATION, "dst_name": "www.example", "prb_id": 7, "msm_id": 9}
    return {
        **head,
        "paris_id": 3,
        "proto": "UDP",
        "timestamp": 1600000000,
        "type": "traceroute",
        "result": hops,
        **more,
    }


def hop(index: int, *attempts: object) -> dict[str, Any]:
    return {"hop": index, "result": attempts}


def read(*results: object) -> tuple[PathReport, ...]:
    reading = atlas.read(json.dumps(results), file="x")
    assert not reading.problems
    return reading.content


def hops(*told: dict[str, Any], **more: Any) -> tuple[Hop, ...]:
    (report,) = read(result(*told, **more))
    return report.hops


def test_every_probe_of_a_file_is_a_report_of_its_own() -> None:
    one, two = read(result(hop(1, reply())), result(hop(1, NOBODY), **{"from": "203.0.113.7"}, src_addr="10.0.0.7"))
    assert (one.source, one.source_address, one.flow, one.probe) == ("probe 7", None, "paris_id 3", "udp")
    assert (two.source, two.source_address) == ("203.0.113.7", "10.0.0.7")
    assert (one.destination, one.destination_address, one.started) == (
        "www.example",
        DESTINATION,
        1_600_000_000_000_000_000,
    )


def test_a_late_answer_is_of_the_hop_whose_probe_it_answers() -> None:
    late = {"late": 2, "from": "192.0.2.1", "ttl": 254, "size": 28}
    first, second = hops(hop(1, NOBODY, NOBODY), hop(2, late, reply("192.0.2.5")))
    assert [one.address for one in first.replies] == ["192.0.2.1"]
    assert [one.address for one in second.replies] == ["192.0.2.5"]
    assert (first.sent, first.loss, second.sent, second.loss) == (2, 1.0, 1, 0.0)


def test_a_late_answer_to_no_listed_probe_and_a_second_one_count_for_nothing() -> None:
    (only,) = hops(hop(1, {"late": 9, "from": "192.0.2.77"}, reply(), {"dup": True, **reply(rtt=9)}, NOBODY))
    assert (only.sent, only.loss) == (2, 0.5)
    assert [(one.address, len(one.round_trips)) for one in only.replies] == [("192.0.2.1", 2)]


@pytest.mark.parametrize(
    ("more", "mark"),
    [
        ({"err": "H"}, (Mark.HOST,)),
        ({"err": "N"}, (Mark.NETWORK,)),
        ({"err": "A"}, (Mark.PROHIBITED,)),
        ({"err": "P"}, (Mark.PROTOCOL,)),
        ({"err": "p"}, ()),
        ({"err": "h"}, (Mark.OTHER,)),
        ({"err": 9}, (Mark.PROHIBITED,)),
        ({"err": "10"}, (Mark.PROHIBITED,)),
        ({"mtu": 1400}, (Mark.NEEDS_FRAGMENTATION,)),
        ({}, ()),
    ],
)
def test_errors_are_marks(more: dict[str, Any], mark: tuple[Mark, ...]) -> None:
    (only,) = hops(hop(1, reply(**more)))
    assert only.replies[0].marks == mark
    assert only.mtu == more.get("mtu")


@pytest.mark.parametrize(
    ("more", "fw", "quoted"),
    [
        ({}, 5080, None),
        ({"ittl": 0}, 5080, QuotedProbe(ttl=0)),
        ({"edst": "203.0.113.5"}, 5080, QuotedProbe(ttl=1, destination="203.0.113.5")),
        ({"edst": "203.0.113.5"}, 1, QuotedProbe(destination="203.0.113.5")),
    ],
)
def test_of_the_quoted_probe_only_what_is_unusual_is_told(
    more: dict[str, Any], fw: int, quoted: QuotedProbe | None
) -> None:
    (only,) = hops(hop(1, reply(**more)), fw=fw)
    assert only.replies[0].quoted == quoted


@pytest.mark.parametrize(
    ("last", "reached", "distances"),
    [
        ([hop(2, reply(DESTINATION))], True, [1, 2]),
        ([hop(2, NOBODY)], False, [1, 2]),
        ([hop(2, NOBODY), hop(255, NOBODY)], False, [1, 2]),
        ([hop(2, NOBODY), hop(255, reply(DESTINATION))], None, [1, 2]),
    ],
)
def test_what_answers_the_last_try_stands_at_no_known_distance(
    last: list[dict[str, Any]],
    reached: bool | None,  # noqa: FBT001 - three values
    distances: list[int],
) -> None:
    (report,) = read(result(hop(1, reply()), *last))
    assert (report.reached, [one.index for one in report.hops]) == (reached, distances)


def test_a_path_of_255_hops_keeps_its_last() -> None:
    assert [one.index for one in hops(hop(254, reply()), hop(255, reply("192.0.2.5")))] == [254, 255]


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (result(hop(1, {"error": "sendto failed: Operation not permitted"})), "could not send at hop 1: sendto failed"),
        (result({"error": "name resolution failed"}), "name resolution failed"),
        (result(hop(300, reply())), "no hop"),
        (result(hop(1, {"rtt": 1})), "without its sender"),
        (result(type="ping"), "left out: ping"),
        ({"prb_id": 1}, "it names no kind"),
    ],
)
def test_what_is_no_answer_is_named(told: dict[str, Any], says: str) -> None:
    problems = atlas.read(json.dumps([told]), file="x").problems
    assert any(says in problem.says and problem.line == 1 for problem in problems)


def test_a_ping_is_not_claimed() -> None:
    assert not atlas.recognises('[{"prb_id": 1, "msm_id": 2, "type": "ping", "result": [{"rtt": 1.5}]}]')
    assert atlas.recognises(json.dumps([result(hop(1, NOBODY))], indent=4))


@given(mangled(json.dumps([result(hop(1, reply(ittl=2), NOBODY), hop(2, {"late": 1, **reply()}))]), '{"result": "'))
def test_nothing_makes_it_fall(text: str) -> None:
    atlas.recognises(text)
    for report in atlas.read(text, file="x").content:
        assert all(1 <= one.index <= 255 for one in report.hops)
