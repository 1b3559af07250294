from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, Acked, Took
from bothways.facts.answerer import ANSWERED_BY
from bothways.facts.fact import Fact
from bothways.facts.health import HEALTH, Health
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.replies import SERVER_BYTES_MISSING, SERVER_WINDOW, Missing
from bothways.facts.replies import Window as Offered
from bothways.theories.catalogue import THEORIES
from bothways.verdict.next_question import next_questions
from bothways.verdict.rivals_in_the_way import fall_of_rivals, held_up
from bothways.verdict.standing import judge
from tests.helpers.judging import BY_ID

MUTE = [
    Fact(kind=kind, answer=answer)
    for kind, answer in (
        (HEALTH, Health.FAILED),
        (ANSWER_TO_SYN, Answer.SYN_ACK),
        (SERVER_TOOK_ACK, Took.TAKEN),
        (CLIENT_DATA_ACKED, Acked.YES),
        (SERVER_BYTES_MISSING, Missing.NO),
        (SERVER_WINDOW, Offered.OPEN),
    )
]
"""A server whose program says nothing, as the client sees it: or a proxy that answers in its place."""


def rivals() -> dict[str, list[str]]:
    found = held_up([BY_ID["application-silent"]], MUTE, judge(THEORIES, MUTE), BY_ID)
    return {name: [rival.id for rival in held] for name, held in found.items()}


def test_a_proven_cause_is_held_up_by_whoever_no_fact_settles() -> None:
    assert "syn-proxy" in rivals()["application-silent"]


def test_what_is_not_proven_is_held_up_by_its_proof() -> None:
    assert held_up([BY_ID["sni-filtered"]], MUTE, judge(THEORIES, MUTE), BY_ID) == {}


def test_a_rival_falls_by_answers_that_it_would_rarely_give() -> None:
    silent, proxy = BY_ID["application-silent"], BY_ID["syn-proxy"]
    assert fall_of_rivals(silent, [proxy], [ANSWERED_BY]) > 0
    assert fall_of_rivals(silent, [proxy], [HEALTH]) == 0


def test_somebody_is_asked_for_what_settles_an_unlikely_rival() -> None:
    asked = next_questions(THEORIES, MUTE, judge(THEORIES, MUTE))
    assert any(ANSWERED_BY in item.question.answers for item in asked)
