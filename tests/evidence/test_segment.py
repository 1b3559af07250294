"""What a segment says of its place in the capture."""

from dataclasses import replace

from bothways.evidence.segment import Segment
from bothways.units import Instant
from tests.helpers.network import Network, half_open


def segment(*, frame: int = 1, part: int = 0, at: int = 0) -> Segment:
    network = Network("client")
    half_open(network.talk(), last="client")
    (capture,) = network.captures()
    return replace(capture.packets[0].segments[0], frame=frame, part=part, at=Instant(at))


def test_in_one_file_the_frame_tells_which_came_first() -> None:
    assert segment(frame=2, at=9).precedes(segment(frame=3, at=8))
    assert not segment(frame=3, at=8).precedes(segment(frame=2, at=9))
    assert not segment(frame=2).precedes(segment(frame=2))


def test_in_two_files_the_time_tells_and_then_their_order() -> None:
    assert segment(part=1, frame=1, at=5).precedes(segment(part=0, frame=9, at=6))
    assert segment(part=0, frame=9, at=5).precedes(segment(part=1, frame=1, at=5))
    assert not segment(part=0, frame=1, at=6).precedes(segment(part=1, frame=9, at=5))
