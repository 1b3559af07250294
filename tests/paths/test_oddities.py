from dataclasses import replace
from typing import Any

import pytest

from bothways.evidence.case import PathEvidence
from bothways.evidence.quoted_probe import Label, QuotedProbe
from bothways.paths.course import courses_of
from bothways.paths.oddities import Oddity, Remark, oddities_of
from tests.helpers.network import SERVER
from tests.helpers.surroundings import paths, report, there


def remarks(*reports: PathEvidence) -> tuple[Remark, ...]:
    (course,) = courses_of(paths(*reports))
    return oddities_of(course)


def odd(hops: str) -> list[tuple[int, Oddity]]:
    return [(one.station.index, one.oddity) for one in remarks(there(hops))]


def second(what: dict[str, Any], **ends: Any) -> list[Remark]:
    """What is remarked of a report whose second hop answers with *what*."""
    made = report("a b c", **ends)
    (reply,) = made.hops[1].replies
    hop = replace(made.hops[1], replies=(replace(reply, **what),))
    found = remarks(replace(there("x"), report=replace(made, hops=(made.hops[0], hop, made.hops[2]))))
    assert all(one.station.index == 2 for one in found)
    return list(found)


def test_an_ordinary_way_has_nothing_odd() -> None:
    assert odd("10.9.0.1 a ? b=198.51.100.1 c") == []
    assert second({"quoted": QuotedProbe(ttl=1)}) == []


def test_a_probe_without_hops_left_was_passed_on_by_a_router_that_is_not_seen() -> None:
    (remark,) = second({"quoted": QuotedProbe(ttl=0)})
    assert (remark.oddity, remark.hides, remark.cite.line) == (Oddity.ZERO_TTL, 1, 4)


def test_one_router_at_two_distances_in_a_row_is_said_once() -> None:
    assert odd("a b b c") == [(3, Oddity.TWICE)]
    made = report("a b b c")
    (reply,) = made.hops[1].replies
    hop = replace(made.hops[1], replies=(replace(reply, quoted=QuotedProbe(ttl=0)),))
    found = remarks(replace(there("x"), report=replace(made, hops=(made.hops[0], hop, *made.hops[2:]))))
    assert [(one.station.index, one.oddity) for one in found] == [(2, Oddity.ZERO_TTL)]


def test_a_router_that_comes_again_behind_others_is_told_from_one_behind_silence() -> None:
    assert odd("a b c b d") == [(4, Oddity.AGAIN)]
    assert odd("a b ? b d") == []


def test_routers_of_two_reports_are_not_held_against_each_other() -> None:
    assert remarks(there("a b ? d"), there("a ? b d")) == ()


@pytest.mark.parametrize(
    ("ttl", "oddity", "hides"),
    [
        (1, Oddity.LABELS, None),
        (None, Oddity.LABELS, None),
        (252, Oddity.LABELS_KEPT, 3),
        (40, Oddity.LABELS_KEPT, None),
    ],
)
def test_labels_tell_a_tunnel_and_what_it_hides(ttl: int | None, oddity: Oddity, hides: int | None) -> None:
    (remark,) = second({"labels": (Label(value=16, ttl=ttl), Label(value=17, ttl=255))})
    assert (remark.oddity, remark.hides) == (oddity, hides)


def test_a_probe_with_hops_left_came_in_a_tunnel_without_labels() -> None:
    (remark,) = second({"quoted": QuotedProbe(ttl=2)})
    assert remark.oddity is Oddity.HIDDEN_LABELS


@pytest.mark.parametrize(
    ("quoted", "odd"),
    [
        (QuotedProbe(source="198.51.100.9"), True),
        (QuotedProbe(source="10.9.9.9", destination=SERVER.address, destination_port=80), False),
        (QuotedProbe(destination="10.5.5.5"), True),
        (QuotedProbe(destination_port=8080), True),
        (QuotedProbe(ttl=1), False),
    ],
)
def test_a_quoted_probe_that_was_not_sent_so_shows_a_translator(quoted: QuotedProbe, odd: bool) -> None:  # noqa: FBT001 - what is asked
    found = second({"quoted": quoted}, source_address="10.9.9.9", destination_address=SERVER.address, port=80)
    assert [one.oddity for one in found] == ([Oddity.TRANSLATED] if odd else [])


def test_what_was_sent_is_not_known_to_differ_where_it_is_not_said() -> None:
    assert second({"quoted": QuotedProbe(source="198.51.100.9", destination="10.5.5.5")}) == []


def test_a_private_address_is_odd_behind_a_public_one_only() -> None:
    assert odd("10.9.0.1 192.168.9.1 198.51.100.1 10.9.0.2 c") == [(4, Oddity.PRIVATE)]


def test_the_other_end_is_odd_where_it_does_not_stand() -> None:
    assert odd(f"a {SERVER.address} b {SERVER.address} {SERVER.address}") == [
        (2, Oddity.END_EARLY),
        (5, Oddity.END_AGAIN),
    ]
