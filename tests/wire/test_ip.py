from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.ip import TCP, Fragment, IpHeader, parse_ip, reassembled
from tests.helpers import packets as p

BODY = b"x" * 30


def parsed(packet: bytes, *, wire_length: int | None = None) -> IpHeader:
    header = parse_ip(packet, 0, len(packet) if wire_length is None else wire_length)
    assert header is not None
    return header


def v6(**more: object) -> bytes:
    return p.ipv6("2001:db8::1", "2001:db8::2", BODY, **more)  # type: ignore[arg-type] # the test says what is odd


def test_a_plain_ipv4_header_is_read() -> None:
    header = parsed(p.ipv4("10.0.0.1", "192.0.2.2", BODY, ttl=57, identification=77))
    assert (header.source, header.destination) == (bytes([10, 0, 0, 1]), bytes([192, 0, 2, 2]))
    assert (header.ttl, header.identification, header.protocol) == (57, 77, TCP)
    assert (header.start, header.length, header.fragment_offset, header.lengthless) == (20, 30, 0, False)


def test_ipv4_options_are_stepped_over() -> None:
    header = parsed(p.ipv4("10.0.0.1", "192.0.2.2", BODY, options=b"\x94\x04\0\0\x01"))
    assert (header.start, header.length) == (28, 30)


def test_padding_of_the_link_is_no_payload() -> None:
    frame = p.ethernet(p.ipv4("10.0.0.1", "192.0.2.2", b"abc"))
    assert len(frame) == 60
    header = parse_ip(frame, 14, 60)
    assert header is not None
    assert header.length == 3


def test_a_short_snap_length_does_not_shorten_the_packet() -> None:
    packet = p.ipv4("10.0.0.1", "192.0.2.2", b"x" * 1000)
    assert parsed(packet[:40], wire_length=1020).length == 1000


def test_a_total_length_of_zero_means_the_frame_tells() -> None:
    packet = p.ipv4("10.0.0.1", "192.0.2.2", b"x" * 70_000, total_length=0)
    header = parsed(packet[:100], wire_length=len(packet))
    assert header.lengthless
    assert header.length == 70_000


def test_a_total_length_shorter_than_the_header_leaves_nothing() -> None:
    assert parsed(p.ipv4("10.0.0.1", "192.0.2.2", BODY, total_length=10)).length == 0


def test_a_later_fragment_says_how_far_in_it_is() -> None:
    assert parsed(p.ipv4("10.0.0.1", "192.0.2.2", BODY, fragment_offset=1480)).fragment_offset == 1480


def test_a_header_length_below_the_least_is_no_header() -> None:
    packet = bytearray(p.ipv4("10.0.0.1", "192.0.2.2", BODY))
    packet[0] = 0x44
    assert parse_ip(bytes(packet), 0, 50) is None


def test_a_plain_ipv6_header_is_read() -> None:
    header = parsed(v6(ttl=3))
    assert (header.ttl, header.identification, header.protocol) == (3, None, TCP)
    assert (header.start, header.length) == (40, 30)


def test_extension_headers_are_stepped_over() -> None:
    chain = [p.hop_by_hop(), (43, b"\0" * 7), (60, b"\1" + b"\0" * 14), p.authentication_header(6)]
    header = parsed(v6(extensions=chain))
    assert (header.protocol, header.start, header.length) == (TCP, 40 + 8 + 8 + 16 + 24, 30)


def test_the_first_fragment_of_ipv6_has_the_headers_and_later_ones_do_not() -> None:
    first = parsed(v6(extensions=[p.fragment_header(0, more=True)]))
    assert (first.protocol, first.start, first.fragment_offset) == (TCP, 48, 0)
    assert parsed(v6(extensions=[p.fragment_header(1448)])).fragment_offset == 1448


def test_a_chain_that_the_snap_length_cut_ends_at_what_is_missing() -> None:
    packet = v6(extensions=[p.hop_by_hop(), (43, b"\0" * 7)])
    assert parsed(packet[:50], wire_length=len(packet)).protocol == 43


def test_endless_extension_headers_end() -> None:
    header = parsed(v6(extensions=[(60, b"\0" * 7)] * 40))
    assert header.protocol == 60


def test_a_jumbogram_says_its_length_in_an_option() -> None:
    packet = v6(extensions=[p.jumbo(80_008)], payload_length=0)
    header = parsed(packet)
    assert (header.length, header.lengthless) == (80_000, False)


def test_ipv6_without_length_and_without_jumbo_option_means_the_frame_tells() -> None:
    header = parsed(v6(extensions=[p.hop_by_hop()], payload_length=0))
    assert (header.length, header.lengthless) == (30, True)


def test_an_empty_ipv6_packet_is_empty() -> None:
    header = parsed(v6(protocol=59, payload_length=0))
    assert (header.length, header.lengthless) == (0, False)


@given(st.binary(max_size=120), st.integers(0, 130), st.integers(0, 2**32 - 1))
def test_any_bytes_give_a_header_or_none(data: bytes, offset: int, wire_length: int) -> None:
    header = parse_ip(data, offset, wire_length)
    assert header is None or (header.length >= 0 and header.start > offset)


@given(st.sampled_from([0x45, 0x4F, 0x60]), st.binary(min_size=40, max_size=120))
def test_any_bytes_behind_a_version_give_a_header(first: int, rest: bytes) -> None:
    header = parse_ip(bytes([first]) + rest, 0, len(rest) + 1)
    assert header is not None


def test_hop_by_hop_options_without_a_jumbo_length_are_stepped_over() -> None:
    header = parsed(v6(extensions=[p.hop_by_hop(b"\0\0\x05\x02\0\0")], payload_length=0))
    assert (header.length, header.lengthless) == (30, True)


def test_an_authentication_header_of_ipv4_is_stepped_over() -> None:
    number, rest = p.authentication_header(6)
    header = parsed(p.ipv4("10.0.0.1", "192.0.2.2", bytes([TCP]) + rest + BODY, protocol=number))
    assert (header.protocol, header.start, header.length) == (TCP, 44, 30)


def test_a_fragment_says_which_part_of_its_datagram_it_is() -> None:
    packet = p.ipv4("10.0.0.1", "192.0.2.2", BODY[:24], identification=9, fragment_offset=48, more_fragments=True)
    expected = Fragment(identification=9, offset=48, more=True, start=20, length=24, protocol=TCP)
    assert parsed(packet).fragment == expected
    six = parsed(v6(extensions=[p.hop_by_hop(), p.fragment_header(48, more=True)])).fragment
    assert six == Fragment(identification=7, offset=48, more=True, start=56, length=30, protocol=TCP)


def test_an_atomic_fragment_is_a_whole_packet() -> None:
    assert parsed(v6(extensions=[p.fragment_header(0)])).fragment is None


def test_a_reassembled_header_steps_over_the_extensions_that_were_cut_apart() -> None:
    first = parsed(v6(extensions=[p.fragment_header(0, more=True)]))
    data = bytes([TCP, 0, 1, 4, 0, 0, 0, 0]) + BODY
    whole = reassembled(first, 60, data, len(data))
    assert (whole.protocol, whole.start, whole.length, whole.fragment) == (TCP, 8, 30, None)
    assert reassembled(first, TCP, BODY, 30).start == 0
