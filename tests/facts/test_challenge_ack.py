from bothways.facts.challenge_ack import Challenge, challenge_ack
from tests.helpers.network import SYNS, Network, half_open


def test_a_bare_ack_of_other_numbers_challenges_the_syn() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S")
        talk.back(ms + 20, "A", seq=5000, ack=70_000)
    fact = challenge_ack(network.subject())
    assert fact.answer is Challenge.CHALLENGED
    assert len(fact.cites) == 2


def test_a_syn_ack_is_no_challenge() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    assert challenge_ack(network.subject()).answer is Challenge.NONE
