"""Fragments are put together within bounds, and what stays incomplete is neither lost nor made up."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.captures.decode import Decoded, Decoder
from bothways.captures.other import Other
from bothways.captures.raw_packet import RawPacket
from bothways.evidence.capture import Chosen, Survey
from bothways.evidence.icmp_error import IcmpError
from bothways.evidence.segment import Content, Segment
from bothways.units import Instant
from tests.helpers import encapsulated as e
from tests.helpers import packets as p
from tests.helpers.carriers import OUTER
from tests.helpers.readers import extract, survey

ENDS, ENDS_V6 = ("10.0.0.1", "192.0.2.2"), ("2001:db8::1", "2001:db8::2")
SEGMENT = p.tcp(40_000, 443, seq=7, ack=9, payload=p.client_hello("a.example", before=[(16, bytes(96))]))
WHOLE = p.ipv4(*ENDS, SEGMENT, ttl=57, identification=7)
WHOLE_V6 = p.ipv6(*ENDS_V6, SEGMENT, ttl=57)
MS = 10**6


def read(*packets: bytes, spacing: int = MS, snap_length: int = 65_535) -> tuple[Decoder, list[Decoded]]:
    """Everything that IP packets in raw frames show, in the order in which it is told."""
    decoder, told = Decoder(), []
    for at, packet in enumerate(packets):
        told.append(
            decoder.decode(
                RawPacket(
                    frame=at + 1,
                    number=at + 1,
                    at=Instant(at * spacing),
                    link_type=101,
                    data=packet[:snap_length],
                    wire_length=len(packet),
                    offset=0,
                )
            )
        )
        told += [decoded for _, decoded in decoder.further()]
    told += [decoded for _, decoded in decoder.finish()]
    return decoder, told


def segments(told: list[Decoded]) -> list[Segment]:
    return [one for one in told if isinstance(one, Segment)]


@pytest.mark.parametrize("whole", [WHOLE, WHOLE_V6])
@pytest.mark.parametrize("size", [8, 16, 40, 64])
def test_a_segment_in_fragments_is_the_segment(whole: bytes, size: int) -> None:
    pieces = e.fragments(whole, size)
    decoder, told = read(*pieces)
    (found,) = segments(told)
    (same,) = segments(read(whole)[1])
    assert (found.payload, found.seq, found.name, found.ttl) == (same.payload, 7, "a.example", 57)
    assert (found.frame, found.at, found.partial) == (len(pieces), (len(pieces) - 1) * MS, False)
    assert told[:-1] == [Other.FRAGMENT] * (len(pieces) - 1)
    assert (decoder.fragments, decoder.unfinished, decoder.overlapping) == (len(pieces), 0, 0)


def test_the_order_of_fragments_does_not_matter() -> None:
    pieces = e.fragments(WHOLE, 64)
    assert len(pieces) == 4
    for order in permutations(pieces):
        (found,) = segments(read(*order)[1])
        assert (found.frame, found.name) == (4, "a.example")


def test_extension_headers_in_the_fragmented_part_are_stepped_over() -> None:
    _, rest = 60, b"\0\x01\x04\0\0\0\0"
    body = bytes([6]) + rest + SEGMENT
    packet = p.ipv6(*ENDS_V6, body, protocol=60)
    (found,) = segments(read(*e.fragments(packet, 24))[1])
    assert (found.name, found.payload) == ("a.example", len(SEGMENT) - 20)


def test_a_tunnels_packet_in_fragments_is_put_together_before_it_is_followed() -> None:
    (found,) = segments(read(*e.fragments(e.vxlan(OUTER, p.ethernet(WHOLE)), 64))[1])
    assert (found.name, found.layers) == ("a.example", (f"vxlan 42 {OUTER[0]} > {OUTER[1]}",))
    inner = [e.gre(OUTER, piece) for piece in e.fragments(WHOLE, 64)]
    assert segments(read(*inner)[1])[0].name == "a.example"


def test_an_icmp_error_in_fragments_is_read() -> None:
    error = p.icmp_error("10.9.9.9", ENDS[0], WHOLE)
    assert isinstance(read(*e.fragments(error, 16))[1][-1], IcmpError)


def test_a_datagram_whose_other_fragments_did_not_come_shows_what_its_first_one_holds() -> None:
    first = e.fragments(WHOLE, 64)[0]
    decoder, told = read(first, p.ipv4(*ENDS, p.tcp(1, 2), identification=8), spacing=2 * 10**9)
    late, later = segments(told)[::-1]
    assert told[0] is Other.FRAGMENT
    assert (late.frame, late.at, late.payload, late.partial) == (1, 0, 64 - 20, True)
    assert not later.partial
    assert (decoder.unfinished, decoder.fragments) == (1, 1)


def test_a_header_that_is_not_all_in_the_first_fragment_is_cut_and_not_malformed() -> None:
    assert read(e.fragments(WHOLE, 16)[0])[1] == [Other.FRAGMENT, Other.CUT_TCP]


def test_later_fragments_alone_show_nothing_and_are_counted() -> None:
    decoder, told = read(*e.fragments(WHOLE, 64)[1:])
    assert set(told) == {Other.FRAGMENT}
    assert (decoder.fragments, decoder.unfinished) == (3, 1)


def test_the_inside_of_a_tunnels_first_fragment_keeps_its_own_length() -> None:
    first = e.fragments(e.ipip(OUTER, WHOLE), 64)[0]
    (found,) = segments(read(first)[1])
    assert (found.payload, found.partial) == (len(SEGMENT) - 20, True)


def test_overlapping_fragments_condemn_their_datagram() -> None:
    first, second, third, fourth = e.fragments(WHOLE, 64)
    false = p.ipv4(*ENDS, bytes(64), identification=7, ttl=57, fragment_offset=64, more_fragments=True)
    for packets in ([first, second, false, third, fourth], [false, first, second, third, fourth]):
        decoder, told = read(*packets)
        assert segments(told) == []
        assert decoder.overlapping == 1
    reaching_over = p.ipv4(*ENDS, bytes(72), identification=7, fragment_offset=56, more_fragments=True)
    assert segments(read(first, reaching_over, *e.fragments(WHOLE, 64)[1:])[1]) == []


def test_fragments_that_disagree_about_the_end_condemn_their_datagram() -> None:
    *_, last = e.fragments(WHOLE, 64)
    beyond = p.ipv4(*ENDS, bytes(64), identification=7, fragment_offset=640, more_fragments=True)
    before = p.ipv4(*ENDS, bytes(8), identification=7, fragment_offset=64)
    assert read(last, beyond)[0].overlapping == 1
    assert read(last, before)[0].overlapping == 1
    assert read(beyond, last)[0].overlapping == 1


def test_fragments_that_no_host_takes_are_left_out() -> None:
    odd = p.ipv4(*ENDS, bytes(63), identification=7, fragment_offset=0, more_fragments=True)
    far = p.ipv4(*ENDS, bytes(1000), identification=7, fragment_offset=65_528)
    empty = p.ipv4(*ENDS, b"", identification=7, fragment_offset=64, more_fragments=True)
    (found,) = segments(read(odd, far, empty, *e.fragments(WHOLE, 64))[1])
    assert found.name == "a.example"


def test_mirrored_fragments_make_two_copies_whatever_their_order() -> None:
    first, second, third, fourth = e.fragments(WHOLE, 64)
    for order in (
        [first, second, third, fourth] * 2,
        [first, first, second, second, third, third, fourth, fourth],
        [first, second, first, second, third, fourth, third, fourth],
    ):
        decoder, told = read(*order)
        assert [found.name for found in segments(told)] == ["a.example"] * 2
        assert decoder.unfinished == 0


def test_a_single_fragment_that_came_twice_makes_no_second_packet() -> None:
    first, *others = e.fragments(WHOLE, 64)
    decoder, told = read(first, first, first, *others)
    assert len(segments(told)) == 1
    assert decoder.unfinished == 0


def test_datagrams_are_told_apart_by_addresses_protocol_and_identification() -> None:
    first, *others = e.fragments(WHOLE, 64)
    stranger = e.fragments(p.ipv4("10.0.0.3", ENDS[1], SEGMENT), 64, identification=7)
    other_protocol = e.fragments(p.ipv4(*ENDS, SEGMENT, protocol=17), 64)
    another = e.fragments(WHOLE, 64, identification=8)
    for foreign in (stranger, other_protocol, another):
        assert all(not one.partial or one.frame == 1 for one in segments(read(first, *foreign[1:])[1]))
        assert len([one for one in segments(read(first, *foreign[1:], *others)[1]) if not one.partial]) == 1


def test_ipv6_goes_by_the_protocol_of_the_first_fragment() -> None:
    first, second = e.fragments(WHOLE_V6, 128)
    changed = bytearray(second)
    changed[40] = 17
    assert segments(read(bytes(changed), first)[1])[0].name == "a.example"


def test_fragments_do_not_wait_longer_than_a_second() -> None:
    pieces = e.fragments(WHOLE, 128)
    assert not segments(read(*pieces, spacing=10**9)[1])[0].partial
    (late,) = segments(read(*pieces, spacing=10**9 + 1)[1])
    assert late.partial


def test_only_so_many_datagrams_wait_and_the_oldest_is_given_up_first() -> None:
    firsts = [e.fragments(WHOLE, 64, identification=number)[0] for number in range(300)]
    decoder, told = read(*firsts, spacing=1)
    assert [one.frame for one in segments(told)] == list(range(1, 301))
    assert told.index(segments(told)[0]) == 258  # the 257th took its place, which comes to light with the next
    assert decoder.unfinished == 300


def test_a_snap_length_leaves_the_length_of_the_datagram_right() -> None:
    packet = p.ipv4(*ENDS, p.tcp(40_000, 443, seq=7, payload=bytes(1000)), identification=7)
    (found,) = segments(read(*e.fragments(packet, 400), snap_length=60)[1])
    assert (found.payload, found.content, found.partial) == (1000, Content.OTHER, False)


def test_padding_of_a_link_is_no_part_of_a_fragment() -> None:
    *others, last = e.fragments(WHOLE, 64)
    (found,) = segments(read(*others, last + bytes(30))[1])
    assert found.name == "a.example"


def test_an_atomic_fragment_is_whole() -> None:
    packet = p.ipv6(*ENDS_V6, SEGMENT, extensions=[p.fragment_header(0)])
    decoder, told = read(packet)
    assert segments(told)[0].name == "a.example"
    assert decoder.fragments == 0


FRAMES = [
    *e.fragments(WHOLE, 64),
    *e.fragments(p.ipv4(*ENDS, p.tcp(40_000, 443, flags="S", seq=900), identification=9), 8, identification=9),
    WHOLE,
    p.ipv4(*ENDS, p.tcp(40_000, 443, flags="S", seq=5000)),
    p.ipv4(*ENDS[::-1], p.tcp(443, 40_000, flags="SA", seq=1, ack=5001)),
    *[e.gre(OUTER, piece) for piece in e.fragments(WHOLE, 128)],
    *e.fragments(p.icmp_error("10.9.9.9", ENDS[0], WHOLE), 64, identification=3),
    p.ipv4(*ENDS, bytes(64), identification=7, ttl=57, fragment_offset=64, more_fragments=True),
]


@given(st.lists(st.tuples(st.sampled_from(FRAMES), st.sampled_from([1, MS, 3 * 10**8, 2 * 10**9])), max_size=40))
def test_pass_two_extracts_what_pass_one_counted(story: list[tuple[bytes, int]]) -> None:
    now, packets = 0, []
    for frame, wait in story:
        now += wait
        packets.append(p.Packet(at=now, frame=frame))
    data = p.pcap_file(packets, link_type=101, nanoseconds=True)
    found = survey([data], file="x")
    counted = [
        row.sent.packets + row.sent.duplicates + row.received.packets + row.received.duplicates for row in found.rows
    ]
    # What pass one left out, as fragments waited in vain meanwhile, pass two may know to which connection it belongs;
    # and it need not come to where a fragment shows that those before it cannot be right.
    overlapping = left_out(found, "IP packets whose fragments overlap")
    late = left_out(found, "first fragments of an earlier use") + overlapping
    # An error that came late is counted to the latest connection between its ports.
    every_error = sum(row.sent.icmp_errors + row.received.icmp_errors for row in found.rows)
    every_error += left_out(found, "ICMP errors about TCP") + overlapping
    for row, count in zip(found.rows, counted, strict=True):
        chosen = Chosen(
            number=row.number,
            opener=row.opener,
            other=row.other,
            first_number=row.first_number,
            last_number=row.last_number,
        )
        (kept,) = extract([data], file="x", chosen=[chosen])
        frames = [segment.frame for segment in kept.segments]
        assert frames == sorted(frames)
        assert count <= len(frames) <= count + late
        assert row.sent.icmp_errors + row.received.icmp_errors <= len(kept.errors) <= every_error


def left_out(found: Survey, what: str) -> int:
    """How many of *what* a survey says that it left out."""
    return sum(int(problem.says.rsplit(" ", 1)[1]) for problem in found.problems if problem.says.startswith(what))


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 5), st.booleans(), st.binary(max_size=3)), max_size=60))
def test_any_fragments_end_in_something(pieces: list[tuple[int, int, bool, bytes]]) -> None:
    packets = [
        p.ipv4(*ENDS, bytes(8 * units) + odd, fragment_offset=8 * offset, more_fragments=more)
        for offset, units, more, odd in pieces
    ]
    decoder, told = read(*packets)
    assert len(told) >= len(packets)
    assert decoder.fragments <= len(packets)
