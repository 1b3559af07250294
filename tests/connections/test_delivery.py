import pytest

from bothways.connections.clock import clock_offset
from bothways.connections.delivery import (
    Crossing,
    Downstream,
    count_by_class,
    crossings,
)
from bothways.connections.packet_class import PacketClass, packet_class
from bothways.way import Way
from tests.helpers import packets as p
from tests.helpers.network import RTO, Network, half_open, worked


def crossed(
    network: Network, way: Way = Way.THERE, *, proven: bool = False, farther: str = "server", number: int = 0
) -> tuple[Crossing, ...]:
    """What left one end and whether it arrived at the other, or at an observer before it; others stand beyond."""
    exchange = network.exchanges()[number]
    client, server = exchange.at("client"), exchange.at(farther)
    assert client is not None
    assert server is not None
    up, down = (client, server) if way is Way.THERE else (server, client)
    offset = clock_offset(network.exchanges(), "client", farther)
    beyond = [seen for seen in exchange.seen if seen not in (up, down)]
    acknowledged = exchange.acknowledged(way)
    where = Downstream(seen=down, proven=proven, beyond=beyond, acknowledged=acknowledged)
    return crossings(up, where, way, offset=offset)


def counts(network: Network, way: Way = Way.THERE, *, proven: bool = False) -> dict[PacketClass, tuple[int, int]]:
    return count_by_class(crossed(network, way, proven=proven))


def test_every_class_is_told_by_its_flags() -> None:
    network = Network("client")
    talk = network.talk()
    for flags, size in (("S", 0), ("A", 0), ("PA", 10), ("FA", 0), ("FA", 5), ("RA", 0), ("R", 0)):
        talk.there(0, flags, size)
    kinds = [packet_class(segment) for segment in network.exchange().seen[0].there]
    assert [kind.value for kind in kinds] == ["SYN", "ACK", "data", "FIN", "data", "RST", "RST"]


def test_a_syn_ack_has_a_class_of_its_own() -> None:
    network = Network("client")
    network.talk().back(0, "SA")
    assert packet_class(network.exchange().seen[0].back[0]) is PacketClass.SYN_ACK


def test_syns_arrive_and_nothing_else_does() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    network.idle(8000)
    assert counts(network) == {PacketClass.SYN: (1, 1), PacketClass.ACK: (0, 4), PacketClass.DATA: (0, 6)}


def test_everything_arrives_whatever_the_clocks_say() -> None:
    network = Network("client", "server", clocks={"server": 3_600_000})
    worked(network.talk())
    assert all(crossing.arrived for way in Way for crossing in crossed(network, way))


def test_a_frame_that_the_card_cuts_in_two_arrived_if_both_pieces_did() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(50, "A", 2896, seq=1, lost="client")
    talk.there(50, "A", 1448, seq=1, unseen=["client"])
    talk.there(50, "PA", 1448, seq=1449, unseen=["client"])
    assert counts(network)[PacketClass.DATA] == (1, 1)


def test_a_frame_of_which_one_piece_is_missing_did_not_arrive() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(50, "A", 2896, seq=1, lost="client")
    talk.there(50, "A", 1448, seq=1449, unseen=["client"])
    assert counts(network)[PacketClass.DATA] == (0, 1)


def test_pieces_that_the_receiver_joined_cover_what_was_sent() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(50, "A", 1448, seq=1, lost="client")
    talk.there(50, "A", 1448, seq=1449, lost="client")
    talk.there(50, "A", 2896, seq=1, unseen=["client"])
    assert counts(network)[PacketClass.DATA] == (2, 2)


def test_timestamps_tell_which_sending_of_the_same_bytes_arrived() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.stamps = True
    talk.handshake()
    talk.there(50, "PA", 2000, seq=1, lost="client")
    talk.there(300, "PA", 2000, seq=1, lost="client")
    for start in (1, 1001):
        talk.there(300, "PA", 1000, seq=start, unseen=["client"])
    data = [crossing for crossing in crossed(network) if crossing.segment.payload]
    assert [crossing.arrived for crossing in data] == [False, True]


def test_without_timestamps_time_tells_which_sending_arrived() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(50, "PA", 2000, seq=1, lost="client")
    for start in (1, 1001):
        talk.there(50, "PA", 1000, seq=start, unseen=["client"])
    talk.there(9000, "PA", 2000, seq=1, lost="client")
    network.idle(12_000)
    data = [crossing for crossing in crossed(network) if crossing.segment.payload]
    assert [crossing.arrived for crossing in data] == [True, False]


def test_one_arrival_is_claimed_by_one_sending() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S", identification=0, lost="client")
    talk.there(1000, "S", identification=0)
    talk.back(1020, "SA")
    assert counts(network)[PacketClass.SYN] == (1, 2)


def test_an_observer_that_saw_nothing_of_the_flow_gives_no_crossing() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S", unseen=["server"])
    talk.back(20, "SA", ack=1)
    worked(network.talk(start=10))
    network.idle(5000)
    assert crossed(network) == ()
    assert counts(network, proven=True) == {PacketClass.SYN: (0, 1)}


def test_an_observer_that_shows_nothing_of_the_way_misses_nothing_on_it() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S", unseen=["server"])
    talk.back(20, "SA", ack=1)
    network.idle(5000)
    assert counts(network, proven=True) == {}


def test_what_a_filter_leaves_out_is_not_lost() -> None:
    network = Network("client", "server")
    for number in range(4):
        worked(network.talk(start=100 * number))
    kept = [frame for frame in network.frames["server"] if frame.frame[14 + 20 + 13] & 0x02]
    network.frames["server"] = kept
    network.talk(start=9000).there(0, "S")
    found = [crossing for number in range(4) for crossing in crossed(network, number=number)]
    assert {packet_class(crossing.segment) for crossing in found} == {PacketClass.SYN}


def test_what_was_sent_after_the_capture_ended_is_not_called_lost() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    for ms in RTO:
        talk.there(ms, "PA", 100, seq=1, lost="client")
    listed = [crossing for crossing in crossed(network) if crossing.segment.payload]
    assert len(listed) == len([ms for ms in RTO if ms < 3000])
    network.idle(10_000)
    assert len([crossing for crossing in crossed(network) if crossing.segment.payload]) == len(RTO)


def test_the_way_back_is_compared_from_the_server_on() -> None:
    network = Network("client", "server", clocks={"client": -500})
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(70, "A", 1460, lost="server")
    talk.back(71, "A", 100)
    assert counts(network, Way.BACK) == {PacketClass.SYN_ACK: (1, 1), PacketClass.DATA: (1, 2)}


def test_ecn_marks_on_the_way_do_not_make_another_packet() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S", options=[p.mss(1460)])
    talk.back(20, "SAE", lost="server", identification=9)
    talk.back(20, "SA", unseen=["server"], seq=0, identification=9)
    assert counts(network, Way.BACK)[PacketClass.SYN_ACK] == (1, 1)


# --- what the observers missed ---


def delivered(network: Network, kind: PacketClass, way: Way = Way.THERE) -> list[tuple[bool, bool]]:
    """For each packet of *kind* between client and firewall, whether it arrived and whether what it carried did."""
    measured = crossed(network, way, farther="firewall-inside")
    return [(item.arrived, item.delivered) for item in measured if packet_class(item.segment) is kind]


def test_a_packet_that_is_seen_farther_on_passed_the_observer_that_missed_it() -> None:
    network = Network("client", "firewall-inside", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(50, "PA", 100, unseen=["firewall-inside"])
    network.idle(5000)
    assert delivered(network, PacketClass.DATA) == [(True, True)]


def test_bytes_came_across_by_a_sending_that_the_upstream_observer_missed() -> None:
    network = Network("client", "firewall-inside")
    talk = network.talk()
    talk.stamps = True
    talk.handshake()
    talk.there(50, "PA", 100, seq=1, unseen=["firewall-inside"])
    talk.there(300, "PA", 100, seq=1, unseen=["client"])
    talk.there(700, "PA", 100, seq=1, unseen=["firewall-inside"])
    network.idle(5000)
    assert delivered(network, PacketClass.DATA) == [(False, True), (False, True)]


@pytest.mark.parametrize("part", [0, 99])
def test_bytes_of_which_a_part_came_did_not_come_across(part: int) -> None:
    network = Network("client", "firewall-inside")
    talk = network.talk()
    talk.stamps = True
    talk.handshake()
    talk.there(50, "PA", 100, seq=1, lost="client")
    if part:
        talk.there(300, "PA", part, seq=1)
    network.idle(5000)
    assert (False, False) in delivered(network, PacketClass.DATA)


def test_what_the_receiver_acknowledged_came_across() -> None:
    network = Network("client", "firewall-inside")
    talk = network.talk()
    talk.handshake()
    talk.there(50, "PA", 100, unseen=["firewall-inside"])
    talk.there(51, "PA", 100, unseen=["firewall-inside"])
    talk.back(70, "A", ack=101)
    network.idle(5000)
    assert delivered(network, PacketClass.DATA) == [(False, True), (False, False)]


def test_a_syn_and_a_fin_are_acknowledged_as_bytes_are() -> None:
    network = Network("client", "firewall-inside")
    talk = network.talk()
    talk.there(0, "S", unseen=["firewall-inside"])
    talk.back(20, "SA")
    talk.there(40, "A")
    talk.there(41, "FA", unseen=["firewall-inside"])
    talk.back(61, "A", ack=1)
    network.idle(5000)
    assert delivered(network, PacketClass.SYN) == [(False, True)]
    assert delivered(network, PacketClass.FIN) == [(False, False)]


def test_an_acknowledgement_came_across_with_any_packet_that_says_as_much() -> None:
    network = Network("client", "firewall-inside")
    talk = network.talk()
    talk.handshake()
    talk.back(50, "PA", 100)
    talk.there(70, "A", unseen=["firewall-inside"])
    talk.back(71, "PA", 100)
    talk.there(91, "A", unseen=["firewall-inside"])
    talk.there(92, "PA", 10, ack=151)
    network.idle(5000)
    assert delivered(network, PacketClass.ACK) == [(True, True), (False, True), (False, False)]


def test_a_reset_is_delivered_by_another_that_says_the_same() -> None:
    network = Network("client", "firewall-inside")
    talk = network.talk()
    talk.handshake()
    talk.there(50, "R", seq=1, unseen=["firewall-inside"])
    talk.there(1050, "R", seq=1, unseen=["client"])
    talk.there(3050, "R", seq=2, unseen=["firewall-inside"])
    network.idle(5000)
    assert delivered(network, PacketClass.RESET) == [(False, True), (False, False)]
