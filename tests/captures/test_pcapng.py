import struct

import pytest

from bothways.evidence.capture import Survey
from tests.helpers import packets as p
from tests.helpers.conversation import START
from tests.helpers.readers import survey

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


BOTH_ORDERS = pytest.mark.parametrize("byte_order", ["<", ">"])


@BOTH_ORDERS
def test_packets_that_say_what_was_lost_before_them_are_summed(byte_order: str) -> None:
    lost = [p.pcapng_option(4, struct.pack(byte_order + "Q", count), byte_order=byte_order) for count in (2, 3)]
    identity = p.pcapng_option(5, bytes(8), byte_order=byte_order)
    start = (p.pcapng_section(byte_order=byte_order), p.pcapng_interface(byte_order=byte_order))
    packets = [p.pcapng_packet(0, FRAME, options=identity + option, byte_order=byte_order) for option in lost]
    assert read(*start, *packets).dropped == 5
    report = p.pcapng_statistics(0, dropped=4, byte_order=byte_order)
    assert read(*start, *packets, report).dropped == 5, "one loss, told twice"
    assert read(*start, p.pcapng_packet(0, FRAME, options=identity, byte_order=byte_order)).dropped is None


@BOTH_ORDERS
def test_old_packets_say_what_was_lost_or_that_they_do_not_know(byte_order: str) -> None:
    start = (p.pcapng_section(byte_order=byte_order), p.pcapng_interface(byte_order=byte_order))
    lost, unknown = (p.pcapng_old_packet(0, FRAME, lost=count, byte_order=byte_order) for count in (7, 0xFFFF))
    assert read(*start, lost, unknown, lost).dropped == 14
    assert read(*start, unknown).dropped is None


@BOTH_ORDERS
@pytest.mark.parametrize("length", [-1, 40, 12345])
def test_a_sections_length_may_be_given_or_not(length: int, byte_order: str) -> None:
    found = read(
        p.pcapng_section(byte_order=byte_order, length=length),
        p.pcapng_interface(byte_order=byte_order),
        p.pcapng_packet(0, FRAME, byte_order=byte_order),
        p.pcapng_section(),
        p.pcapng_interface(),
        p.pcapng_packet(0, FRAME),
    )
    assert (found.packets, found.problems) == (2, ())


def test_a_section_of_another_version_is_skipped_to_the_next() -> None:
    found = read(
        p.pcapng_section(major=2),
        p.pcapng_interface(),
        p.pcapng_packet(0, FRAME),
        p.pcapng_names((bytes([10, 0, 0, 1]), b"laptop\0")),
        p.pcapng_section(),
        p.pcapng_interface(),
        p.pcapng_packet(0, FRAME),
    )
    (problem,) = found.problems
    assert (found.packets, found.names, problem.offset) == (1, (), 0)
    assert "version 2.0" in problem.says


@BOTH_ORDERS
def test_names_are_kept_for_both_families_and_escaped(byte_order: str) -> None:
    six = bytes.fromhex("20010db8000000000000000000000001")
    found = read(
        p.pcapng_section(byte_order=byte_order),
        p.pcapng_names(
            (bytes([10, 0, 0, 1]), b"laptop\0other\0"),
            (six, b"server\x1b[31m\0"),
            (bytes(6), b"a link address\0"),
            (bytes([10, 0, 0, 2]), b"\0"),
            (bytes([10, 0, 0, 3]), b"no \xff end"),
            (bytes([10, 0, 0, 1]), b"again\0"),
            byte_order=byte_order,
        ),
    )
    assert found.names == (
        ("10.0.0.1", "laptop"),
        ("2001:db8::1", "server\\x1b[31m"),
        ("10.0.0.3", "no \\xff end"),
    )


def test_names_are_bounded() -> None:
    many = [(struct.pack(">I", number), b"x\0") for number in range(12_000)]
    found = read(p.pcapng_section(), p.pcapng_names(*many))
    assert (len(found.names), found.problems) == (10_000, ())
    long = p.pcapng_names((bytes([10, 0, 0, 1]), b"y" * 60_000), (bytes([10, 0, 0, 2]), b" " * 1020 + b"late"))
    assert read(p.pcapng_section(), long).names == (("10.0.0.1", "y" * 255),)
    large = p.pcapng_block(4, bytes(2 << 20))
    assert read(p.pcapng_section(), large, p.pcapng_interface(), p.pcapng_packet(0, FRAME)).packets == 1


@BOTH_ORDERS
def test_the_filter_is_kept_where_it_is_text(byte_order: str) -> None:
    def interface(*values: bytes) -> bytes:
        more = b"".join(p.pcapng_option(11, value, byte_order=byte_order) for value in values)
        return p.pcapng_interface(more=more, byte_order=byte_order)

    section = p.pcapng_section(byte_order=byte_order)
    assert read(section, interface(b"\0tcp[13] & 2 != 0")).filter == "tcp[13] & 2 != 0"
    assert read(section, interface(b"\1" + bytes(16)), interface(b""), interface(b"\0")).filter is None
    assert read(section, interface(b"\0tcp"), interface(b"\0udp"), interface(b"\0tcp")).filter == "tcp; udp"
    assert read(section, interface(b"\0\x1b[2J")).filter == "\\x1b[2J"
    assert read(section, interface(b"\0tcp\0\0"), interface(b"\0tcp")).filter == "tcp"
    assert read(section, interface(b"\0\xc2\x85"), interface(b"\0\x85")).filter == "\\x85", (
        "what reads alike is told once"
    )
    assert read(section, interface(b"\0" + b"x" * 5000)).filter == "x" * 1000
    many = [interface(b"\0port %d" % number) for number in range(12)]
    assert read(section, *many).filter == "; ".join(f"port {number}" for number in range(10))


@BOTH_ORDERS
def test_options_that_claim_too_much_or_have_no_end_harm_nothing(byte_order: str) -> None:
    for more in (b"\0\x0b", struct.pack(byte_order + "HH", 11, 60_000), struct.pack(byte_order + "HHI", 9, 1, 0)[:5]):
        found = read(
            p.pcapng_section(byte_order=byte_order),
            p.pcapng_interface(more=more, resolution=None, byte_order=byte_order),
            p.pcapng_packet(5, FRAME, options=more, byte_order=byte_order),
        )
        assert (found.packets, found.problems, found.filter) == (1, (), None)


def test_what_holds_no_packets_is_skipped_however_long() -> None:
    """Decryption secrets, custom blocks of both kinds, a journal, and what nobody knows."""
    for kind in (10, 0xBAD, 0x40000BAD, 9, 0x12345678):
        skipped = p.pcapng_block(kind, bytes(1_500_000))
        found = read(p.pcapng_section(), p.pcapng_interface(), skipped, p.pcapng_packet(0, FRAME))
        assert (found.packets, found.problems) == (1, ())


def test_an_interface_without_packets_limits_nothing() -> None:
    found = read(
        p.pcapng_section(),
        p.pcapng_interface(snap_length=0),
        p.pcapng_interface(snap_length=60, link_type=p.RAW_IP),
        p.pcapng_packet(0, FRAME),
    )
    assert (found.snap_length, found.link_types) == (None, ("ethernet",))


def test_a_file_that_ends_within_a_block_ended_early() -> None:
    good = p.pcapng_section() + p.pcapng_interface() + p.pcapng_packet(0, FRAME)
    assert not read(good).ended_early
    assert all(read(good[:end]).ended_early for end in range(60, len(good)) if end != 28 + len(p.pcapng_interface()))
    assert not read(good, struct.pack("<III", 6, 12, 16)).ended_early, "damage is no early end"
