"""Trippy's reports: figures of a hop, whoever of its hosts answered."""

import json
from typing import Any

import pytest
from hypothesis import given

from bothways.evidence.path_report import Hop, PathReport
from bothways.traces import trippy_json
from tests.helpers.mangled import mangled


def hop(ttl: int, *hosts: tuple[str, str], **more: Any) -> dict[str, Any]:
    figures = {"loss_pct": "25.00", "sent": 4, "recv": 3, "best": "1.00", "avg": "2.50", "worst": "3.00", "nat": None}
    return {"ttl": ttl, "hosts": [{"ip": ip, "hostname": name} for ip, name in hosts], **figures, **more}


def text(*hops: dict[str, Any]) -> str:
    return json.dumps({"info": {"target": {"ip": "198.51.100.9", "hostname": "www.example"}}, "hops": hops}, indent=2)


def report(*hops: dict[str, Any]) -> PathReport:
    reading = trippy_json.read(text(*hops), file="x")
    assert not reading.problems
    (one,) = reading.content
    return one


def one(told: dict[str, Any]) -> Hop:
    return report(told).hops[0]


@pytest.mark.parametrize("written", [str, float])
def test_figures_are_numbers_or_strings(written: type) -> None:
    read = one(hop(1, ("192.0.2.1", "gw"), best=written(1), avg=written(2.5), worst=written(3), loss_pct=written(25)))
    assert read.replies[0].round_trips == (1_000_000, 2_500_000, 3_000_000)
    assert (read.sent, read.loss) == (4, 0.25)


def test_figures_of_a_hop_with_several_hosts_stand_once() -> None:
    stack = [{"mpls": {"members": [{"label": 5, "exp": 0, "bos": 1, "ttl": 1}]}}, {"unknown": {"bytes": [1]}}]
    first, second = one(hop(1, ("192.0.2.1", "a"), ("192.0.2.5", "b"), extensions=stack)).replies
    assert (len(first.round_trips), len(second.round_trips)) == (3, 0)
    assert (len(first.labels), len(second.labels)) == (1, 0)


def test_zeros_where_nothing_came_back_are_no_measurement() -> None:
    silent = hop(1, recv=0, best="0.00", avg="0.00", worst="0.00", loss_pct="100.00")
    read = report(silent, hop(2, ("192.0.2.5", "192.0.2.5"), recv=0, best="0.00", avg="0.00", worst="0.00"))
    assert read.hops[0].silent
    assert read.hops[1].replies[0].round_trips == ()


@pytest.mark.parametrize(
    ("hostname", "name", "networks"),
    [
        ("gw.example", "gw.example", ()),
        ("192.0.2.1", None, ()),
        ("AS64500 gw.example", "gw.example", (64500,)),
        ("AS64500 192.0.2.1", None, (64500,)),
        ("Failed: 192.0.2.1", None, ()),
        ("Timeout: 192.0.2.1", None, ()),
        ("", None, ()),
    ],
)
def test_only_a_name_is_a_name(hostname: str, name: str | None, networks: tuple[int, ...]) -> None:
    (reply,) = one(hop(1, ("192.0.2.1", hostname))).replies
    assert (reply.name, reply.networks, reply.address) == (name, networks, "192.0.2.1")


def test_behind_a_hop_that_rewrites_the_probe_is_another_one() -> None:
    told = [hop(at, (f"192.0.2.{at}", ""), nat=nat) for at, nat in enumerate([False, True, False, None], 1)]
    quoted = [hop.replies[0].quoted for hop in report(*told).hops]
    assert [one.rewritten if one else None for one in quoted] == [False, True, True, None]


def test_it_is_reached_where_a_host_is_the_target() -> None:
    assert report(hop(1, ("192.0.2.1", "")), hop(2, ("198.51.100.9", ""))).reached
    assert report(hop(1, ("192.0.2.1", ""))).reached is False
    assert report(hop(1)).destination_address == "198.51.100.9"


def test_hops_have_their_lines_and_their_order() -> None:
    reading = trippy_json.read(text(hop(1), hop(1), hop(0), hop(3)), file="x")
    assert [one.index for one in reading.content[0].hops] == [1, 3]
    assert len(reading.problems) == 2
    lines = text(hop(1), hop(1), hop(0), hop(3)).splitlines()
    assert all(lines[(one.line or 0) - 1].strip() == "{" for one in reading.content[0].hops)
    assert all(problem.line and '"ttl"' in lines[problem.line] for problem in reading.problems)


def test_other_objects_are_named_or_not_claimed() -> None:
    assert any("no hops" in problem.says for problem in trippy_json.read("{}", file="x").problems)
    assert trippy_json.recognises(text(hop(1)))
    assert not trippy_json.recognises('{"hosts": [], "ttl": 1}')


@given(mangled(text(hop(1, ("192.0.2.1", "gw"), nat=True)), text()))
def test_nothing_makes_it_fall(given_text: str) -> None:
    trippy_json.recognises(given_text)
    for read in trippy_json.read(given_text, file="x").content:
        indices = [hop.index for hop in read.hops]
        assert indices == sorted(set(indices))
