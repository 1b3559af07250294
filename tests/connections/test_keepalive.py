from typing import Any

import pytest

from bothways.connections.background import Background, sort_out
from bothways.connections.keepalive import is_kept_alive
from bothways.connections.outcome import Outcome
from bothways.connections.sides import sides_of
from tests.helpers.conversation import Script
from tests.helpers.network import Network, Talk

EVERY = (0, 15_000, 30_000, 45_000)
NEXT_THERE, NEXT_BACK = 501, 801
"""What each end would send next."""


def kept_alive(talk: Talk, *, size: int = 0, from_server: bool = False, **answer: Any) -> None:
    """Nothing but keepalives, from one end, of a connection that was open before."""
    asks, answers = (talk.back, talk.there) if from_server else (talk.there, talk.back)
    own, other = (NEXT_BACK, NEXT_THERE) if from_server else (NEXT_THERE, NEXT_BACK)
    for ms in EVERY:
        asks(ms, "A", size, seq=own - 1, ack=other)
        answers(ms + 20, "A", **{"seq": other, "ack": own, **answer})


def outcome(network: Network) -> Outcome:
    return network.exchange().outcome


@pytest.mark.parametrize("size", [0, 1])
@pytest.mark.parametrize("from_server", [False, True])
def test_nothing_but_answered_keepalives_is_an_idle_connection_and_no_stall(size: int, *, from_server: bool) -> None:
    network = Network("client")
    kept_alive(network.talk(), size=size, from_server=from_server)
    network.idle(90_000)
    assert outcome(network) is Outcome.CENSORED
    assert sort_out(network.exchanges(), names={}).kinds == (Background.KEEPALIVE,)


def test_both_ends_may_keep_it_alive() -> None:
    network = Network("client")
    talk = network.talk()
    kept_alive(talk)
    kept_alive(talk, from_server=True)
    assert outcome(network) is Outcome.CENSORED
    assert is_kept_alive(network.seen("client").sides)


def test_a_closed_window_is_a_wait_and_no_keepalive() -> None:
    network = Network("client")
    kept_alive(network.talk(), window=0)
    assert not is_kept_alive(network.seen("client").sides)


def test_data_is_no_keepalive() -> None:
    network = Network("client")
    talk = network.talk()
    kept_alive(talk)
    talk.there(50_000, "PA", 1, seq=NEXT_THERE, ack=NEXT_BACK)
    talk.back(50_020, "A", seq=NEXT_BACK, ack=NEXT_THERE + 1)
    assert not is_kept_alive(network.seen("client").sides)


def test_keepalives_that_nobody_answers_are_not_called_idle() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in EVERY:
        talk.there(ms, "A", 1, seq=NEXT_THERE - 1, ack=NEXT_BACK)
    assert not is_kept_alive(network.seen("client").sides)


def test_a_connection_that_began_in_view_is_judged_by_what_it_did() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    for ms in (15_000, 30_000):
        talk.there(ms, "A", 1, seq=0, ack=1)
        talk.back(ms + 20, "A", seq=1, ack=1)
    network.idle(60_000)
    assert not is_kept_alive(network.seen("client").sides)
    assert not outcome(network).failed


def test_keepalives_of_bytes_that_are_still_open_are_a_wait() -> None:
    script = Script()
    for ms in EVERY:
        script.there(ms, flags="A", seq=NEXT_THERE - 1, ack=NEXT_BACK)
        script.back(ms + 20, flags="A", seq=NEXT_BACK, ack=NEXT_THERE - 100)
    assert not is_kept_alive(sides_of(script.row()))
