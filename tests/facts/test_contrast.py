from bothways.facts.contrast import Contrast, size_contrast
from bothways.unknown import Unknown
from tests.helpers.network import RTO, Network, half_open
from tests.helpers.packets import client_hello

INSIDE = ("firewall-inside", "firewall-outside")


def test_large_packets_that_die_while_small_ones_pass() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    for ms in RTO:
        talk.there(ms, "A", 1460, seq=1, lost="client")
    talk.there(700, "PA", 300, seq=1461)
    talk.back(720, "A", ack=1)
    network.idle(9000)
    fact = size_contrast(network.subject())
    assert fact.answer is Contrast.LARGE_LOST_SMALL_PASS
    assert fact.sure


def test_on_the_way_back_as_well() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "A")
    for ms in RTO:
        talk.back(ms + 60, "A", 1460, seq=1, lost="server")
    talk.back(800, "PA", 100, seq=1461)
    talk.there(820, "A", ack=1)
    network.idle(9000)
    fact = size_contrast(network.subject())
    assert fact.answer is Contrast.LARGE_LOST_SMALL_PASS
    assert fact.way is not None
    assert fact.way.value == "back"


def test_where_bare_acks_are_lost_too_size_is_not_it() -> None:
    network = Network("client", *INSIDE, "server")
    half_open(network.talk(), last="firewall-inside", unseen=INSIDE, size=1460)
    assert size_contrast(network.subject()).answer is Contrast.SMALL_LOST_TOO


def test_a_packet_that_passed_and_was_larger_than_a_lost_one_acquits_size() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "A", 1460)
    talk.back(62, "A")
    for ms in RTO:
        talk.there(ms + 70, "PA", 400, seq=1461, lost="client")
    network.idle(9000)
    assert size_contrast(network.subject()).answer is Contrast.SMALL_LOST_TOO


def test_lost_hellos_without_a_small_packet_that_passed_afterwards_show_no_contrast() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    for ms in RTO:
        talk.there(ms, "PA", content=client_hello("a.example"), seq=1, lost="client")
    network.idle(9000)
    assert isinstance(size_contrast(network.subject()).answer, Unknown)


def test_one_lost_packet_is_chance() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "A", 1460, lost="client")
    talk.there(42, "PA", 100)
    talk.back(62, "A", ack=1)
    network.idle(9000)
    assert isinstance(size_contrast(network.subject()).answer, Unknown)


def test_it_takes_two_captures() -> None:
    network = Network("client")
    half_open(network.talk(), last="client", size=1460)
    assert isinstance(size_contrast(network.subject()).answer, Unknown)


def lossy(acks: int, *, lost: int) -> Network:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    for ms in RTO:
        talk.there(ms, "A", 1460, seq=1, lost="client")
    for number in range(acks):
        talk.there(700 + number * 50, "A", seq=1, lost="client" if number < lost else None)
    network.idle(9000)
    return network


def test_where_small_packets_are_lost_as_well_chance_may_have_taken_the_large_ones() -> None:
    assert isinstance(size_contrast(lossy(10, lost=6).subject()).answer, Unknown)


def test_a_few_small_losses_do_not_hide_the_contrast_and_are_told() -> None:
    fact = size_contrast(lossy(10, lost=1).subject())
    assert fact.answer is Contrast.LARGE_LOST_SMALL_PASS
    assert "11 of 12" in fact.says
