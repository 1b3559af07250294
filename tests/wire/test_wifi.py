import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.layer import LLC, Hidden
from bothways.wire.wifi import frames
from tests.helpers import encapsulated as e
from tests.helpers import packets as p

V4 = p.ipv4("10.0.0.1", "192.0.2.2", b"")


@pytest.mark.parametrize(
    ("frame", "start"),
    [
        (e.wifi(V4), 24),
        (e.wifi(V4, to_ds=False), 24),
        (e.wifi(V4, to_ds=False, from_ds=True), 24),
        (e.wifi(V4, from_ds=True), 30),
        (e.wifi(V4, qos=True), 26),
        (e.wifi(V4, qos=True, high_throughput=True), 30),
        (e.wifi(V4, from_ds=True, qos=True), 32),
    ],
)
def test_every_form_of_header_leads_to_the_packet_and_its_sender(frame: bytes, start: int) -> None:
    (found,) = frames(frame, 0, padded=False)
    assert (found.layer.protocol, found.layer.offset, found.source) == (LLC, start, e.STATION)


def test_padding_of_a_header_is_stepped_over_where_it_is_said() -> None:
    (found,) = frames(e.wifi(V4, qos=True, padded=True), 0, padded=True)
    assert found.layer.offset == 28


def test_an_aggregate_holds_several_packets() -> None:
    frame = e.wifi(b"", qos=True, subframes=[V4, V4 + b"x", V4])
    assert [found.layer.offset for found in frames(frame, 0, padded=False)] == [40, 84, 128]
    assert len(list(frames(frame[:90], 0, padded=False))) == 2


def test_an_aggregate_without_end_ends() -> None:
    frame = e.wifi(b"", qos=True, subframes=[V4])[:26] + bytes(14 * 500)
    assert len(list(frames(frame, 0, padded=False))) == 64


def test_protected_frames_are_hidden_unless_their_content_is_in_the_clear() -> None:
    (found,) = frames(e.wifi(bytes(50), sealed=True, protected=True), 0, padded=False)
    assert found.layer.protocol is Hidden.WIFI
    (clear,) = frames(e.wifi(V4, protected=True), 0, padded=False)
    assert clear.layer.protocol == LLC


@pytest.mark.parametrize(
    "frame",
    [e.wifi(V4)[:23], e.wifi(V4, subtype=4), b"\x80" + e.wifi(V4)[1:], e.wifi(V4, fragment=2), b""],
)
def test_what_carries_no_packet_gives_none(frame: bytes) -> None:
    assert list(frames(frame, 0, padded=False)) == []


@given(data=st.binary(max_size=120), offset=st.integers(0, 130), padded=st.booleans())
def test_any_bytes_give_packets_or_none(data: bytes, offset: int, *, padded: bool) -> None:
    assert len(list(frames(data, offset, padded=padded))) <= 64
