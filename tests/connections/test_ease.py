import pytest

from bothways.connections.ease import at_ease
from bothways.connections.outcome import Outcome
from bothways.diagnosis.gate import State, state_of
from tests.helpers.network import Network, Talk, half_open, worked

PASSED = {State.HEALTHY, State.UNDETERMINED}


def upload(talk: Talk, *, repeats: int) -> None:
    """A hundred segments, *repeats* of which are sent twice, and an orderly end."""
    talk.handshake()
    for number in range(100):
        for sent in range(2 if number < repeats else 1):
            talk.there(50 + number * 10 + 5 * sent, "A", 500, seq=1 + 500 * number)
    talk.back(1200, "PA", 100)
    talk.there(1220, "A")
    talk.closes(1230)


def declined(talk: Talk) -> None:
    """The server says goodbye instead of an answer."""
    talk.handshake()
    talk.there(50, "PA", content=b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    talk.back(90, "PA", content=b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
    talk.there(110, "A")
    talk.closes(120)


def test_what_works_and_what_is_cut_off_is_at_ease() -> None:
    network = Network("client")
    worked(network.talk())
    network.talk(start=500).handshake()
    assert at_ease(network.exchanges())


def test_one_failure_among_many_is_a_reason_to_look() -> None:
    network = Network("client")
    for number in range(20):
        worked(network.talk(start=number * 100))
    half_open(network.talk(start=9000), last="client")
    assert not at_ease(network.exchanges())


@pytest.mark.parametrize(("repeats", "expected"), [(0, True), (1, True), (2, False), (10, False)])
def test_more_repairs_than_one_of_a_hundred_are_a_reason_to_look(repeats: int, *, expected: bool) -> None:
    network = Network("client")
    upload(network.talk(), repeats=repeats)
    assert at_ease(network.exchanges()) is expected


@pytest.mark.parametrize(("refused", "served", "expected"), [(1, 3, True), (1, 2, False), (3, 0, False)])
def test_more_refusals_than_one_of_four_are_a_reason_to_look(refused: int, served: int, *, expected: bool) -> None:
    network = Network("client")
    for number in range(refused):
        declined(network.talk(start=number * 1000))
    for number in range(served):
        worked(network.talk(start=10_000 + number * 1000))
    ended = [exchange.outcome for exchange in network.exchanges()]
    assert ended.count(Outcome.DECLINED) == refused
    assert at_ease(network.exchanges()) is expected


def test_refusals_do_not_vanish_among_what_no_program_took() -> None:
    network = Network("client")
    declined(network.talk())
    for number in range(10):
        network.talk(start=10_000 + number * 100).handshake()
    exchanges = network.exchanges()
    assert state_of(exchanges, (), waiting_in_table=False) is State.REFUSED
    assert not at_ease(exchanges)


@pytest.mark.parametrize("repeats", [0, 1, 2, 3, 5, 20])
def test_the_gate_lets_pass_what_is_at_ease(repeats: int) -> None:
    network = Network("client")
    upload(network.talk(), repeats=repeats)
    exchanges = network.exchanges()
    assert state_of(exchanges, (), waiting_in_table=False) in PASSED or not at_ease(exchanges)
