from collections.abc import Sequence
from typing import Any

import pytest

from bothways.facts.answers import REFUSALS, Progress, Spoken, application_answer, tls_progress
from bothways.facts.subject import Subject
from bothways.unknown import Unknown
from tests.connections.test_declined import CHANGE, HELLO, REQUEST, SERVER_HELLO, alert, sealed, speak
from tests.helpers.network import Network


def subject(*words: tuple[str, bytes], ends: bool = True, seen_by: Sequence[str] = ("client",)) -> Subject:
    network = Network(*seen_by)
    talk = network.talk()
    talk.handshake()
    for number, (way, content) in enumerate(words):
        speak(talk, way, 50 + 50 * number, content)
    if ends:
        talk.back(900, "FA")
        talk.there(920, "FA")
        talk.back(940, "A")
    more: dict[str, Any] = {"exemplars": network.exchanges()}
    return network.subject(**more)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ([("there", HELLO), ("back", alert(2, 40))], Spoken.SERVER_ALERT),
        ([("there", HELLO), ("back", SERVER_HELLO), ("there", alert(2, 48))], Spoken.CLIENT_ALERT),
        (
            [("there", HELLO), ("back", SERVER_HELLO + sealed(900)), ("there", CHANGE + sealed(19))],
            Spoken.CLIENT_ALERT,
        ),
        ([("there", REQUEST), ("back", b"HTTP/1.1 502 Bad Gateway\r\n\r\n")], Spoken.HTTP_ERROR),
        ([("back", b"554 no service\r\n")], Spoken.BANNER),
        ([("there", REQUEST), ("back", b"HTTP/1.1 200 OK\r\n\r\n")], Spoken.ORDINARY),
        ([("there", REQUEST)], Spoken.NOTHING),
    ],
)
def test_the_answer_is_what_was_said(words: list[tuple[str, bytes]], answer: Spoken) -> None:
    fact = application_answer(subject(*words))
    assert fact.answer is answer
    assert fact.cites
    assert (answer in REFUSALS) == (answer not in {Spoken.ORDINARY, Spoken.NOTHING})


@pytest.mark.parametrize(
    ("words", "speaker"),
    [
        ([("there", HELLO), ("back", SERVER_HELLO), ("there", alert(2, 48))], "client"),
        ([("there", HELLO), ("back", alert(2, 40))], "server"),
    ],
)
def test_a_refusal_is_told_by_the_card_of_whoever_said_it(words: list[tuple[str, bytes]], speaker: str) -> None:
    fact = application_answer(subject(*words, seen_by=("client", "server")))
    assert fact.vantage == speaker
    assert fact.settles


def test_an_alert_is_called_by_its_name() -> None:
    assert "unrecognized_name (112)" in application_answer(subject(("there", HELLO), ("back", alert(2, 112)))).says


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ([("there", REQUEST)], Progress.NONE),
        ([("there", HELLO)], Progress.HELLO),
        ([("there", HELLO), ("back", alert(2, 40))], Progress.HELLO),
        ([("there", HELLO), ("back", SERVER_HELLO)], Progress.SERVER_HELLO),
        (
            [("there", HELLO), ("back", SERVER_HELLO + sealed(900)), ("there", CHANGE + sealed(53))],
            Progress.ENCRYPTED,
        ),
    ],
)
def test_tls_gets_as_far_as_both_ends_show(words: list[tuple[str, bytes]], answer: Progress) -> None:
    assert tls_progress(subject(*words)).answer is answer


def test_without_a_word_of_the_client_nothing_is_said_of_tls() -> None:
    assert isinstance(tls_progress(subject()).answer, Unknown)
