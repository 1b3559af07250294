import pytest

from bothways.connections.exchange import Exchange
from bothways.connections.unseen import answered_unseen
from tests.helpers.network import Network, worked


def lone_syn(network: Network, *, runs_on: float = 20_000) -> Exchange:
    """A connection of which one SYN is in view and nothing else."""
    network.talk().there(0, "S")
    network.idle(runs_on)
    return network.exchanges()[0]


def one_way() -> Network:
    """A tap of the way there alone: the client acknowledges what passes elsewhere."""
    network = Network("client")
    talk = network.talk(start=100)
    talk.there(0, "S")
    talk.there(40, "A", ack=1)
    return network


def test_a_syn_that_is_not_repeated_was_answered_where_nobody_looked() -> None:
    assert answered_unseen(lone_syn(one_way()))


def test_a_capture_that_stops_at_once_shows_no_such_thing() -> None:
    assert not answered_unseen(lone_syn(one_way(), runs_on=500))


def test_where_answers_would_be_in_view_a_lone_syn_had_none() -> None:
    network = Network("client")
    worked(network.talk(start=5000))
    assert not answered_unseen(lone_syn(network))


@pytest.mark.parametrize("times", [2, 5])
def test_who_repeats_his_syn_got_no_answer(times: int) -> None:
    network = Network("client")
    talk = network.talk()
    for number in range(times):
        talk.there(number * 1000, "S")
    network.idle(20_000)
    assert not answered_unseen(network.exchange())
