import struct

import pytest

from bothways.captures import survey
from bothways.evidence.capture import Survey
from tests.helpers import packets as p
from tests.helpers.conversation import START

FRAME = p.tcp_frame("10.0.0.1", "192.0.2.2", 40_000, 443, flags="S")
SECONDS = START // 10**9


def read(*blocks: bytes) -> Survey:
    return survey([b"".join(blocks)], file="x.pcapng")


@pytest.mark.parametrize(
    ("resolution", "ticks"),
    [
        (None, SECONDS * 10**6 + 500_000),
        (6, SECONDS * 10**6 + 500_000),
        (9, START + 500_000_000),
        (3, SECONDS * 1000 + 500),
        (0x80 | 20, SECONDS * 2**20 + 2**19),
        (0x80 | 1, SECONDS * 2 + 1),
    ],
)
@pytest.mark.parametrize("byte_order", ["<", ">"])
def test_every_resolution_gives_nanoseconds(resolution: int | None, ticks: int, byte_order: str) -> None:
    found = read(
        p.pcapng_section(byte_order=byte_order),
        p.pcapng_interface(resolution=resolution, byte_order=byte_order),
        p.pcapng_packet(ticks, FRAME, byte_order=byte_order),
    )
    assert (found.problems, found.first, found.tcp_packets) == ((), START + 500_000_000, 1)


def test_an_interface_may_count_from_another_moment() -> None:
    found = read(p.pcapng_section(), p.pcapng_interface(offset=SECONDS), p.pcapng_packet(7, FRAME))
    assert found.first == START + 7


def test_absurd_times_are_bounded() -> None:
    found = read(p.pcapng_section(), p.pcapng_interface(resolution=0), p.pcapng_packet(2**64 - 1, FRAME))
    assert found.first == 2**63 - 1
    found = read(p.pcapng_section(), p.pcapng_interface(resolution=127), p.pcapng_packet(2**64 - 1, FRAME))
    assert found.first == 0


def test_each_section_has_its_own_byte_order_and_interfaces() -> None:
    found = read(
        p.pcapng_section(),
        p.pcapng_interface(snap_length=0),
        p.pcapng_packet(START, FRAME),
        p.pcapng_section(byte_order=">"),
        p.pcapng_interface(link_type=p.RAW_IP, snap_length=500, byte_order=">"),
        p.pcapng_interface(link_type=p.COOKED_V2, snap_length=100, byte_order=">"),
        p.pcapng_packet(START + 1, FRAME[14:], byte_order=">"),
        p.pcapng_packet(START + 2, p.cooked_v2(FRAME[14:]), interface=1, byte_order=">"),
    )
    assert found.link_types == ("ethernet", "raw-ip", "linux-cooked-v2")
    assert (found.packets, found.tcp_packets, found.snap_length, found.problems) == (3, 3, 100, ())


def test_old_packet_blocks_are_read() -> None:
    found = read(p.pcapng_section(), p.pcapng_interface(), p.pcapng_old_packet(START, FRAME))
    assert (found.tcp_packets, found.first) == (1, START)


def test_simple_packets_take_the_time_of_the_one_before_and_this_is_said_once() -> None:
    found = read(
        p.pcapng_section(),
        p.pcapng_interface(),
        p.pcapng_packet(START, FRAME),
        p.pcapng_simple_packet(FRAME),
        p.pcapng_simple_packet(FRAME),
    )
    assert (found.tcp_packets, found.first, found.last, len(found.problems)) == (3, START, START, 1)


def test_a_simple_packet_is_cut_at_its_interfaces_limit() -> None:
    found = read(
        p.pcapng_section(), p.pcapng_interface(snap_length=54), p.pcapng_simple_packet(FRAME[:54], wire_length=900)
    )
    assert (found.tcp_packets, found.largest_frame) == (1, 900)


def test_what_an_interface_dropped_is_counted_once_by_its_last_report() -> None:
    found = read(
        p.pcapng_section(),
        p.pcapng_interface(),
        p.pcapng_interface(),
        p.pcapng_statistics(0, dropped=1),
        p.pcapng_statistics(0, dropped=3, os_dropped=4),
        p.pcapng_statistics(1, dropped=10),
        p.pcapng_section(),
        p.pcapng_interface(),
        p.pcapng_statistics(0, dropped=100),
    )
    assert found.dropped == 117


def test_a_report_without_the_count_leaves_it_unknown() -> None:
    assert read(p.pcapng_section(), p.pcapng_interface(), p.pcapng_statistics(0)).dropped is None
    assert read(p.pcapng_section(), p.pcapng_interface(), p.pcapng_statistics(0, dropped=0)).dropped == 0


def test_unknown_blocks_are_stepped_over_however_long() -> None:
    found = read(
        p.pcapng_section(), p.pcapng_interface(), p.pcapng_block(0xBAD, bytes(3_000_000)), p.pcapng_packet(0, FRAME)
    )
    assert (found.packets, found.problems) == (1, ())


@pytest.mark.parametrize(
    "bad",
    [
        p.pcapng_packet(0, FRAME, interface=1),
        p.pcapng_block(6, bytes(8)),
        p.pcapng_block(2, bytes(8)),
        p.pcapng_block(3, b""),
        p.pcapng_block(1, bytes(4)),
        p.pcapng_block(6, struct.pack("<IIIII", 0, 0, 0, 500, 500) + FRAME),
    ],
)
def test_a_block_without_sense_is_left_out_and_the_rest_is_read(bad: bytes) -> None:
    start = p.pcapng_section() + p.pcapng_interface()
    found = read(start, bad, p.pcapng_packet(0, FRAME))
    (problem,) = found.problems
    assert (found.packets, problem.offset) == (1, len(start))
    assert "left out" in problem.says


def test_a_packet_without_any_interface_is_left_out() -> None:
    found = read(p.pcapng_section(), p.pcapng_simple_packet(FRAME))
    assert (found.packets, len(found.problems)) == (0, 1)


@pytest.mark.parametrize("length", [0, 8, 13, 0xFFFFFFFC])
def test_a_length_that_cannot_be_ends_the_reading(length: int) -> None:
    good = p.pcapng_section() + p.pcapng_interface() + p.pcapng_packet(0, FRAME)
    found = read(good, struct.pack("<II", 6, length), bytes(40))
    (problem,) = found.problems
    assert (found.packets, problem.offset) == (1, len(good))


def test_two_lengths_that_differ_end_the_reading() -> None:
    good = p.pcapng_section() + p.pcapng_interface() + p.pcapng_packet(0, FRAME)
    found = read(good, struct.pack("<III", 6, 12, 16), bytes(40))
    assert (found.packets, found.problems[0].offset) == (1, len(good))


@pytest.mark.parametrize(
    "header", [bytes(8), struct.pack("<II", 12, 0x1A2B3C4D), struct.pack("<II", 30, 0x1A2B3C4D), b""]
)
def test_a_section_header_without_sense_ends_the_reading(header: bytes) -> None:
    found = read(p.pcapng_section(), b"\x0a\x0d\x0d\x0a", header)
    (problem,) = found.problems
    assert problem.offset == 28


@pytest.mark.parametrize("lost", [1, 4, 5, 40, 90])
def test_a_capture_that_ends_within_a_block_keeps_those_before(lost: int) -> None:
    last = p.pcapng_packet(1, FRAME)
    good = p.pcapng_section() + p.pcapng_interface() + p.pcapng_packet(0, FRAME)
    found = read(good, last[: len(last) - lost])
    (problem,) = found.problems
    assert (found.packets, problem.offset) == (1, len(good))


def test_a_capture_that_ends_within_a_type_says_so() -> None:
    found = read(p.pcapng_section(), b"\x06\0")
    assert found.problems[0].offset == 28


def test_a_file_of_nothing_but_trouble_does_not_fill_memory() -> None:
    found = read(p.pcapng_section(), p.pcapng_interface(), p.pcapng_block(6, bytes(8)) * 5000)
    assert len(found.problems) == 101
    assert found.problems[-1].says == "further problems are not listed"
