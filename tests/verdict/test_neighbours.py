from itertools import combinations

import pytest

from bothways.theories.catalogue import THEORIES
from bothways.theories.theory import Theory
from bothways.verdict.neighbours import neighbours
from bothways.verdict.views import KINDS_IN_VIEW, View
from tests.helpers.cases import CaseFolder, case_folders
from tests.helpers.judging import BY_ID

each_view = pytest.mark.parametrize("view", View)

INSEPARABLE = "inseparable:"

DECLARED = [
    (case, view, statement.removeprefix(INSEPARABLE).split(","))
    for case in case_folders()
    for view in View
    if view in case.expected
    for statement in case.expected[view].must_say
    if statement.startswith(INSEPARABLE)
]
"""What the collection says of real evidence: which causes it does not tell apart."""


def ids(theory: Theory, view: View) -> set[str]:
    return {other.id for other in neighbours(theory, THEORIES, view)}


@each_view
def test_who_looks_like_another_is_looked_like(view: View) -> None:
    for one, other in combinations(THEORIES, 2):
        assert (other.id in ids(one, view)) == (one.id in ids(other, view))


def test_both_captures_tell_apart_whatever_one_of_them_does() -> None:
    for theory in THEORIES:
        assert ids(theory, View.BOTH) <= ids(theory, View.CLIENT) & ids(theory, View.SERVER)


def test_everything_tells_apart_whatever_a_part_does() -> None:
    for theory in THEORIES:
        assert all(ids(theory, View.WHOLE) <= ids(theory, view) for view in View)


def test_what_the_whole_answers_has_every_other_view() -> None:
    assert all(kinds <= KINDS_IN_VIEW[View.WHOLE] for kinds in KINDS_IN_VIEW.values())


@pytest.mark.parametrize(
    ("case", "view", "alike"), DECLARED, ids=[f"{case.id}-{view}-{','.join(alike)}" for case, view, alike in DECLARED]
)
def test_what_real_evidence_leaves_inseparable_is_told_of_the_view(
    case: CaseFolder, view: View, alike: list[str]
) -> None:
    for one, other in combinations(alike, 2):
        assert other in ids(BY_ID[one], view), case.id


def test_a_client_cannot_tell_the_bypass_from_a_rule_or_a_full_queue() -> None:
    assert {"established-outbound-drop", "accept-queue-overflow", "host-refuses-ack"} <= ids(
        BY_ID["asymmetric-bypass"], View.CLIENT
    )


def test_the_server_sees_what_fills_its_own_queue() -> None:
    assert "accept-queue-overflow" not in ids(BY_ID["asymmetric-bypass"], View.SERVER)


def test_the_firewall_tells_its_own_rule_from_a_reply_that_it_never_saw() -> None:
    assert "destination-blocked" not in ids(BY_ID["reply-lost"], View.FIREWALL)


def test_a_reset_that_need_not_come_separates_nobody_by_its_sender() -> None:
    assert "asymmetric-bypass" in ids(BY_ID["path-member-fault"], View.BOTH)
