from bothways.facts.timestamps import Stamps, timestamps
from bothways.unknown import Unknown
from tests.helpers import packets as p
from tests.helpers.network import Network, Talk


def stalled(network: Network, *, stamps: bool = True) -> Talk:
    talk = network.talk()
    talk.stamps = stamps
    talk.handshake()
    for ms in (41, 300, 700, 1500, 3100, 6300):
        talk.there(ms, "PA", 100, seq=1)
    return talk


def test_timestamps_that_run_forward_are_in_order() -> None:
    network = Network("client")
    stalled(network)
    assert timestamps(network.subject()).answer is Stamps.OK


def test_another_clock_in_the_servers_name_goes_back() -> None:
    network = Network("client")
    talk = stalled(network)
    talk.back(6400, "A", ack=1, options=[p.timestamps(9_000_000, 1)])
    talk.back(6500, "A", ack=1, options=[p.timestamps(70, 1)])
    fact = timestamps(network.subject())
    assert fact.answer is Stamps.BACK
    assert "server" in fact.says


def test_a_packet_that_was_overtaken_is_no_other_clock() -> None:
    network = Network("client")
    talk = stalled(network)
    talk.back(6400, "A", ack=1, options=[p.timestamps(6400, 1)])
    talk.back(6401, "A", ack=1, options=[p.timestamps(6390, 1)])
    assert timestamps(network.subject()).answer is Stamps.OK


def test_without_the_option_nothing_is_known() -> None:
    network = Network("client")
    stalled(network, stamps=False)
    assert isinstance(timestamps(network.subject()).answer, Unknown)
