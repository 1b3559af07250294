from typing import Any

import pytest
from msgspec.structs import replace

from bothways.evidence.quoted_probe import Label, QuotedProbe
from bothways.paths.absence import Gap
from bothways.paths.course import Course, courses_of
from bothways.paths.hidden import hides
from tests.helpers.surroundings import paths, reply, report, there

ZERO: dict[str, Any] = {"quoted": QuotedProbe(ttl=0)}


@pytest.mark.parametrize(
    ("what", "routers"),
    [
        ({}, 0),
        ({"quoted": QuotedProbe(ttl=1)}, 0),
        ({"quoted": QuotedProbe()}, 0),
        (ZERO, 1),
        ({"labels": (Label(value=16, ttl=1),)}, 0),
        ({"labels": (Label(value=16),)}, 0),
        ({"labels": (Label(value=16, ttl=252),)}, 3),
        ({"labels": (Label(value=16, ttl=60),)}, None),
    ],
)
def test_a_reply_tells_how_many_routers_before_it_keep_unseen(what: dict[str, Any], routers: int | None) -> None:
    assert hides(replace(reply("a"), **what)) == routers


def course(**what: Any) -> Course:
    """A way of three hops, the second of which answers with *what*."""
    made = report("a b c")
    hop = replace(made.hops[1], replies=(replace(reply("b"), **what),))
    (found,) = courses_of(paths(replace(there("x"), report=replace(made, hops=(made.hops[0], hop, made.hops[2])))))
    return found


def test_a_router_that_is_known_to_be_unseen_may_hide_in_the_gap_before_the_one_that_tells_of_it() -> None:
    odd = course(**ZERO)
    one, two, three = odd.stations
    assert [station.hidden for station in odd.stations] == [0, 1, 0]
    assert Gap.between(odd, one, two).hidden == 1
    assert Gap.between(odd, one, three).hidden == 1
    assert Gap.between(odd, two, three).hidden == 0


def test_routers_of_a_tunnel_that_nobody_can_count_are_one_at_least() -> None:
    assert course(labels=(Label(value=16, ttl=60),)).stations[1].hidden == 1
