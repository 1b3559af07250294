from bothways.facts.fact import Fact
from bothways.facts.loops import Circles, loop
from bothways.unknown import Unknown
from bothways.way import Way
from tests.helpers.network import Network
from tests.helpers.surroundings import back, control_back, paths, there

STRAIGHT = "gw=10.0.0.254 edge=10.0.1.1 isp=10.0.3.1 192.0.2.2"
ROUND = "gw=10.0.0.254 a=10.0.3.1 b=10.0.3.5 a=10.0.3.1 b=10.0.3.5 a=10.0.3.1 b=10.0.3.5"


def found(*reports: object) -> Fact:
    return loop(Network("client").subject(paths=paths(*reports)))  # type: ignore[arg-type] # all evidence


def test_routers_that_come_around_again_and_again_are_a_circle() -> None:
    fact = found(there(ROUND))
    assert (fact.answer, fact.way) == (Circles.THERE, Way.THERE)
    assert [cite.line for cite in fact.cites] == [5, 9]
    assert "a, b" in fact.says or "b, a" in fact.says


def test_a_circle_of_the_way_back_is_told_apart() -> None:
    assert found(there(STRAIGHT), back(ROUND)).answer is Circles.BACK


def test_a_straight_way_is_none() -> None:
    assert found(there(STRAIGHT)).answer is Circles.NONE


def test_a_report_that_ends_without_an_answer_says_nothing_of_what_follows_but_shows_no_circle() -> None:
    assert found(there("gw=10.0.0.254 edge=10.0.1.1 ? ?")).answer is Circles.NONE


def test_a_router_twice_is_what_balanced_paths_look_like() -> None:
    twice = "gw=10.0.0.254 a=10.0.3.1 b=10.0.3.5 a=10.0.3.1 b=10.0.3.5"
    assert found(there(twice)).answer is Circles.NONE


def test_a_router_at_distances_next_to_each_other_is_no_circle() -> None:
    assert found(there("gw=10.0.0.254 a=10.0.3.1 a=10.0.3.1 a=10.0.3.1 a=10.0.3.1")).answer is Circles.NONE


def test_one_that_answers_between_silences_is_no_circle() -> None:
    assert found(there("gw=10.0.0.254 a=10.0.3.1 ? a=10.0.3.1 ? a=10.0.3.1")).answer is Circles.NONE


def test_what_comes_around_and_then_arrives_is_no_circle() -> None:
    assert found(there(f"{ROUND} 192.0.2.2")).answer is Circles.NONE


def test_a_controls_circle_is_not_the_cases() -> None:
    assert isinstance(found(control_back(ROUND)).answer, Unknown)
