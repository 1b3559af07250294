import pytest

from bothways.evidence.capture import Survey
from bothways.evidence.endpoint import Endpoint
from tests.helpers import packets as p
from tests.helpers.conversation import CLIENT, SERVER, START, Script, at, histories
from tests.helpers.readers import survey


def handshake(script: Script, *, port: int = CLIENT.port, isn: int = 100, ms: float = 0) -> None:
    script.there(ms, port=port, flags="S", seq=isn, options=[p.mss(1460)])
    script.back(ms + 20, port=port, flags="SA", seq=900, ack=isn + 1, options=[p.mss(1400)], ttl=55)
    script.there(ms + 21, port=port, flags="A", seq=isn + 1, ack=901)


def test_a_conversation_becomes_two_rows_of_counters() -> None:
    script = Script()
    handshake(script)
    script.there(22, flags="PA", seq=101, ack=901, payload=p.client_hello("www.example.org"))
    script.back(44, flags="A", seq=901, ack=101 + 104, payload=b"x" * 1000, ttl=54)
    script.back(45, flags="FA", seq=1901, ack=101 + 104, ttl=55)
    script.there(46, flags="A", seq=205, ack=1902, window=0)
    script.there(47, flags="R", seq=205, ttl=255)
    row = script.row()
    sent, received = row.sent, row.received
    assert (row.opener, row.other, row.history) == (CLIENT, SERVER, "ShADdfAR")
    assert (sent.packets, sent.syns, sent.bare_acks, sent.data, sent.resets) == (5, 1, 2, 1, 1)
    assert (sent.isn, sent.first_ack, sent.acked, sent.end) == (100, 901, 1902, 101 + sent.payload)
    assert (sent.mss, sent.ttl, sent.ttl_highest, sent.zero_windows) == (1460, 64, 64, 1)
    assert (sent.first, sent.last, sent.advanced, sent.first_number) == (at(0), at(47), at(22), 1)
    assert sent.name == "www.example.org"
    assert (received.syn_acks, received.data, received.payload, received.fins) == (1, 1, 1000, 1)
    assert (received.isn, received.end, received.largest, received.mss) == (900, 1902, 1000, 1400)
    assert (received.ttl, received.ttl_lowest, received.ttl_highest) == (55, 54, 55)
    assert (received.first_number, row.first_frame, row.last_number) == (2, 1, 8)


def test_a_reply_seen_first_makes_its_sender_the_opener() -> None:
    script = Script()
    script.back(0, flags="SA", seq=900, ack=101)
    script.there(1, flags="S", seq=100)
    row = script.row()
    assert (row.opener, row.history) == (SERVER, "Hs")


def test_retransmissions_are_counted_and_keepalives_are_not() -> None:
    script = Script()
    handshake(script)
    for ms in (30, 230, 630):
        script.there(ms, flags="PA", seq=101, ack=901, payload=b"x" * 50)
    script.back(640, flags="A", seq=901, ack=151)
    script.there(10_000, flags="A", seq=150, ack=901, payload=b"\0")
    script.there(11_000, flags="A", seq=150, ack=901)
    row = script.row()
    assert (row.history, row.sent.repeated, row.sent.data, row.sent.bare_acks) == ("ShADTaDA", 2, 4, 2)
    assert row.sent.advanced == at(30)
    assert (row.sent.stuck, row.sent.stuck_until) == (2, at(630))


def test_a_sender_that_goes_on_is_stuck_no_more() -> None:
    script = Script()
    handshake(script)
    for ms, seq in [(30, 101), (230, 101), (630, 101), (700, 151)]:
        script.there(ms, flags="PA", seq=seq, ack=901, payload=b"x" * 50)
    sent = script.row().sent
    assert (sent.repeated, sent.stuck, sent.stuck_until) == (2, 0, None)


def test_what_was_acknowledged_and_never_shown_was_missed() -> None:
    script = Script()
    handshake(script)
    script.there(30, flags="PA", seq=101, ack=901, payload=b"x" * 50)
    script.there(31, flags="PA", seq=251, ack=901, payload=b"x" * 50)
    script.back(60, flags="A", seq=901, ack=351)
    assert (script.row().sent.missed, script.row().received.missed) == (150, 0)


def test_a_repeated_syn_is_a_repeat() -> None:
    script = Script()
    for ms in (0, 1000, 3000):
        script.there(ms, flags="S", seq=100)
    row = script.row()
    assert (row.history, row.sent.syns, row.sent.repeated) == ("SSS", 3, 2)


def test_a_lost_segment_is_refilled_and_an_overtaken_one_reordered() -> None:
    script = Script()
    handshake(script)
    for ms, seq in [(30, 101), (31, 301), (60, 201), (61, 501), (62, 401)]:
        script.there(ms, flags="A", seq=seq, ack=901, payload=b"x" * 100)
    sent = script.row().sent
    assert (sent.refilled, sent.reordered, sent.repeated, sent.end) == (1, 1, 0, 601)


def test_a_packet_seen_twice_is_counted_once() -> None:
    """A mirror port shows packets before and after routing."""
    script = Script()
    script.there(0, flags="S", seq=100, identification=7, ttl=64)
    script.there(5, flags="S", seq=100, identification=7, ttl=63)
    row = script.row()
    assert (row.sent.packets, row.sent.syns, row.sent.duplicates, row.history) == (1, 1, 1, "S")
    assert (row.sent.ttl_lowest, row.last_number) == (64, 2)


def test_a_packet_that_comes_again_later_was_sent_again() -> None:
    script = Script()
    script.there(0, flags="S", seq=100, identification=7)
    script.there(1000, flags="S", seq=100, identification=7)
    assert script.row().sent.duplicates == 0


@pytest.mark.parametrize(("gap", "copies"), [(0.5, 1), (1.5, 0)])
def test_without_identification_and_timestamps_only_the_briefest_gap_makes_a_copy(gap: float, copies: int) -> None:
    script = Script()
    script.back(0, flags="R", seq=100, identification=0)
    script.back(gap, flags="R", seq=100, identification=0)
    assert script.row().sent.duplicates == copies


def test_timestamps_tell_a_copy_from_a_retransmission() -> None:
    script = Script()
    for ms, value in [(0, 1), (5, 1), (7, 2)]:
        script.there(ms, flags="S", seq=100, identification=0, options=[p.timestamps(value, 0)])
    sent = script.row().sent
    assert (sent.duplicates, sent.repeated) == (1, 1)


def test_a_syn_with_another_number_is_another_connection() -> None:
    script = Script()
    handshake(script)
    handshake(script, isn=70_000, ms=60_000)
    rows = script.survey().rows
    assert [(row.number, row.history, row.first_frame, row.last_number) for row in rows] == [
        (0, "ShA", 1, 3),
        (1, "ShA", 4, 6),
    ]


def test_a_syn_that_the_observer_sees_late_belongs_to_its_connection() -> None:
    script = Script()
    script.back(0, flags="SA", seq=900, ack=101)
    script.there(1, flags="A", seq=101, ack=901)
    script.there(2, flags="S", seq=100)
    assert histories(script) == ["Has"]


def test_a_new_syn_after_the_middle_of_an_old_connection_opens_another() -> None:
    script = Script()
    script.there(0, flags="A", seq=5000, ack=901)
    script.there(1000, flags="S", seq=100)
    assert histories(script) == ["A", "S"]


def test_where_only_the_way_back_is_seen_the_syn_ack_tells_a_new_connection() -> None:
    script = Script()
    script.back(0, flags="SA", seq=900, ack=101)
    script.back(1000, flags="SA", seq=900, ack=101)
    script.back(60_000, flags="SA", seq=50_000, ack=70_001)
    assert histories(script) == ["HH", "H"]


def test_a_syn_ack_with_another_number_is_another_answer_to_the_same_syn() -> None:
    script = Script()
    script.there(0, flags="S", seq=100)
    script.back(10, flags="SA", seq=900, ack=101)
    script.back(1000, flags="SA", seq=5_000_000, ack=101)
    row = script.row()
    assert (row.history, row.received.isn, row.received.end, row.received.syn_acks) == ("Shh", 900, 901, 2)


def test_simultaneous_opening_is_one_connection() -> None:
    script = Script()
    script.there(0, flags="S", seq=100)
    script.back(1, flags="S", seq=900)
    assert histories(script) == ["Ss"]


def test_a_reset_alone_gives_its_ttl_and_no_sequence_space() -> None:
    script = Script()
    script.there(0, flags="S", seq=100)
    script.back(1, flags="RA", seq=0, ack=101, ttl=50)
    script.back(2, flags="RA", seq=0, ack=101, ttl=40)
    received = script.row().received
    assert (received.ttl, received.ttl_lowest, received.ttl_highest) == (50, 40, 50)
    assert (received.end, received.acked, received.isn) == (None, None, None)


def test_an_icmp_error_counts_for_the_way_that_it_quotes() -> None:
    script = Script()
    script.there(0, flags="S", seq=100)
    quoted = p.ipv4(CLIENT.address, SERVER.address, p.tcp(CLIENT.port, SERVER.port, seq=100, flags="S"), ttl=1)
    script.frame(5, p.ethernet(p.icmp_error("10.9.9.9", CLIENT.address, quoted, kind=3, code=13)))
    row = script.row()
    assert (row.history, row.sent.icmp_errors, row.received.icmp_errors, row.last_number) == ("SU", 1, 0, 2)
    assert row.sent.packets == 1


def test_an_icmp_error_about_an_unseen_connection_is_said_and_makes_no_row() -> None:
    script = Script()
    quoted = p.ipv4("10.0.0.5", "192.0.2.2", p.tcp(1, 2, flags="S"))
    script.frame(0, p.ethernet(p.icmp_error("10.9.9.9", "10.0.0.5", quoted)))
    found = script.survey()
    assert (found.rows, found.other_ip_packets, found.packets) == ((), 0, 1)
    assert found.problems[0].says == "ICMP errors about TCP connections that were not seen before were left out: 1"


def test_what_is_neither_tcp_nor_about_it_is_counted_apart() -> None:
    script = Script()
    script.frame(0, p.ethernet(p.ipv4("10.0.0.1", "10.0.0.2", bytes(8), protocol=17)))
    script.frame(1, p.ethernet(p.ipv4("10.0.0.1", "10.0.0.2", bytes(30), fragment_offset=1480)))
    script.frame(2, p.ethernet(bytes(28), protocol=0x0806))
    found = script.survey()
    assert (found.packets, found.other_ip_packets, found.tcp_packets, found.problems) == (3, 1, 0, ())
    assert (found.fragments, found.unfinished) == (1, 1)


def test_impossible_header_lengths_are_said_once() -> None:
    script = Script()
    for ms in range(3):
        script.frame(ms, p.ethernet(p.ipv4("10.0.0.1", "10.0.0.2", p.tcp(1, 2, header_words=2))))
    found = script.survey()
    (problem,) = found.problems
    assert problem.offset == 24
    assert problem.says.endswith("left out: 3")
    assert (found.tcp_packets, found.rows) == (3, ())


@pytest.mark.parametrize(("snap_length", "cut", "rows"), [(96, 0, 1), (58, 1, 1), (54, 1, 1), (50, 1, 0), (30, 0, 0)])
def test_header_bytes_that_the_snap_length_cut_off_are_counted(snap_length: int, cut: int, rows: int) -> None:
    frame = p.tcp_frame("10.0.0.1", "192.0.2.2", 1, 2, flags="S", options=[p.mss(1460), p.window_scale(7), p.nop()])
    found = survey([p.pcap_file([p.Packet(at=START, frame=frame)], snap_length=snap_length)], file="x")
    assert (found.cut_packets, len(found.rows), found.snap_length) == (cut, rows, snap_length)


def test_quoted_ports_that_were_cut_off_are_cut_and_not_absent() -> None:
    quoted = p.ipv6("2001:db8::1", "2001:db8::2", p.tcp(1, 2, flags="S"))
    frame = p.ethernet(p.icmp_error("2001:db8::9", "2001:db8::1", quoted, kind=1, code=1))
    found = survey([p.pcap_file([p.Packet(at=START, frame=frame)], snap_length=104)], file="x")
    assert (found.cut_packets, found.rows, found.other_ip_packets) == (1, (), 0)


def test_lengths_stay_right_where_bytes_were_cut_off() -> None:
    frame = p.tcp_frame("10.0.0.1", "192.0.2.2", 1, 2, payload=b"x" * 1400)
    found = survey([p.pcap_file([p.Packet(at=START, frame=frame)], snap_length=60)], file="x")
    assert (found.rows[0].sent.largest, found.largest_frame, found.cut_packets) == (1400, len(frame), 0)


def test_an_unknown_link_type_is_said_once() -> None:
    found = survey([p.pcap_file([p.Packet(at=0, frame=b"x" * 40)] * 3, link_type=147)], file="x")
    assert (found.packets, found.link_types, len(found.problems)) == (3, ("link type 147",), 1)


def test_ipv6_addresses_are_canonical() -> None:
    frame = p.tcp_frame("2001:0db8:0:0:0:0:0:1", "2001:db8::ff", 1, 2, flags="S")
    row = survey([p.pcap_file([p.Packet(at=0, frame=frame)])], file="x").rows[0]
    assert row.opener == Endpoint("2001:db8::1", 1)


def test_a_connection_of_an_endpoint_with_itself_is_counted() -> None:
    frame = p.tcp_frame("127.0.0.1", "127.0.0.1", 1, 1, flags="S")
    assert survey([p.pcap_file([p.Packet(at=0, frame=frame)])], file="x").rows[0].sent.syns == 1


def test_times_run_from_the_earliest_to_the_latest_packet() -> None:
    script = Script()
    for ms in (5, 0, 9, 7):
        script.there(ms, seq=1, flags="A")
    found = script.survey()
    assert (found.first, found.last) == (at(0), at(9))


def early_error(*, seq: int = 100, ahead_ms: float = 0.2) -> Survey:
    """Two receive queues: the error stands in the file ahead of the SYN that it quotes."""
    quoted = p.ipv4("10.0.0.1", "192.0.2.2", p.tcp(40_000, 443, seq=seq, flags="S"), ttl=60)
    error = p.ethernet(p.icmp_error("10.0.9.9", "10.0.0.1", quoted, kind=3, code=13, ttl=62))
    syn = p.tcp_frame("10.0.0.1", "192.0.2.2", 40_000, 443, flags="S", seq=100)
    start = 1_700_000_000 * 10**9
    packets = [p.Packet(at=start + round(ahead_ms * 1e6), frame=error), p.Packet(at=start, frame=syn)]
    return survey([p.pcap_file(packets, nanoseconds=True)], file="x")


def test_an_error_that_stands_ahead_of_what_it_quotes_is_about_that() -> None:
    seen = early_error()
    (row,) = seen.rows
    assert (row.history, row.sent.icmp_errors, row.first_number, row.first_frame) == ("SU", 1, 1, 2)
    assert seen.problems == ()


@pytest.mark.parametrize("seen", [early_error(seq=999), early_error(ahead_ms=5000)])
def test_an_error_about_another_packet_or_another_time_stays_left_out(seen: Survey) -> None:
    (row,) = seen.rows
    assert (row.history, row.sent.icmp_errors) == ("S", 0)
    assert "ICMP errors about TCP connections that were not seen before were left out: 1" in seen.problems[0].says
