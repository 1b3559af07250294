"""Several files as one capture: the same rows and packets as if one program had written all of it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bothways.captures import Part, first_moment
from bothways.captures.merged import MOST_TOGETHER
from bothways.evidence.capture import Chosen, ConnectionRow, Packets, Survey
from bothways.units import Instant
from tests.helpers import evidence_files as made
from tests.helpers import packets as p
from tests.helpers.conversation import CLIENT, START, Script, at
from tests.helpers.readers import extract, extract_parts, survey, survey_parts


def parts(*files: Sequence[p.Packet], names: Sequence[str] = ()) -> list[Part]:
    """Files of packets, each with the time of its first one where it has any."""
    data = [p.pcap_file(packets, nanoseconds=True) for packets in files]
    return [
        Part(file=name, chunks=[capture], begins=first_moment([capture]))
        for name, capture in zip(names or [f"{number}.pcap" for number in range(len(files))], data, strict=True)
    ]


def whole(packets: Sequence[p.Packet]) -> Survey:
    return survey([p.pcap_file(packets, nanoseconds=True)], file="0.pcap")


def placeless(rows: Sequence[ConnectionRow]) -> list[ConnectionRow]:
    """*rows* without the frames in which files differ."""
    return [
        replace(
            row,
            first_frame=0,
            part=0,
        )
        for row in rows
    ]


def chosen(found: Survey) -> list[Chosen]:
    return [
        Chosen(number=r.number, opener=r.opener, other=r.other, first_number=r.first_number, last_number=r.last_number)
        for r in found.rows
    ]


def bare(extracted: Sequence[Packets]) -> list[Packets]:
    """Extracted packets without the frames in which files differ."""
    return [
        replace(one, segments=tuple(replace(segment, frame=0, part=0) for segment in one.segments)) for one in extracted
    ]


@st.composite
def captures(draw: st.DrawFn) -> list[p.Packet]:
    """Packets of few connections, no two at one time, in order of time."""
    moments = sorted(draw(st.sets(st.integers(0, 10**10), max_size=30)))
    script = Script()
    for moment in moments:
        say = script.there if draw(st.booleans()) else script.back
        say(
            moment / 10**6,
            port=40_000 + draw(st.integers(0, 2)),
            flags=draw(st.sampled_from(["S", "SA", "A", "PA", "FA", "R"])),
            seq=draw(st.sampled_from([0, 1, 100, 2**32 - 1])),
            ack=draw(st.sampled_from([0, 1, 101])),
            payload=bytes(draw(st.sampled_from([0, 0, 50]))),
        )
    return script.packets


@pytest.mark.parametrize("consecutive", [True, False])
@given(packets=captures(), cuts=st.lists(st.integers(0, 30), max_size=4))
def test_any_split_into_consecutive_files_gives_the_rows_of_the_whole(
    consecutive: bool,  # noqa: FBT001 - a parameter of the test
    packets: list[p.Packet],
    cuts: list[int],
) -> None:
    edges = [0, *sorted(min(cut, len(packets)) for cut in cuts), len(packets)]
    files = [packets[start:end] for start, end in pairwise(edges)]
    found, expected = survey_parts(parts(*files), consecutive=consecutive), whole(packets)
    assert placeless(found.rows) == placeless(expected.rows)
    assert replace(found, rows=(), parts=()) == replace(expected, rows=(), parts=())
    one = extract([p.pcap_file(packets, nanoseconds=True)], file="0.pcap", chosen=chosen(expected))
    several = extract_parts(parts(*files), consecutive=consecutive, chosen=chosen(found))
    assert bare(several) == bare(one)


@given(captures(), st.data())
def test_any_partition_gives_the_rows_of_the_whole(packets: list[p.Packet], data: st.DataObject) -> None:
    sides = [data.draw(st.booleans()) for _ in packets]
    halves = [[packet for packet, side in zip(packets, sides, strict=True) if side is which] for which in (True, False)]
    found, expected = survey_parts(parts(*halves), consecutive=False), whole(packets)
    assert placeless(found.rows) == placeless(expected.rows)
    one = extract([p.pcap_file(packets, nanoseconds=True)], file="0.pcap", chosen=chosen(expected))
    assert bare(extract_parts(parts(*halves), consecutive=False, chosen=chosen(found))) == bare(one)


def test_packets_know_their_file_and_its_frame() -> None:
    packets = made.timing_out().packets
    there = [packet for packet in packets if packet.frame[26:30] == bytes([10, 0, 0, 1])]
    back = [packet for packet in packets if packet not in there]
    found = survey_parts(parts(back, there, names=["in", "out"]), consecutive=False)
    (row,) = found.rows
    assert (row.part, row.first_frame, row.first_number, row.last_number) == (1, 1, 1, len(packets))
    assert (found.file, found.parts, found.file_of(row.part)) == ("in", ("in", "out"), "out")
    (picked,) = extract_parts(parts(back, there), consecutive=False, chosen=chosen(found))
    told = [(segment.part, segment.frame) for segment in picked.segments]
    assert told[:4] == [(1, 1), (0, 1), (1, 2), (1, 3)]
    assert sorted(told) == [(0, n + 1) for n in range(len(back))] + [(1, n + 1) for n in range(len(there))]


def test_a_rotated_file_follows_the_one_before_whatever_its_last_times() -> None:
    """Several interfaces hand their packets on slightly out of order, also across the change of files."""
    script = Script()
    script.there(0, flags="S", seq=1)
    script.there(1000, flags="S", seq=1)
    script.back(999, flags="SA", seq=7, ack=2)
    first, second, third = script.packets
    rows = [survey_parts(parts([first, second], [third]), consecutive=value).rows[0] for value in (True, False)]
    assert [row.history for row in rows] == ["SS" + "h", "Sh" + "S"]


def test_facts_of_several_files_are_put_together() -> None:
    frame = made.timing_out().packets[0].frame
    lost = p.pcapng_section() + p.pcapng_interface(snap_length=96) + p.pcapng_packet(START, frame)
    files = [lost + p.pcapng_statistics(0, dropped=3), p.pcap_file([p.Packet(at=START + 5, frame=frame)])]
    found = survey_parts([Part(file=str(n), chunks=[data]) for n, data in enumerate(files)], consecutive=True)
    assert (found.format, found.snap_length, found.dropped, found.packets) == ("pcapng, pcap", 96, 3, 2)
    assert (found.first, found.last, found.ended_early) == (START, START, False)


def test_a_file_that_lost_none_does_not_speak_for_one_that_says_nothing() -> None:
    none = p.pcapng_section() + p.pcapng_interface() + p.pcapng_statistics(0, dropped=0)
    silent = p.pcap_file([])
    dropped = [
        survey_parts([Part(file=str(n), chunks=[data]) for n, data in enumerate(files)], consecutive=True).dropped
        for files in ((none, none), (none, silent), (silent, silent))
    ]
    assert dropped == [0, None, None]


def test_a_problem_names_its_file_where_there_are_several() -> None:
    packets = made.timing_out().packets
    data = p.pcap_file(packets, nanoseconds=True)
    found = survey_parts([Part(file="a", chunks=[data]), Part(file="b", chunks=[data[:-3]])], consecutive=True)
    (problem,) = found.problems
    assert str(problem).startswith("in b, at byte ")
    assert found.ended_early
    assert found.packets == 2 * len(packets) - 1


def test_a_file_is_not_asked_for_before_its_time() -> None:
    asked: list[str] = []

    def told(name: str, packets: Sequence[p.Packet]) -> Iterator[bytes]:
        asked.append(name)
        yield p.pcap_file(packets, nanoseconds=True)
        asked.append(f"{name} is done")

    packets = made.timing_out().packets
    halves = [packets[:4], packets[4:]]
    files = [
        Part(file=name, chunks=told(name, half), begins=Instant(half[0].at))
        for name, half in zip("ab", halves, strict=True)
    ]
    survey_parts(files, consecutive=False)
    assert asked == ["a", "a is done", "b", "b is done"]


def test_too_many_files_at_once_are_read_and_said() -> None:
    first, *_, last = made.timing_out().packets
    found = survey_parts(parts(*[[first, last]] * (MOST_TOGETHER + 1)), consecutive=False)
    assert found.packets == 2 * (MOST_TOGETHER + 1)
    (problem,) = found.problems
    assert "overlap in time" in problem.says


@pytest.mark.parametrize("data", [b"", b"no capture", p.pcap_file([])])
def test_what_holds_no_packet_has_no_first_moment(data: bytes) -> None:
    assert first_moment([data]) is None


def test_the_first_moment_is_that_of_the_first_packet() -> None:
    script = Script()
    script.there(5, flags="S")
    script.there(3, flags="S", port=CLIENT.port + 1)
    assert first_moment([p.pcap_file(script.packets, nanoseconds=True)]) == at(5)
