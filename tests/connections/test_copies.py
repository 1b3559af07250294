from msgspec.structs import replace

from bothways.connections.copies import without_copies
from bothways.evidence.segment import Segment
from bothways.units import Instant
from tests.helpers.network import Network


def segments(*changes: dict[str, object]) -> list[Segment]:
    """One data segment, recorded again with each of *changes*; `ms` moves its time."""
    network = Network("client")
    network.talk().there(0, "PA", 100)
    (base,) = network.exchange().seen[0].there
    made = []
    for frame, change in enumerate(changes, start=1):
        rest = {key: value for key, value in change.items() if key != "ms"}
        ms = change.get("ms", 0)
        assert isinstance(ms, float | int)
        made.append(replace(base, frame=frame, at=Instant(base.at + round(ms * 1_000_000)), **rest))
    return made


def kept(*changes: dict[str, object]) -> list[int]:
    return [segment.frame for segment in without_copies(segments(*changes))]


def test_a_mirrored_packet_counts_once() -> None:
    assert kept({"ip_id": 7}, {"ip_id": 7, "ms": 0.2}, {"ip_id": 7, "ms": 0.4}) == [1]


def test_a_copy_that_took_a_router_more_is_a_copy() -> None:
    assert kept({"ip_id": 7, "ttl": 64}, {"ip_id": 7, "ttl": 63, "ms": 5}) == [1]


def test_a_repeat_has_an_identification_of_its_own() -> None:
    assert kept({"ip_id": 7}, {"ip_id": 8, "ms": 0.5}) == [1, 2]


def test_without_identification_only_the_same_moment_makes_a_copy() -> None:
    assert kept({"ip_id": 0}, {"ip_id": 0, "ms": 0.5}, {"ip_id": 0, "ms": 900}) == [1, 3]
    assert kept({"ip_id": None}, {"ip_id": None, "ms": 30}) == [1, 2]


def test_an_identification_that_returns_much_later_has_wrapped() -> None:
    assert kept({"ip_id": 7}, {"ip_id": 7, "ms": 600}) == [1, 2]


def test_other_bytes_are_another_packet() -> None:
    assert kept({"ip_id": 7}, {"ip_id": 7, "seq": 5}, {"ip_id": 7, "ack": 5}, {"ip_id": 7, "payload": 9}) == [
        1,
        2,
        3,
        4,
    ]


def test_two_copies_of_two_packets_leave_two() -> None:
    assert kept({"ip_id": 7}, {"ip_id": 8}, {"ip_id": 7, "ms": 0.1}, {"ip_id": 8, "ms": 0.1}) == [1, 2]
