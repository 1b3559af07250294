from bothways.facts.opening_on_path import Passes, opening_on_path
from bothways.unknown import Unknown
from tests.helpers.network import SYNS, Network, worked

FIREWALL = ("firewall-inside", "firewall-outside")


def test_a_firewall_that_sees_the_reply_and_no_syn_is_on_the_way_back_only() -> None:
    network = Network("client", *FIREWALL, "server")
    worked(network.talk(start=-5_000))
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S", unseen=FIREWALL)
        talk.back(ms + 20, "SA", lost="firewall-outside")
    fact = opening_on_path(network.subject())
    assert (fact.answer, fact.settles) == (Passes.REPLY_ONLY, True)
    assert "firewall-outside" in fact.says


def test_a_reply_that_two_observers_saw_passed_what_stands_between_them() -> None:
    network = Network("client", *FIREWALL, "server")
    worked(network.talk(start=-5_000))
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S", unseen=FIREWALL)
        talk.back(ms + 20, "SA", lost="firewall-inside")
    fact = opening_on_path(network.subject())
    assert (fact.answer, fact.settles) == (Passes.REPLY_ONLY, False)


def test_two_observers_each_of_which_sees_the_other_half_are_apart() -> None:
    network = Network("client", "firewall-inside", "tap", "server")
    worked(network.talk(start=-5_000))
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S", unseen=("tap",))
        talk.back(ms + 20, "SA", unseen=("firewall-inside",), lost="tap")
    assert opening_on_path(network.subject()).answer is Passes.APART


def test_a_syn_that_passes_and_brings_nothing_is_a_syn_only() -> None:
    network = Network("client", *FIREWALL)
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S", lost="firewall-inside")
    assert opening_on_path(network.subject()).answer is Passes.SYN_ONLY


def test_without_a_capture_in_mid_path_nobody_can_tell() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S", lost="client")
    assert isinstance(opening_on_path(network.subject()).answer, Unknown)
