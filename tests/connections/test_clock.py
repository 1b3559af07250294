from hypothesis import given
from hypothesis import strategies as st

from bothways.connections.clock import clock_offset
from tests.helpers.network import HOP_MS, SIX, Network, half_open, worked

WAY_NS = SIX * HOP_MS * 1e6


@given(ahead=st.floats(min_value=-1e7, max_value=1e7))
def test_the_offset_lies_within_its_error_however_far_the_clocks_are_apart(ahead: float) -> None:
    network = Network("client", "server", clocks={"server": ahead})
    worked(network.talk())
    found = clock_offset(network.exchanges(), "client", "server")
    assert found is not None
    assert found.error is not None
    assert abs(found.offset - ahead * 1e6) <= found.error + 2
    assert abs(found.error - WAY_NS) <= 2


def test_the_fastest_packet_of_each_way_decides() -> None:
    network = Network("client", "server", clocks={"server": 1000})
    half_open(network.talk(), last="server")
    worked(network.talk(start=20_000))
    found = clock_offset(network.exchanges(), "client", "server")
    assert found is not None
    assert found.error is not None
    assert abs(found.offset - 1e9) <= found.error


def test_packets_of_one_way_leave_that_ways_delay_in_the_offset() -> None:
    network = Network("client", "server", clocks={"server": 1000})
    talk = network.talk()
    for ms in (0, 1000, 3000):
        talk.there(ms, "S")
        talk.back(ms + 20, "SA", lost="server")
    found = clock_offset(network.exchanges(), "client", "server")
    assert found is not None
    assert found.error is None
    assert found.offset == 1e9 + WAY_NS


def test_packets_of_the_way_back_alone_count_too() -> None:
    network = Network("client", "server", clocks={"server": 1000})
    talk = network.talk()
    talk.there(0, "S", unseen=["server"])
    talk.back(20, "SA", ack=1)
    found = clock_offset(network.exchanges(), "client", "server")
    assert found is not None
    assert found.error is None
    assert found.offset == 1e9 - WAY_NS


def test_nothing_in_common_gives_no_offset() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S", lost="client")
    worked(network.talk())
    network.frames["server"] = []
    assert clock_offset(network.exchanges(), "client", "server") is None


def test_identical_repeats_of_which_one_arrived_say_nothing() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA")
    for ms in (50, 300, 800):
        talk.there(ms, "PA", 100, seq=1, identification=0, lost=None if ms == 50 else "client")
    found = clock_offset(network.exchanges(), "client", "server")
    assert found is not None
    assert abs(found.offset) <= 2
