from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from bothways.evidence.case import PathEvidence, Role
from bothways.paths.alone import Ways, ways_alone
from bothways.paths.model import Told
from bothways.way import Way
from tests.helpers.surroundings import evidence, report


def given(file: str, hops: str, way: Way | None = None, *, control: bool = False, **ends: Any) -> PathEvidence:
    return PathEvidence(report=report(hops, file=file, **ends), role=Role(way=way, control=control))


def files(ways: Ways) -> tuple[list[str], list[str]]:
    """Of the case's own ways there and back."""
    there, back = (
        [
            path.report.file
            for course in ways.courses
            if course.way is way and not course.control
            for path in course.paths
        ]
        for way in Way
    )
    return there, back


A_TO_B: dict[str, Any] = {"source": "laptop", "destination": "www.example", "destination_address": "192.0.2.2"}
B_TO_A: dict[str, Any] = {
    "source": "www",
    "source_address": "192.0.2.2",
    "destination": "laptop.example",
    "destination_address": "198.51.100.5",
}


def test_without_any_hint_the_first_report_goes_there_and_its_mirror_image_comes_back() -> None:
    for first, second in permutations((given("one", "r s", **A_TO_B), given("two", "x y", **B_TO_A))):
        ways = ways_alone([first, second])
        assert files(ways) == ([first.report.file], [second.report.file])
        assert ways.told is Told.ORDER


def test_a_hint_of_one_report_tells_the_way_of_its_mirror_image() -> None:
    ways = ways_alone([given("one", "r s", **A_TO_B), given("inbound", "s r", Way.THERE, **B_TO_A)])
    assert files(ways) == (["inbound"], ["one"])
    assert ways.told is Told.HINT
    assert ways.client.label == "www.example"
    assert ways.server.names[0] == "laptop.example"


def test_behind_nat_routers_in_reversed_order_tell_opposite_ways() -> None:
    there = given("one", "q r s", Way.THERE, source_address="10.0.0.5", destination_address="192.0.2.2")
    back = given("two", "s r x", source="www", destination_address="198.51.100.5")
    ways = ways_alone([back, there])
    assert files(ways) == (["one"], ["two"])
    assert ways.told is Told.HOPS


def test_two_reports_that_share_nothing_are_taken_for_the_two_ways_and_this_is_said() -> None:
    ways = ways_alone([evidence("a b"), evidence("x y", file="inbound.mtr.txt")])
    assert files(ways) == (["outbound.mtr.txt"], ["inbound.mtr.txt"])
    assert ways.told is Told.ORDER
    beside_a_hint = ways_alone([given("one", "a b"), given("two", "x y", Way.THERE)])
    assert files(beside_a_hint) == (["two"], ["one"])
    assert beside_a_hint.told is Told.ORDER


def test_runs_of_one_way_without_hints_are_no_way_back() -> None:
    ways = ways_alone([given("one", "a b", **A_TO_B), given("two", "a b", **A_TO_B)])
    assert files(ways) == (["one", "two"], [])
    assert ways.back is None


def test_a_third_report_of_unrelated_ends_is_left_out_with_a_word() -> None:
    third = given(
        "outbound2", "a b", Way.THERE, source="laptop", destination="other.example", destination_address="192.0.2.77"
    )
    ways = ways_alone(
        [given("outbound", "a b", Way.THERE, **A_TO_B), given("inbound", "b a", Way.BACK, **B_TO_A), third]
    )
    assert files(ways) == (["outbound"], ["inbound"])
    (stray,) = ways.strays
    assert (stray.report.file, stray.why) == (
        "outbound2",
        "belongs to neither of the two ends: it goes to other.example",
    )


def test_the_two_reports_that_mirror_each_other_are_the_case_and_not_the_first_one() -> None:
    third = given("outbound0", "a b", Way.THERE, destination_address="192.0.2.77")
    ways = ways_alone(
        [third, given("outbound", "a b", Way.THERE, **A_TO_B), given("inbound", "b a", Way.BACK, **B_TO_A)]
    )
    assert files(ways) == (["outbound"], ["inbound"])
    assert [stray.report.file for stray in ways.strays] == ["outbound0"]


def test_controls_are_kept_apart_by_the_names_of_their_files() -> None:
    control = given("control-outbound", "a c", Way.THERE, control=True, destination_address="192.0.2.99")
    ways = ways_alone([given("outbound", "a b", Way.THERE, **A_TO_B), control])
    assert files(ways) == (["outbound"], [])
    assert [path.report.file for course in ways.controls for path in course.paths] == ["control-outbound"]


def test_a_name_by_which_both_hosts_call_themselves_is_the_name_of_neither() -> None:
    there = given("outbound", "a www.example", Way.THERE, source="vm")
    ways = ways_alone([there, given("inbound", "b 10.0.0.5", Way.BACK, source="vm")])
    assert (ways.client.label, ways.server.label) == ("10.0.0.5", "www.example")


def test_hosts_that_call_themselves_alike_do_not_hide_that_the_reports_go_opposite_ways() -> None:
    ways = ways_alone([given("two", "r s t", source="vm"), given("one", "q t s r", source="vm")])
    assert files(ways) == (["two"], ["one"])
    assert [course.reached for course in ways.courses] == [None, None]


def test_the_word_of_the_user_is_the_surest() -> None:
    decided = [given("x", "a b", Way.BACK), given("y", "b a", Way.THERE)]
    ways = ways_alone([replace(one, role=replace(one.role, decided=True)) for one in decided])
    assert files(ways) == (["y"], ["x"])
    assert ways.told is Told.WORD


@pytest.mark.parametrize("hops", [[], [""]])
def test_without_any_answer_there_are_no_ways(hops: list[str]) -> None:
    ways = ways_alone([evidence(one) for one in hops])
    assert (ways.there, ways.back, ways.client.label) == (None, None, None)


def test_a_way_ends_at_the_host_that_the_other_ways_report_calls_its_own() -> None:
    routers = " ".join(f"r{index}" for index in range(1, 30))
    ways = ways_alone(
        [given("one", f"{routers} srv.example", source="cli"), given("two", "x cli.example", source="srv")]
    )
    assert [(course.way, course.distance) for course in ways.courses] == [(Way.THERE, 30), (Way.BACK, 2)]
    assert ways.told is Told.ORDER


def test_who_answers_last_in_a_circle_names_no_end() -> None:
    ways = ways_alone([given("one", "gw a.example b.example a.example b.example")])
    assert ways.server.label is None
