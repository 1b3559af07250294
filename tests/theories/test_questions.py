import re
import shlex
import string

import pytest

from bothways.theories.catalogue import THEORIES
from bothways.theories.questions import QUESTIONS, Brings, Question
from bothways.theories.theory import Theory
from tests.helpers.judging import KINDS

FILLED = {
    "client": "10.0.0.1",
    "server": "192.0.2.2",
    "port": 443,
    "name": "a.example",
    "family": 4,
    "checked": "a.example:443 --resolve a.example:443:192.0.2.2",
    "server_in_url": "192.0.2.2",
    "scheme": "https",
    "other_scheme": "http",
    "full_ping": 1472,
    "seconds": 60,
    "most": 20_000,
    "at_client": "(host 192.0.2.2 and tcp port 443) or icmp or icmp6",
    "at_server": "(host 10.0.0.1 and tcp port 443) or icmp or icmp6",
    "at_firewall": "(host 192.0.2.2 and tcp port 443) or icmp or icmp6",
    "translated": "",
}
SOMEBODY = {"client", "server's administrator", "firewall's administrator"}

each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)


def test_ids_are_unique() -> None:
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)


@each_question
def test_it_answers_kinds_that_are_measured_each_once(question: Question) -> None:
    assert question.answers
    assert set(question.answers) <= set(KINDS)
    assert len(set(question.answers)) == len(question.answers)


@each_question
def test_it_can_settle_something(question: Question) -> None:
    assert any(kind.decisive for kind in question.answers)


@each_question
def test_somebody_who_is_named_can_answer_it(question: Question) -> None:
    assert question.who in SOMEBODY
    assert question.asks.endswith("?")


@each_question
def test_its_command_takes_only_what_a_case_can_fill_in(question: Question) -> None:
    asked = {field for _, field, _, _ in string.Formatter().parse(question.command) if field is not None}
    assert asked <= set(FILLED)
    assert asked & {"client", "server", "server_in_url", "name", "checked", "at_client", "at_server", "at_firewall"}
    assert not re.search(r"[{}]", question.command.format(**FILLED))


@each_question
def test_its_command_can_be_pasted_into_a_shell(question: Question) -> None:
    assert len(shlex.split(question.command.format(**FILLED), comments=True)) >= 3


@each_question
def test_what_another_administrator_must_do_costs_more(question: Question) -> None:
    assert question.cost == 1 if question.who == "client" else question.cost > 1


@each_question
def test_a_capture_ends_by_itself_and_is_not_asked_for_twice(question: Question) -> None:
    captures = {Brings.CLIENT_CAPTURE, Brings.SERVER_CAPTURE, Brings.FIREWALL_CAPTURES}
    commands = question.command.partition("   # ")[0]
    assert bool(question.brings & captures) is ("tcpdump" in commands)
    for command in commands.split(" & "):
        assert "tcpdump" not in command or re.match(r"timeout \{seconds\} tcpdump .* -c \{most\} ", command)


@pytest.mark.parametrize("theory", THEORIES, ids=lambda theory: theory.id)
def test_everything_that_a_proof_needs_can_be_asked_for(theory: Theory) -> None:
    askable = {kind for question in QUESTIONS for kind in question.answers}
    needed = {kind for proof in theory.proofs for kind, _ in proof}
    assert needed <= askable


def test_whatever_settles_a_rivalry_can_be_asked_for() -> None:
    askable = {kind.id for question in QUESTIONS for kind in question.answers}
    expected = {item.kind for theory in THEORIES for item in theory.expects if item.kind.decisive}
    # That something fails is why anybody asks, and what the client's capture shows of the server's data is no rivalry.
    assert {kind.id for kind in expected} - askable <= {"health", "server-payload-arrived"}
