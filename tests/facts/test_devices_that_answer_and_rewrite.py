"""What a proxy, a randomiser, a filter of options and a misread window leave, measured on packets of real kernels."""

import pytest

from bothways.facts.answer_number import Acknowledges, Resets
from bothways.facts.answerer import Answerer, From, Offered
from bothways.facts.options_fate import Fate
from bothways.facts.window_arithmetic import Beyond
from tests.helpers.cases import CASES, folder_of, judge

Measured = dict[str, object]


def measured(case: str, view: str) -> Measured:
    """Answers by kind of the worst target of a case, from one view."""
    diagnosis = judge(folder_of(CASES / case / "truth.json"), view)
    assert diagnosis is not None
    return {fact.kind.id: fact.answer for fact in diagnosis.targets[0].facts if fact.known}


@pytest.fixture(scope="module")
def proxied() -> Measured:
    return measured("syn-proxy/backend-cut-off", "both")


def test_a_syn_ack_that_the_watched_server_never_sent_is_another_s(proxied: Measured) -> None:
    assert proxied["answered-by"] is Answerer.ANOTHER
    assert proxied["syn-ack-window"] is Offered.ZERO
    assert proxied["answered-from"] is From.NEARER


def test_without_the_server_s_capture_nobody_tells_who_answered() -> None:
    assert "answered-by" not in measured("syn-proxy/backend-cut-off", "client")


def test_a_syn_ack_with_another_number_is_reset_by_the_client() -> None:
    facts = measured("sequence-rewritten/bypassed-randomiser", "client")
    assert facts["answer-acknowledges"] is Acknowledges.ANOTHER_NUMBER
    assert facts["client-resets-answer"] is Resets.YES


def test_an_ordinary_syn_ack_is_the_server_s_own_and_fits() -> None:
    facts = measured("window-mangled/scale-not-learned", "both")
    assert facts["answered-by"] is Answerer.SERVER
    assert facts["answer-acknowledges"] is Acknowledges.THE_SYN
    assert facts["client-resets-answer"] is Resets.NO


def test_an_option_that_only_dead_syns_offer_decides() -> None:
    assert measured("option-sensitive/timestamps", "client")["options-fate"] is Fate.SENSITIVE


def test_what_is_stuck_lies_beyond_the_window_read_without_its_scale() -> None:
    assert measured("window-mangled/scale-not-learned", "client")["window-arithmetic"] is Beyond.UNSCALED


def test_data_that_an_mtu_stops_lies_within_any_window() -> None:
    case = next(folder.parent for folder in sorted((CASES / "mtu-black-hole").glob("*/truth.json")))
    answers = {measured(f"mtu-black-hole/{case.name}", view).get("window-arithmetic") for view in ("client", "both")}
    assert Beyond.UNSCALED not in answers
