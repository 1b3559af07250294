"""Whatever the bytes and however they arrive, a survey comes out, and the same one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bothways.evidence.capture import Chosen, Survey
from tests.helpers import packets as p
from tests.helpers.conversation import CLIENT, SERVER, START, Script
from tests.helpers.readers import extract, survey

LETTERS = ["S", "SA", "A", "PA", "FA", "R", "RA", "", "SFRPAUEC"]


def conversation() -> Script:
    script = Script()
    script.there(0, flags="S", seq=2**32 - 2, options=[p.mss(1460), p.window_scale(7), p.timestamps(1, 0)])
    script.back(20, flags="SA", seq=900, ack=2**32 - 1)
    script.there(21, flags="PA", seq=2**32 - 1, ack=901, payload=p.client_hello("a.example"))
    quoted = p.ipv4(CLIENT.address, SERVER.address, p.tcp(CLIENT.port, SERVER.port, seq=5), ttl=1)
    script.frame(30, p.ethernet(p.icmp_error("10.9.9.9", CLIENT.address, quoted)))
    script.frame(31, p.tcp_frame("2001:db8::1", "2001:db8::2", 1, 2, options=[p.nop(), p.nop(), p.sack((1, 2))]))
    return script


PACKETS = conversation().packets
FILES = {
    "pcap": p.pcap_file(PACKETS),
    "pcap, other byte order": p.pcap_file(PACKETS, byte_order=">"),
    "pcapng": p.pcapng_file(PACKETS) + p.pcapng_statistics(0, dropped=5),
    "pcapng, other byte order": p.pcapng_file(PACKETS, byte_order=">"),
    "pcapng, talkative": p.pcapng_section(options=p.pcapng_option(4, b"dumpcap"))
    + p.pcapng_interface(more=p.pcapng_option(11, b"\0tcp port 443"))
    + p.pcapng_names((bytes([10, 0, 0, 1]), b"laptop\0"))
    + b"".join(p.pcapng_packet(one.at, one.frame, options=p.pcapng_option(4, bytes(8))) for one in PACKETS)
    + p.pcapng_old_packet(START, PACKETS[0].frame, lost=3),
    "pcap, appended": p.pcap_file(PACKETS[:2]) + p.pcap_file(PACKETS[2:], byte_order=">"),
}


def read(data: bytes) -> Survey:
    return survey([data], file="x")


def read_twice(data: bytes) -> None:
    """Both passes, the second for everything that the first one found."""
    found = read(data)
    chosen = [
        Chosen(number=r.number, opener=r.opener, other=r.other, first_number=r.first_number, last_number=r.last_number)
        for r in found.rows
    ]
    for row, packets in zip(found.rows, extract([data], file="x", chosen=chosen), strict=True):
        counted = sum(way.packets + way.duplicates for way in (row.sent, row.received))
        assert len(packets.segments) == counted
        # Pass one does not know of which connection an error is that a translator did not translate back.
        quoting = [error for error in packets.errors if error.translated is None]
        assert len(quoting) == row.sent.icmp_errors + row.received.icmp_errors


@given(st.binary(max_size=300))
def test_any_bytes_give_a_survey(data: bytes) -> None:
    read_twice(data)


@pytest.mark.parametrize("name", FILES)
@given(data=st.binary(max_size=300))
def test_any_bytes_behind_a_file_header_give_a_survey(name: str, data: bytes) -> None:
    read_twice(FILES[name][:48] + data)


@pytest.mark.parametrize("name", FILES)
@given(data=st.data())
def test_a_damaged_capture_gives_a_survey(name: str, data: st.DataObject) -> None:
    damaged = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    read_twice(bytes(damaged))


@pytest.mark.parametrize("name", FILES)
def test_a_capture_cut_anywhere_keeps_what_came_before(name: str) -> None:
    packets = 0
    for end in range(len(FILES[name])):
        found = read(FILES[name][:end])
        assert packets <= found.packets <= packets + 1
        packets = found.packets


@given(st.sampled_from(sorted(FILES)), st.lists(st.integers(0, 900), max_size=40))
def test_chunks_do_not_matter(name: str, cuts: list[int]) -> None:
    data = FILES[name]
    edges = [0, *sorted(cuts), len(data)]
    chunks = [data[start:end] for start, end in pairwise(edges)]
    assert survey(chunks, file="x") == read(data)


def test_single_bytes_are_chunks_too() -> None:
    for data in FILES.values():
        assert survey((data[at : at + 1] for at in range(len(data))), file="x") == read(data)


@st.composite
def segments(draw: st.DrawFn) -> p.Packet:
    near = st.sampled_from([0, 1, 100, 101, 150, 2**32 - 1, 2**31])
    ends = ("10.0.0.1", "192.0.2.2", 1, 2) if draw(st.booleans()) else ("192.0.2.2", "10.0.0.1", 2, 1)
    frame = p.tcp_frame(
        *ends,
        seq=draw(near),
        ack=draw(near),
        flags=draw(st.sampled_from(LETTERS)),
        payload=bytes(draw(st.integers(0, 60))),
        window=draw(st.sampled_from([0, 500])),
        identification=draw(st.integers(0, 3)),
    )
    return p.Packet(at=START + 1000 * draw(st.integers(0, 10**6)), frame=frame)


@given(st.lists(segments(), max_size=30))
def test_the_kind_of_file_does_not_matter(packets: list[p.Packet]) -> None:
    first, *others = [
        read(p.pcap_file(packets)),
        read(p.pcap_file(packets, byte_order=">")),
        read(p.pcap_file(packets, nanoseconds=True)),
        read(p.pcap_file(packets, modified=True)),
        read(p.pcapng_file(packets)),
        read(p.pcapng_file(packets, byte_order=">")),
    ]
    assert all(replace(other, format=first.format) == first for other in others)


@given(st.lists(segments(), max_size=40))
def test_every_packet_is_counted_exactly_once(packets: list[p.Packet]) -> None:
    data = p.pcap_file(packets)
    read_twice(data)
    found = read(data)
    ways = [way for row in found.rows for way in (row.sent, row.received)]
    assert sum(way.packets + way.duplicates for way in ways) == found.tcp_packets == len(packets)
    for way in ways:
        assert way.repeated + way.refilled + way.reordered <= way.packets
        assert way.syns + way.syn_acks + way.bare_acks + way.resets <= way.packets
        assert (way.packets == 0) == (way.first is None) == (way.ttl is None)
