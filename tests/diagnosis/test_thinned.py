"""Rows that stand for connections that went alike count as all of them, wherever connections are counted."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from bothways.connections.observer import place_observers
from bothways.connections.outcome import Outcome
from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.model import Diagnosis
from bothways.evidence.case import Case, Role
from bothways.report.json_document import document
from bothways.report.page import page_of
from bothways.report.symbols import ASCII
from bothways.report.terminal import draw
from tests.helpers.network import SYNS, Network, Talk, worked

EVERY = 10
SECOND = 1000


def unanswered(talk: Talk) -> None:
    for ms in SYNS:
        talk.there(ms, "S")


def retransmitting(talk: Talk) -> None:
    """It works, and one of its two segments is sent twice."""
    talk.handshake()
    for ms in (60, 300):
        talk.there(ms, "PA", 200, seq=1)
    talk.back(320, "PA", 300)
    talk.there(340, "A")
    talk.closes(400)


def traced(talk: Talk) -> None:
    talk.there(0, "S", ttl=3)


def failures_amid_successes() -> Network:
    """200 connections work, one a second; for ten seconds another one fails each second."""
    network = Network("client")
    for number in range(200):
        worked(network.talk(start=number * SECOND))
    for number in range(11):
        unanswered(network.talk(start=99_500 + number * SECOND))
    network.idle(230 * SECOND)
    return network


def many_repairs() -> Network:
    network = Network("client")
    for number in range(100):
        retransmitting(network.talk(start=number * SECOND))
    network.idle(130 * SECOND)
    return network


def background_beside_work() -> Network:
    network = Network("client")
    for number in range(50):
        worked(network.talk(start=number * SECOND))
    for number in range(40):
        traced(network.talk(start=60 * SECOND + number * SECOND))
    network.idle(130 * SECOND)
    return network


def thinned(case: Case) -> Case:
    """*case* with one of `EVERY` connections that did not fail, by the order of their beginning."""
    (capture,) = case.captures
    rows = capture.survey.rows
    failed = [row for row in rows if row.sent.syns > 1]
    others = [row for row in rows if row.sent.syns == 1]
    kept = [*failed, *(replace(row, stands_for=EVERY) for row in others[::EVERY])]
    kept.sort(key=lambda row: row.number)
    return replace(case, captures=(replace(capture, survey=replace(capture.survey, rows=tuple(kept))),))


def without_examples(told: Any) -> Any:
    """A document without the places where examples stand, which are others where other rows are kept.

    And without what chance may do: of fewer rows less is certain.
    """
    if isinstance(told, dict):
        kept = told.keys() - {"example", "cites", "chance"}
        return {key: without_examples(value) for key, value in told.items() if key in kept}
    return [without_examples(one) for one in told] if isinstance(told, list) else told


def drawn(diagnosis: Diagnosis) -> str:
    return draw(page_of(diagnosis), symbols=ASCII, width=100, colour=False)


@pytest.mark.parametrize("network", [failures_amid_successes, many_repairs, background_beside_work])
def test_a_thinned_survey_gives_the_counts_and_verdicts_of_the_whole_one(network: Any) -> None:
    case = network().case()
    whole, few = diagnose(case), diagnose(thinned(case))
    documents = [without_examples(json.loads(document(one, page_of(one)))) for one in (whole, few)]
    # What is not alike are the moments at which those began and ended that have no rows.
    for one in documents:
        for target in one["targets"]:
            del target["first_seen"], target["last_seen"]
    assert documents[0] == documents[1]


def test_the_page_says_how_many_connections_there_were() -> None:
    few = thinned(failures_amid_successes().case())
    shown = drawn(diagnose(few))
    assert len(few.captures[0].survey.rows) == 31
    assert "211 connections, 11 failed" in shown


def test_what_stands_for_others_votes_for_all_of_them() -> None:
    network = Network("client", "server")
    for number in range(3):
        worked(network.talk(start=number * SECOND))
    at_client, at_server = network.captures()
    mixed = (replace(at_client.survey.rows[0], stands_for=5), *at_server.survey.rows)
    (observer,) = place_observers([(replace(at_client.survey, rows=mixed), Role())])
    (alone,) = place_observers([(replace(at_client.survey, rows=(at_client.survey.rows[0], *mixed[1:])), Role())])
    assert (observer.place.value, alone.place.value) == ("client", "server")


def test_a_target_is_as_large_as_what_its_connections_stand_for() -> None:
    (target,) = diagnose(thinned(many_repairs().case())).targets
    assert (target.seen, target.failed, target.censored) == (100, 0, 0)
    assert [signature.connections for signature in target.signatures] == [100]
    assert {signature.outcome for signature in target.signatures} == {str(Outcome.WORKED)}
