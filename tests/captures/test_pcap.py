import struct

import pytest

from bothways.evidence.capture import Survey
from tests.helpers import packets as p
from tests.helpers.conversation import START
from tests.helpers.readers import survey

FRAME = p.tcp_frame("10.0.0.1", "192.0.2.2", 40_000, 443, flags="S")
PACKETS = [p.Packet(at=START + n * 1_000_000_000 + 123_456_789, frame=FRAME) for n in range(3)]


def read(capture: bytes) -> Survey:
    return survey([capture], file="x.pcap")


@pytest.mark.parametrize("byte_order", ["<", ">"])
@pytest.mark.parametrize("modified", [False, True])
def test_microseconds_are_read(byte_order: str, modified: bool) -> None:  # noqa: FBT001 - a parameter of the test
    found = read(p.pcap_file(PACKETS, byte_order=byte_order, modified=modified))
    assert (found.format, found.packets, found.first) == ("pcap", 3, START + 123_456_000)


@pytest.mark.parametrize("byte_order", ["<", ">"])
def test_nanoseconds_are_read(byte_order: str) -> None:
    found = read(p.pcap_file(PACKETS, nanoseconds=True, byte_order=byte_order))
    assert (found.format, found.first, found.last) == (
        "pcap (nanoseconds)",
        START + 123_456_789,
        START + 2_123_456_789,
    )


def test_no_snap_length_is_no_limit() -> None:
    capture = bytearray(p.pcap_file(PACKETS, snap_length=100))
    assert read(bytes(capture)).snap_length == 100
    capture[16:20] = bytes(4)
    assert read(bytes(capture)).snap_length is None


def test_flags_beside_the_link_type_are_not_part_of_it() -> None:
    assert read(p.pcap_file(PACKETS, link_type=1 | 0x14000000)).link_types == ("ethernet",)


@pytest.mark.parametrize("lost", [1, 59, 60, 70, 75])
def test_a_capture_that_ends_within_a_packet_keeps_those_before(lost: int) -> None:
    capture = p.pcap_file(PACKETS)
    found = read(capture[:-lost])
    (problem,) = found.problems
    assert found.packets == 2
    assert problem.offset == 24 + 2 * 76
    assert "packet 3" in problem.says


def test_a_capture_that_ends_within_its_header_holds_nothing() -> None:
    (problem,) = read(p.pcap_file([])[:20]).problems
    assert "file header" in problem.says


def test_an_absurd_length_ends_the_reading_where_it_stands() -> None:
    capture = bytearray(p.pcap_file(PACKETS))
    capture[24 + 76 + 8 : 24 + 76 + 12] = struct.pack("<I", 0x7FFFFFFF)
    found = read(bytes(capture))
    (problem,) = found.problems
    assert (found.packets, problem.offset) == (1, 24 + 76)
    assert "packet 2 claims 2147483647 bytes" in problem.says


def test_an_unknown_version_is_not_guessed_at() -> None:
    capture = bytearray(p.pcap_file(PACKETS))
    capture[4] = 9
    found = read(bytes(capture))
    assert found.packets == 0
    assert "version 9.4" in found.problems[0].says


def test_a_frame_was_never_shorter_on_the_wire_than_in_the_file() -> None:
    found = read(p.pcap_file([p.Packet(at=START, frame=FRAME, wire_length=3)]))
    assert found.largest_frame == len(FRAME)


def test_a_file_that_runs_out_in_zeros_is_kept_up_to_them() -> None:
    """What a file system leaves behind a file that was being written when the power failed."""
    whole = p.pcap_file(PACKETS)
    found = read(whole + bytes(4096))
    assert (found.packets, found.first) == (3, read(whole).first)
    (problem,) = found.problems
    assert problem.offset == len(whole)
    assert "nothing but zeros where packet 4 should begin" in problem.says


def header(minor: int = 4, snap_length: int = 65_535, byte_order: str = "<") -> bytes:
    return struct.pack(byte_order + "IHHiIII", 0xA1B2C3D4, 2, minor, 0, 0, snap_length, 1)


@pytest.mark.parametrize("snap_length", [0, 2**31 - 1, 2**32 - 1, 262_145])
def test_an_absurd_snap_length_is_no_limit(snap_length: int) -> None:
    found = read(header(snap_length=snap_length) + p.pcap_file(PACKETS)[24:])
    assert (found.snap_length, found.packets, found.problems) == (None, 3, ())


def test_times_go_on_after_2038() -> None:
    later = [p.Packet(at=(2**31 + 5) * 10**9, frame=FRAME), p.Packet(at=(2**32 - 1) * 10**9, frame=FRAME)]
    found = read(p.pcap_file(later))
    assert (found.first, found.last) == (later[0].at, later[1].at)


@pytest.mark.parametrize(("nanoseconds", "ticks", "end"), [(False, 10**6, 999_999_000), (True, 2**32 - 1, 999_999_999)])
def test_a_fraction_of_more_than_a_second_is_said_once_and_stays_in_its_second(
    nanoseconds: bool,  # noqa: FBT001 - a parameter of the test
    ticks: int,
    end: int,
) -> None:
    capture = bytearray(p.pcap_file(PACKETS, nanoseconds=nanoseconds))
    for record in (0, 2):
        struct.pack_into("<I", capture, 24 + record * (16 + len(FRAME)) + 4, ticks)
    found = read(bytes(capture))
    (problem,) = found.problems
    assert (found.packets, problem.offset, found.first) == (3, 24, START + end)


@pytest.mark.parametrize(("minor", "swapped"), [(2, True), (3, True), (3, False), (4, False)])
def test_old_writers_exchanged_the_two_lengths(minor: int, swapped: bool) -> None:  # noqa: FBT001 - as above
    lengths = (900, len(FRAME)) if swapped else (len(FRAME), 900)
    record = struct.pack("<IIII", 1, 0, *lengths) + FRAME
    found = read(header(minor) + record * 2)
    assert (found.packets, found.largest_frame, found.problems) == (2, 900, ())


@pytest.mark.parametrize("byte_order", ["<", ">"])
def test_a_capture_that_was_appended_is_read_and_said(byte_order: str) -> None:
    first = p.pcap_file(PACKETS)
    cooked = [p.Packet(at=START + 9, frame=p.cooked_v1(FRAME[14:]))]
    second = p.pcap_file(cooked, byte_order=byte_order, nanoseconds=True, link_type=p.COOKED_V1)
    found = read(first + second + second)
    assert (found.packets, found.link_types) == (5, ("ethernet", "linux-cooked-v1"))
    assert [problem.offset for problem in found.problems] == [len(first), len(first) + len(second)]
    assert "appended after packet 3" in found.problems[0].says


def test_an_appended_capture_that_is_cut_within_its_header_is_said() -> None:
    first = p.pcap_file(PACKETS)
    found = read(first + first[:18])
    assert (found.packets, found.ended_early) == (3, True)


def test_a_file_that_ends_within_a_record_ended_early() -> None:
    capture = p.pcap_file(PACKETS)
    assert not read(capture).ended_early
    assert all(read(capture[:-lost]).ended_early for lost in (1, 40, 60, 70))
    assert read(capture + bytes(40)).ended_early
    assert not read(capture + b"\xff" * 40).ended_early, "damage is no early end"
