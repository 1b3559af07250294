from math import log2

import pytest
from hypothesis import given

from bothways.facts.catalogue import FACTS, measure
from bothways.facts.contrast import SIZE_CONTRAST
from bothways.facts.fact import Fact, unknown
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.health import HEALTH, Health
from bothways.facts.one_way_routers import ONE_WAY_ROUTERS
from bothways.facts.reach import PLACE_OF_LOSS, SEEN_AT_SERVER, Lost, Reached
from bothways.facts.replies import SERVER_BYTES_MISSING
from bothways.theories.catalogue import THEORIES, UNEXPLAINED
from bothways.theories.questions import CLIENT, QUESTIONS, Brings
from bothways.verdict import next_question
from bothways.verdict.next_question import information_gain, next_questions
from bothways.verdict.standing import judge
from tests.helpers.little_theories import ARRIVES, COUNTS, FIRST, MEASURED, SECOND, THIRD
from tests.helpers.network import Network, half_open


def clients_view() -> list[Fact]:
    """The facts that the client's capture of the anchor gives."""
    network = Network("client")
    for number in range(3):
        half_open(network.talk(start=number * 50), last="client")
    return list(measure(network.subject()))


def asked(facts: list[Fact], *, had: tuple[Brings, ...] = ()) -> list[str]:
    found = next_questions(THEORIES, facts, judge(THEORIES, facts), had=had)
    return [question.id for item in found for question in (item.question, *item.joined)]


def test_an_answer_that_is_foreseen_teaches_nothing() -> None:
    assert information_gain({FIRST.id: 1.0}, {FIRST.id: FIRST}, ARRIVES) == pytest.approx(0, abs=1e-9)


def test_an_answer_that_tells_two_equal_beliefs_apart_teaches_almost_a_bit() -> None:
    beliefs = {FIRST.id: 0.5, THIRD.id: 0.5}
    gain = information_gain(beliefs, {FIRST.id: FIRST, THIRD.id: THIRD}, ARRIVES)
    assert 0.95 < gain <= 1


def test_a_kind_that_both_expect_alike_teaches_nothing() -> None:
    beliefs = {FIRST.id: 0.5, SECOND.id: 0.5}
    theories = {FIRST.id: FIRST, SECOND.id: SECOND}
    assert information_gain(beliefs, theories, ARRIVES) == pytest.approx(0, abs=1e-9)
    assert information_gain(beliefs, theories, COUNTS) > 0.5


def test_no_answer_teaches_more_than_the_doubt() -> None:
    share = 1 / (len(THEORIES) + 1)
    beliefs = {theory.id: share for theory in THEORIES} | {UNEXPLAINED: share}
    theories = {theory.id: theory for theory in THEORIES} | {UNEXPLAINED: None}
    for kind, _ in FACTS:
        assert 0 <= information_gain(beliefs, theories, kind) <= log2(len(beliefs))


def test_from_the_clients_capture_the_first_question_separates_what_is_inseparable() -> None:
    facts = clients_view()
    questions = next_questions(THEORIES, facts, judge(THEORIES, facts), had=(Brings.CLIENT_CAPTURE,))
    assert {"asymmetric-bypass", "established-outbound-drop"} <= set(questions[0].separates)
    assert {item.question.who for item in questions} >= {"server's administrator", "firewall's administrator"}


def test_what_is_answered_is_not_asked() -> None:
    facts = clients_view()
    before = asked(facts)
    assert "server-capture" in before
    known = [fact for fact in facts if fact.kind.id not in _answered("server-capture")]
    known += [
        Fact(kind=kind, answer=next(iter(kind.answers))) for kind, _ in FACTS if kind.id in _answered("server-capture")
    ]
    assert "server-capture" not in asked(known)


def _answered(question: str) -> set[str]:
    return {kind.id for item in QUESTIONS if item.id == question for kind in item.answers}


def test_a_capture_that_is_there_is_not_asked_for() -> None:
    facts = clients_view()
    assert "server-capture" not in asked(facts, had=(Brings.CLIENT_CAPTURE, Brings.SERVER_CAPTURE))


def test_what_does_not_arise_is_not_asked() -> None:
    facts = [unknown(kind, "does not arise", moot=True) for kind, _ in FACTS]
    assert asked(facts) == []


def test_a_question_names_only_theories_that_stand() -> None:
    facts = [*clients_view(), Fact(kind=SEEN_AT_SERVER, answer=Reached.SYN)]
    weighed = judge(THEORIES, facts)
    for item in next_questions(THEORIES, facts, weighed):
        assert set(item.separates) <= set(weighed.possible)


def test_where_no_theory_stands_the_unexplained_is_still_asked_about() -> None:
    facts = [Fact(kind=HEALTH, answer=Health.FAILED), unknown(SERVER_BYTES_MISSING, "not seen")]
    questions = next_questions((), facts, judge((), facts))
    assert questions
    assert all(item.separates == (UNEXPLAINED,) for item in questions)


@given(MEASURED)
def test_questions_come_by_their_gain_for_their_cost(facts: list[Fact]) -> None:
    weighed = judge(THEORIES, facts)
    worth = [item.worth for item in next_questions(THEORIES, facts, weighed)]
    assert worth == sorted(worth, reverse=True)
    assert all(gain >= 0 for gain in worth)


def test_who_made_evidence_already_is_asked_at_the_same_time() -> None:
    facts = clients_view()
    questions = next_questions(THEORIES, facts, judge(THEORIES, facts), had=(Brings.CLIENT_CAPTURE,))
    assert {item.question.who for item in questions if item.at_once} == {CLIENT}
    assert all(item.at_once is item.question.joins for item in questions if item.question.who == CLIENT)


def test_where_nobody_helps_yet_one_is_asked_after_the_other() -> None:
    facts = clients_view()
    assert not any(item.at_once for item in next_questions(THEORIES, facts, judge(THEORIES, facts)))


def test_one_filter_that_drops_nothing_leaves_the_others_to_be_asked_for() -> None:
    none = Fact(kind=DROP_RULE, answer=Dropped.NONE)
    facts = [none if fact.kind is DROP_RULE else fact for fact in clients_view()]
    assert "rules-elsewhere" not in asked(facts)
    assert "rules-elsewhere" in asked(facts, had=(Brings.CLIENT_CAPTURE, Brings.RULES))
    found = Fact(kind=DROP_RULE, answer=Dropped.ESTABLISHED)
    facts = [found if fact.kind is DROP_RULE else fact for fact in facts]
    elsewhere = next(question for question in QUESTIONS if question.id == "rules-elsewhere")
    assert found.answer not in elsewhere.reopens


def test_that_packets_die_on_the_path_leaves_to_be_asked_at_which_device() -> None:
    captures = next(question for question in QUESTIONS if question.id == "firewall-captures")
    assert Lost.ON_PATH in captures.reopens
    at_once = (Brings.CLIENT_CAPTURE, Brings.SERVER_CAPTURE)
    somewhere = Fact(kind=PLACE_OF_LOSS, answer=Lost.ON_PATH)
    facts = [somewhere if fact.kind is PLACE_OF_LOSS else fact for fact in clients_view()]
    assert "firewall-captures" in asked(facts, had=at_once)


def test_the_way_there_tells_the_ways_apart_only_beside_the_way_back() -> None:
    there = next(question for question in QUESTIONS if question.id == "path-there")
    assert ONE_WAY_ROUTERS not in there.answers
    assert ONE_WAY_ROUTERS in there.answers_with[Brings.PATH_BACK]


def test_a_clients_capture_tells_between_which_places_packets_die_only_beside_another_one() -> None:
    client = next(question for question in QUESTIONS if question.id == "client-capture")
    assert SIZE_CONTRAST not in client.answers
    assert SIZE_CONTRAST in client.answers_with[Brings.SERVER_CAPTURE]


def test_at_the_ends_nobody_sees_between_which_two_places_a_packet_died() -> None:
    """A server's capture beside a client's says that packets are lost on the path, never that one device took them."""
    by_id = {question.id: question for question in QUESTIONS}
    assert Lost.AT_DEVICE in by_id["server-capture"].never_tells
    assert Lost.AT_DEVICE not in by_id["firewall-captures"].never_tells
    assert Lost.AT_SERVER in by_id["firewall-captures"].never_tells
    for question in QUESTIONS:
        kinds = [*question.answers, *(kind for beside in question.answers_with.values() for kind in beside)]
        assert question.never_tells <= {answer for kind in kinds for answer in kind.answers}
        assert not any(set(kind.answers) <= question.never_tells for kind in question.answers)


def test_where_nothing_is_worth_asking_the_best_of_it_is_asked_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = clients_view()
    many = next_questions(THEORIES, facts, judge(THEORIES, facts))
    monkeypatch.setattr(next_question, "WORTH_ASKING", 100.0)
    (last,) = next_questions(THEORIES, facts, judge(THEORIES, facts))
    assert last.question is many[0].question


def test_what_is_worth_less_than_a_last_try_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = clients_view()
    monkeypatch.setattr(next_question, "WORTH_ASKING", 100.0)
    monkeypatch.setattr(next_question, "WORTH_A_LAST_TRY", 100.0)
    assert next_questions(THEORIES, facts, judge(THEORIES, facts)) == ()
