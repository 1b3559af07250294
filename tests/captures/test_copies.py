import pytest
from msgspec.structs import replace

from bothways.captures.copies import Copies
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.segment import Flags, Options, Segment
from bothways.units import MILLISECOND, Instant
from tests.helpers.conversation import Script

SEGMENT = Segment(
    frame=1,
    number=1,
    at=Instant(0),
    source=Endpoint("10.0.0.1", 1),
    destination=Endpoint("192.0.2.2", 2),
    seq=1,
    ack=2,
    flags=Flags.ACK,
    window=3,
    payload=4,
    ttl=64,
    ip_id=5,
    options=Options(ts_value=6, ts_echo=7),
)

UNTOLD = Options()
"""Options by which no packet differs from the one before."""


def after(ms: float, **changes: object) -> Segment:
    return replace(SEGMENT, at=Instant(round(ms * MILLISECOND)), **changes)


def is_copy(copies: Copies, segment: Segment) -> bool:
    return copies.see(segment).copy


def test_a_copy_may_have_been_routed() -> None:
    copies = Copies()
    assert not is_copy(copies, SEGMENT)
    assert is_copy(copies, after(90, ttl=63))


def test_a_packet_that_circles_is_a_copy_each_time() -> None:
    """In a routing loop the copies follow each other, the last long after the first."""
    copies = Copies()
    copies.see(SEGMENT)
    sights = [copies.see(after(90 * turn, ttl=64 - turn)) for turn in range(1, 10)]
    assert all(sight.copy for sight in sights)
    assert [sight.fell for sight in sights] == list(range(1, 10))


def test_packets_that_circle_together_fall_each() -> None:
    copies = Copies()
    for turn in range(5):
        fallen = [copies.see(after(turn, seq=seq, ttl=64 - turn)).fell for seq in (1, 2)]
        assert fallen == [turn, turn]


def test_a_copy_from_the_other_side_of_a_router_fell_once() -> None:
    copies = Copies()
    for seq in (1, 2, 3):
        assert copies.see(after(seq, seq=seq)).fell == 0
        assert copies.see(after(seq, seq=seq, ttl=63)).fell == 1


def test_copies_of_one_ttl_do_not_fall() -> None:
    copies = Copies()
    assert not any(copies.see(after(ms)).fell for ms in range(5))


def test_what_comes_by_after_long_begins_to_fall_anew() -> None:
    copies = Copies()
    copies.see(SEGMENT)
    copies.see(after(50, ttl=63))
    assert copies.see(after(250, ttl=62)).fell == 0


def test_any_difference_of_header_makes_another_packet() -> None:
    for field in ("seq", "ack", "window", "payload", "ip_id"):
        copies = Copies()
        copies.see(SEGMENT)
        assert not copies.see(after(1, **{field: 99})).again


def test_packets_of_another_way_are_no_copies() -> None:
    copies = Copies()
    copies.see(SEGMENT)
    assert not copies.see(replace(SEGMENT, source=SEGMENT.destination, destination=SEGMENT.source)).again
    assert not copies.see(replace(SEGMENT, source=Endpoint("10.0.0.1", 3))).again


@pytest.mark.parametrize(("ms", "copy"), [(0.5, True), (1, True), (2, False), (-1, True), (-2, False)])
def test_what_nothing_tells_apart_is_a_copy_for_a_moment(ms: float, *, copy: bool) -> None:
    copies = Copies()
    copies.see(after(0, ip_id=0, options=UNTOLD))
    sight = copies.see(after(ms, ip_id=0, options=UNTOLD))
    assert (sight.again, sight.copy) == (True, copy)


@pytest.mark.parametrize("ms", [100.001, -100.001, 5000])
def test_what_lies_further_away_than_a_tenth_of_a_second_is_forgotten(ms: float) -> None:
    copies = Copies()
    copies.see(SEGMENT)
    assert not copies.see(after(ms)).again


def test_where_the_clock_was_set_a_far_packet_is_no_copy_although_it_is_remembered() -> None:
    copies = Copies()
    copies.see(after(0, seq=1))
    copies.see(after(99, seq=2))
    assert not copies.see(after(-5, seq=2)).again


def test_many_packets_may_come_between_a_packet_and_its_copy() -> None:
    copies = Copies()
    copies.see(SEGMENT)
    for seq in range(100, 1100):
        copies.see(after(1, seq=seq))
    assert is_copy(copies, after(2))


@pytest.mark.parametrize(("between", "again"), [(65_535, True), (65_536, False)])
def test_no_more_than_65536_packets_are_remembered(between: int, *, again: bool) -> None:
    copies = Copies()
    copies.see(SEGMENT)
    for number in range(between):
        copies.see(after(1, seq=2 + number))
    assert copies.see(after(1)).again == again


def test_a_connection_that_uses_the_ports_again_has_copies_of_its_own_only() -> None:
    script = Script()
    script.there(0, flags="S", seq=100, identification=7)
    script.there(1, flags="S", seq=70_000, identification=8)
    script.there(2, flags="", seq=101, identification=7)
    script.again(3)
    assert [row.sent.duplicates for row in script.survey().rows] == [0, 1]
