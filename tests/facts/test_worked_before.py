from bothways.facts.worked_before import Worked, worked_before
from bothways.unknown import Unknown
from tests.helpers.network import RTO, Network, half_open


def test_data_that_each_end_acknowledged_shows_that_both_ways_worked() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 200)
    talk.back(80, "PA", 300)
    talk.there(100, "A")
    for ms in RTO:
        talk.there(9_000 + ms, "PA", 50, seq=201, lost="client")
    assert worked_before(network.subject()).answer is Worked.BOTH_WAYS


def test_a_handshake_alone_is_no_work() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    assert worked_before(network.subject()).answer is Worked.NOT_YET


def test_from_afar_what_was_not_seen_acknowledged_may_have_been() -> None:
    network = Network("firewall-inside")
    half_open(network.talk(), last="firewall-inside")
    assert isinstance(worked_before(network.subject()).answer, Unknown)
