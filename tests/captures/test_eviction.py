"""What is let go where there are more connections than are held, by both readers."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bothways.captures.merged import Part
from bothways.connections.outcome import Outcome, fate_of
from bothways.connections.sides import sides_of
from bothways.evidence.capture import Survey
from bothways.evidence.left_out import Kind
from tests.helpers import packets as p
from tests.helpers.conversation import START, Script
from tests.helpers.readers import survey_parts
from tests.helpers.short_talks import Talks

SERVER = ("192.0.2.2", 443)


def read(packets: list[p.Packet], *, most_rows: int) -> Survey:
    data = p.pcap_file(sorted(packets, key=lambda packet: packet.at), nanoseconds=True)
    return survey_parts([Part(file="x", chunks=[data])], consecutive=True, most_rows=most_rows)


def syn(ms: float, client: str, port: int, *, seq: int = 1) -> p.Packet:
    frame = p.tcp_frame(client, SERVER[0], port, SERVER[1], flags="S", seq=seq)
    return p.Packet(at=START + round(ms * 1_000_000), frame=frame)


def flood(count: int, *, per_second: int) -> list[p.Packet]:
    """So many SYNs, each of another address."""
    return [
        syn(1000 * number / per_second, f"198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}", 1024)
        for number in range(count)
    ]


def left_out(survey: Survey) -> dict[Kind, tuple[int, int]]:
    assert survey.crowd is not None
    return {one.kind: (one.connections, one.packets) for one in survey.crowd.left_out}


def test_of_a_flood_the_real_failures_are_kept_in_bounded_memory() -> None:
    """1,000 SYNs a second from as many sources; among them SYNs that are repeated, a half-open one, a stalled one."""
    talks = Talks()
    for number in range(10):
        for ms in (0, 1000, 3000, 7000):
            talks.packets.append(syn(100 * number + ms, "10.0.0.1", 2000 + number))
    talks.half_open(500, port=3000)
    talks.stalled(700, port=3001)
    survey = read([*flood(9000, per_second=1000), *talks.packets], most_rows=800)
    assert len(survey.rows) <= 800
    end = survey.end
    assert end is not None
    real = [row for row in survey.rows if row.opener.address == "10.0.0.1"]
    fates = [fate_of(sides_of(row), capture_end=end).outcome for row in real]
    assert fates.count(Outcome.UNANSWERED) == 10
    assert {Outcome.HALF_OPEN, Outcome.STALLED_THERE} <= set(fates)
    gone = left_out(survey)
    assert set(gone) == {Kind.ONE_PACKET}
    connections, packets = gone[Kind.ONE_PACKET]
    assert connections == packets == 9000 + 4 * 10 - (len(survey.rows) - 2) - sum(row.sent.syns - 1 for row in real)


def test_what_was_left_out_is_said() -> None:
    survey = read(flood(3000, per_second=5000), most_rows=1000)
    assert survey.crowd is not None
    assert len(survey.rows) + sum(one.connections for one in survey.crowd.left_out) == 3000
    assert [str(problem) for problem in survey.problems] == [
        f"more than 1,000 connections: {3000 - len(survey.rows):,} of which one packet was seen were left out"
    ]


def test_numbers_stay_those_of_appearance() -> None:
    survey = read(flood(100, per_second=5000), most_rows=10)
    numbers = [row.number for row in survey.rows]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == 99


def test_what_worked_goes_before_what_did_not() -> None:
    talks = Talks()
    for number in range(12):
        talks.worked(100 * number, port=2000 + number)
        talks.stalled(100 * number + 1, port=3000 + number)
    survey = read(talks.packets, most_rows=20)
    ports = {row.opener.port for row in survey.rows}
    assert {port for port in ports if port >= 3000} == set(range(3000, 3012))
    assert set(left_out(survey)) == {Kind.WORKED}


def test_the_older_half_of_the_half_open_goes_before_any_that_went_on() -> None:
    talks = Talks()
    for number in range(30):
        talks.half_open(10 * number, port=2000 + number)
    talks.stalled(1, port=4000)
    survey = read(talks.packets, most_rows=20)
    assert 4000 in {row.opener.port for row in survey.rows}
    assert set(left_out(survey)) == {Kind.ONLY_SYN}


def test_what_nothing_tells_apart_goes_by_age() -> None:
    talks = Talks()
    for number in range(20):
        talks.stalled(10_000 * number, port=2000 + number)
    survey = read(talks.packets, most_rows=10)
    assert [row.opener.port for row in survey.rows] == list(range(2000 + 20 - len(survey.rows), 2020))
    assert set(left_out(survey)) == {Kind.OTHER}


def test_an_icmp_error_makes_a_lone_syn_worth_keeping() -> None:
    packets = flood(100, per_second=5000)
    quoted = p.ipv4("198.18.0.0", SERVER[0], p.tcp(1024, SERVER[1], flags="S", seq=1))
    packets.append(p.Packet(at=packets[0].at + 1, frame=p.ethernet(p.icmp_error("10.9.9.9", "198.18.0.0", quoted))))
    assert read(packets, most_rows=10).rows[0].opener.address == "198.18.0.0"


@pytest.mark.parametrize("most_rows", [1, 2, 3])
def test_the_smallest_bounds_hold(most_rows: int) -> None:
    survey = read(flood(20, per_second=5000), most_rows=most_rows)
    assert 1 <= len(survey.rows) <= most_rows


def test_a_capture_that_fits_leaves_nothing_out() -> None:
    script = Script()
    script.there(0, flags="S", seq=100)
    survey = script.survey()
    assert survey.crowd is None
    assert survey.problems == ()


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32), most_rows=st.integers(1, 12))
def test_both_readers_let_the_same_go(seed: int, most_rows: int) -> None:
    talks = Talks()
    talks.many(Random(seed), 40)
    survey = read(talks.packets, most_rows=most_rows)
    assert len(survey.rows) <= most_rows
