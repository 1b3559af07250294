from bothways.facts.syn_repeats import SynAgain, syn_repeats
from bothways.unknown import Unknown
from tests.helpers.network import SYNS, Network, half_open


def test_one_syn_beside_repeated_syn_acks_is_not_repeated() -> None:
    network = Network("server")
    talk = network.talk()
    talk.there(0, "S")
    for ms in (20, 1020, 3060, 7100):
        talk.back(ms, "SA", seq=0, ack=1)
    assert syn_repeats(network.subject()).answer is SynAgain.NO


def test_where_it_is_known_what_came_back_the_question_does_not_arise() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    fact = syn_repeats(network.subject())
    assert isinstance(fact.answer, Unknown)
    assert fact.closed


def test_repeated_syns_are_known_as_no_answer() -> None:
    network = Network("server")
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S")
    assert syn_repeats(network.subject()).closed
