"""TCP that works and a program that refuses: told apart from everything that is merely unusual."""

import pytest

from bothways.connections.declined import refuses
from bothways.connections.outcome import Outcome
from tests.helpers.network import Network, Talk
from tests.helpers.packets import client_hello

HELLO = client_hello("www.example.org")
SERVER_HELLO = b"\x16\x03\x03\0\x32\x02" + bytes(49)
CHANGE = b"\x14\x03\x03\0\x01\x01"
REQUEST = b"GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n"


def alert(level: int, description: int) -> bytes:
    return bytes([0x15, 3, 3, 0, 2, level, description])


def sealed(length: int) -> bytes:
    return b"\x17\x03\x03" + length.to_bytes(2) + bytes(length)


def said(*words: tuple[str, bytes]) -> Outcome:
    """What becomes of a connection in which these words are said, each acknowledged, and both ends close."""
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    ms = 50
    for way, content in words:
        speak(talk, way, ms, content)
        ms += 50
    talk.back(ms, "FA")
    talk.there(ms + 20, "FA")
    talk.back(ms + 40, "A")
    return network.exchange().outcome


def speak(talk: Talk, way: str, ms: float, content: bytes) -> None:
    if way == "there":
        talk.there(ms, "PA", content=content)
        talk.back(ms + 20, "A")
    else:
        talk.back(ms, "PA", content=content)
        talk.there(ms + 20, "A")


def test_a_fatal_alert_of_either_end_declines() -> None:
    assert said(("there", HELLO), ("back", alert(2, 112))) is Outcome.DECLINED
    assert said(("there", HELLO), ("back", SERVER_HELLO), ("there", alert(2, 48))) is Outcome.DECLINED


@pytest.mark.parametrize("words", [alert(1, 0), alert(1, 112)])
def test_a_warning_does_not(words: bytes) -> None:
    """close_notify, and the unrecognized_name that old servers send as a warning before they go on."""
    assert said(("there", HELLO), ("back", SERVER_HELLO), ("back", words)) is Outcome.WORKED


def test_a_client_that_seals_an_alert_instead_of_its_finished_declines() -> None:
    flight = ("back", SERVER_HELLO + CHANGE + sealed(900))
    assert said(("there", HELLO), flight, ("there", CHANGE + sealed(19))) is Outcome.DECLINED


def test_where_the_capture_missed_the_clients_finished_what_follows_it_is_no_alert() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    speak(talk, "there", 50, HELLO)
    speak(talk, "back", 100, SERVER_HELLO + CHANGE + sealed(900))
    talk.there(150, "PA", content=CHANGE + sealed(53), unseen=("client",))
    speak(talk, "back", 200, sealed(400))
    speak(talk, "there", 250, sealed(19))
    talk.back(300, "FA")
    talk.there(320, "FA")
    talk.back(340, "A")
    assert network.exchange().outcome is not Outcome.DECLINED


@pytest.mark.parametrize("first", [sealed(53), sealed(25) + sealed(53)])
def test_one_that_finishes_and_then_says_two_bytes_or_closes_does_not(first: bytes) -> None:
    """Finished alone, or behind the empty Certificate that answers a request for one; then close_notify."""
    flight = ("back", SERVER_HELLO + CHANGE + sealed(900))
    talked = (("there", CHANGE + first), ("back", sealed(400)), ("there", sealed(19)))
    assert said(("there", HELLO), flight, *talked) is Outcome.WORKED


def test_http_errors_alone_decline_and_answers_beside_them_do_not() -> None:
    error, page = b"HTTP/1.1 503 Busy\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"
    assert said(("there", REQUEST), ("back", error)) is Outcome.DECLINED
    assert said(("there", REQUEST), ("back", error), ("there", REQUEST), ("back", page)) is Outcome.WORKED
    assert said(("there", REQUEST), ("back", b"HTTP/1.1 100 Continue\r\n\r\n"), ("back", page)) is Outcome.WORKED


@pytest.mark.parametrize("status", [200, 204, 301, 304, 400, 401, 404, 410, 418])
def test_ordinary_answers_refuse_nothing(status: int) -> None:
    assert not refuses(status)


@pytest.mark.parametrize("status", [403, 407, 413, 421, 429, 451, 500, 502, 503, 504, 511])
def test_statuses_of_the_site_refuse(status: int) -> None:
    assert refuses(status)


def test_a_greeting_that_refuses_declines_and_a_late_error_of_a_dialogue_does_not() -> None:
    assert said(("back", b"554 no service\r\n")) is Outcome.DECLINED
    assert said(("back", b"220 ready\r\n"), ("there", b"X\r\n"), ("back", b"502 what\r\n")) is Outcome.WORKED
    assert said(("there", b"hello\r\n"), ("back", b"554 no\r\n")) is Outcome.WORKED


def test_an_end_instead_of_an_answer_declines_what_asked_for_one() -> None:
    assert said(("there", REQUEST)) is Outcome.DECLINED
    assert said(("there", b"<14>a line of a log\n")) is not Outcome.DECLINED


def test_an_error_before_a_reset_of_the_rest_declines() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(50, "PA", content=REQUEST)
    talk.there(51, "PA", 1000)
    talk.back(70, "PA", content=b"HTTP/1.1 403 Forbidden\r\n\r\n", ack=1 + len(REQUEST))
    talk.back(71, "R")
    assert network.exchange().outcome is Outcome.DECLINED
