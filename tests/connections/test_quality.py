"""What a capture can be trusted to show, told from what is missing in it."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from bothways.connections.packet_class import PacketClass
from bothways.connections.quality import Keeps, Quality, Shows, quality_of, together
from bothways.connections.sides import sides_of
from bothways.evidence.capture import Survey
from bothways.way import Way
from tests.helpers import packets as p
from tests.helpers.network import SYNS, Network, half_open, worked
from tests.helpers.readers import survey

SYN, ACK, FIN, RST = 0x02, 0x10, 0x01, 0x04
FLAGS = 14 + 20 + 13
TOTAL_LENGTH = slice(16, 18)


def surveyed(network: Network, keep: Callable[[bytes], bool] = lambda _: True, *, vantage: str = "client") -> Survey:
    kept = [packet for packet in network.frames[vantage] if keep(packet.frame)]
    return survey([p.pcap_file(kept, nanoseconds=True)], file="a.pcap")


def judged(capture: Survey) -> Quality:
    return quality_of(capture, [sides_of(row) for row in capture.rows])


def payload(frame: bytes) -> int:
    return int.from_bytes(frame[TOTAL_LENGTH]) - 20 - (frame[14 + 20 + 12] >> 4) * 4


def busy(count: int = 4) -> Network:
    network = Network("client", "server")
    for number in range(count):
        worked(network.talk(start=300 * number))
    worked(network.talk(start=9000))
    return network


FILTERS: dict[Keeps, Callable[[bytes], bool]] = {
    Keeps.SYNS: lambda frame: frame[FLAGS] == SYN,
    Keeps.OPENINGS: lambda frame: bool(frame[FLAGS] & SYN),
    Keeps.EDGES: lambda frame: bool(frame[FLAGS] & (SYN | FIN | RST)),
    Keeps.CONTENT: lambda frame: payload(frame) > 0,
    Keeps.NO_BARE_ACKS: lambda frame: frame[FLAGS] != ACK,
    Keeps.EVERYTHING: lambda _: True,
}


@pytest.mark.parametrize("keeps", list(Keeps))
def test_the_filter_of_healthy_connections_is_known_for_certain(keeps: Keeps) -> None:
    quality = judged(surveyed(busy(), FILTERS[keeps]))
    assert (quality.keeps, quality.certain) == (keeps, True)


def test_a_filter_hides_what_it_leaves_out_and_nothing_else() -> None:
    quality = judged(surveyed(busy(), FILTERS[Keeps.OPENINGS]))
    assert quality.shows(Way.THERE, PacketClass.SYN) is Shows.YES
    assert quality.shows(Way.BACK, PacketClass.ACK) is Shows.NO
    assert "only packets with SYN" in quality.why_not(Way.BACK, PacketClass.ACK)


def test_unanswered_syns_leave_open_whether_there_was_a_filter() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in (*SYNS, 15_000):
        talk.there(ms, "S")
    quality = judged(surveyed(network))
    assert (quality.keeps, quality.certain) == (Keeps.SYNS, False)
    assert quality.shows(Way.BACK, PacketClass.SYN_ACK) is Shows.PERHAPS


def test_repeated_syn_acks_at_the_server_leave_open_whether_there_was_a_filter() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    quality = judged(surveyed(network, vantage="server"))
    assert (quality.keeps, quality.certain) == (Keeps.OPENINGS, False)


def test_a_client_that_seems_to_leave_a_syn_ack_without_any_answer_was_filtered() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    half_open(network.talk(start=9000), last="client")
    quality = judged(surveyed(network, FILTERS[Keeps.OPENINGS]))
    assert (quality.keeps, quality.certain) == (Keeps.OPENINGS, True)


def test_what_is_no_tcp_shows_that_no_filter_asked_for_flags() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S")
    network.idle(9000)
    assert judged(surveyed(network)).keeps is Keeps.EVERYTHING


def test_the_word_of_the_file_makes_a_filter_certain() -> None:
    network = Network("client")
    for ms in SYNS:
        network.talk(port=4000).there(ms, "S")
    capture = replace(surveyed(network), filter="tcp[13] == 2")
    assert judged(capture).certain


def test_a_filter_by_addresses_hides_no_packets_of_a_connection() -> None:
    network = Network("client")
    for ms in SYNS:
        network.talk(port=4000).there(ms, "S")
    for words in ("host 192.0.2.1 or icmp or icmp6", "tcp port 443"):
        quality = judged(replace(surveyed(network), filter=words))
        assert (quality.keeps, quality.certain) == (Keeps.EVERYTHING, True)


def test_one_certain_filter_makes_the_other_captures_filters_certain() -> None:
    doubtful = Quality(keeps=Keeps.SYNS, certain=False, tcp=True)
    proven = Quality(keeps=Keeps.OPENINGS, certain=True, tcp=True)
    assert together([doubtful, proven])[0] == Quality(keeps=Keeps.SYNS, certain=True, tcp=True)


def test_a_capture_that_holds_everything_vouches_for_the_others() -> None:
    doubtful = Quality(keeps=Keeps.OPENINGS, certain=False, tcp=True)
    assert together([doubtful, Quality(tcp=True)])[0].keeps is Keeps.EVERYTHING
    assert together([doubtful, Quality()])[0] == doubtful


@pytest.mark.parametrize("way", list(Way))
def test_a_tap_of_one_way_shows_nothing_of_the_other(way: Way) -> None:
    network = busy()
    client = bytes([10, 0, 0, 1])
    quality = judged(surveyed(network, lambda frame: (frame[26:30] == client) is (way is Way.BACK)))
    assert quality.blind == {way}
    assert quality.shows(way, PacketClass.SYN) is Shows.NO
    assert quality.shows(way.other, PacketClass.SYN) is Shows.YES
    assert f"nothing of the way {way}" in quality.why_not(way, PacketClass.SYN)


def test_what_was_acknowledged_and_never_seen_tells_how_much_the_capture_misses() -> None:
    network = busy(19)
    assert judged(surveyed(network)).misses == 0.0
    answers = [packet.frame for packet in network.frames["client"] if payload(packet.frame) == 300]
    quality = judged(surveyed(network, lambda frame: frame is not answers[3]))
    assert quality.misses == pytest.approx(300 / (20 * 400))
    assert quality.lossy


def test_the_files_own_count_of_losses_comes_first() -> None:
    capture = replace(surveyed(busy()), dropped=5)
    assert judged(capture).misses == pytest.approx(5 / (5 + capture.packets))


def test_copies_are_counted() -> None:
    network = busy()
    network.frames["client"] = [packet for packet in network.frames["client"] for _ in range(2)]
    capture = surveyed(network)
    assert judged(capture).copies == capture.packets // 2
