from dataclasses import replace

from bothways.captures.recent import RecentPackets
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.segment import Flags, Options, Segment
from bothways.units import MILLISECOND, Instant

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


def after(ms: float, **changes: int) -> Segment:
    return replace(SEGMENT, at=Instant(round(ms * MILLISECOND)), **changes)  # type: ignore[arg-type] # integers only


def test_a_copy_may_have_been_routed() -> None:
    recent = RecentPackets()
    assert not recent.saw(SEGMENT)
    assert recent.saw(after(90, ttl=63))


def test_a_packet_that_circles_is_a_copy_each_time() -> None:
    """In a routing loop the copies follow each other, the last long after the first."""
    recent = RecentPackets()
    recent.saw(SEGMENT)
    assert all(recent.saw(after(90 * turn, ttl=64 - turn)) for turn in range(1, 10))
    assert (recent.falls, recent.fell_to) == (9, 55)


def test_a_copy_from_the_other_side_of_a_router_fell_once() -> None:
    recent = RecentPackets()
    for seq in (1, 2, 3):
        recent.saw(after(seq, seq=seq))
        recent.saw(after(seq, seq=seq, ttl=63))
    assert (recent.falls, recent.fell_to) == (1, 63)


def test_copies_of_one_ttl_do_not_fall() -> None:
    recent = RecentPackets()
    for ms in range(5):
        recent.saw(after(ms))
    assert (recent.falls, recent.fell_to) == (0, None)


def test_any_difference_of_header_makes_another_packet() -> None:
    for field in ("seq", "ack", "window", "payload", "ip_id"):
        recent = RecentPackets()
        recent.saw(SEGMENT)
        assert not recent.saw(after(1, **{field: 99}))


def test_a_packet_long_forgotten_makes_no_copy() -> None:
    recent = RecentPackets()
    recent.saw(SEGMENT)
    for seq in range(100, 116):
        recent.saw(after(1, seq=seq))
    assert not recent.saw(after(2))
