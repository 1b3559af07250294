"""A box on a wire that rewrites TCP: what it changes, what it leaves, and that receivers still take it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bothways.lab.model.network import Rewrite, Rewriting
from bothways.lab.wires.rewriter import Rewriter, rewriter
from bothways.lab.wires.segment import Segment, segment_in
from bothways.wire.checksum import internet_checksum
from tests.helpers.packets import mss, nop, sack, tcp_frame, timestamps, window_scale

CLIENT, SERVER, OTHER = "10.0.0.1", "192.0.2.2", "192.0.2.3"
SHIFT = 2**32 - 1000


def box(**said: object) -> Rewriter:
    return rewriter({"servers": [SERVER, "fd00:2::2"], **said})


def there(payload: bytes = b"", *, to: str = SERVER, **header: Any) -> bytes:
    return tcp_frame(CLIENT, to, 40_000, 443, payload=payload, **header)


def back(payload: bytes = b"", **header: Any) -> bytes:
    return tcp_frame(SERVER, CLIENT, 443, 40_000, payload=payload, **header)


def read(frame: bytes | None) -> Segment:
    assert frame is not None
    segment = segment_in(frame)
    assert segment is not None
    return segment


def test_numbers_of_one_way_are_shifted_and_those_of_the_other_are_not() -> None:
    one = box(there={"seq": SHIFT})
    assert read(one.there(there(seq=2000, ack=77, flags="A"))).tcp.seq == 1000
    assert read(one.there(there(seq=2000, ack=77, flags="A"))).tcp.ack == 77
    answer = back(seq=77, ack=1001, flags="SA")
    assert one.back(answer) == answer


def test_the_acknowledgement_of_a_syn_is_left_at_nothing() -> None:
    assert read(box(there={"ack": 5}).there(there(seq=1, ack=0, flags="S"))).tcp.ack == 0


def test_blocks_are_left_unless_they_are_asked_for() -> None:
    frame = back(seq=1, ack=100, flags="A", options=[nop(), nop(), sack((200, 300))])
    forgotten = read(box(back={"ack": 50}).back(frame)).tcp
    assert (forgotten.ack, forgotten.options.sack_blocks) == (150, ((200, 300),))
    minded = read(box(back={"ack": 50, "blocks": 50}).back(frame)).tcp
    assert minded.options.sack_blocks == ((250, 350),)


def test_options_are_stripped_without_moving_the_others() -> None:
    frame = there(flags="S", options=[mss(1460), nop(), window_scale(7), nop(), nop(), timestamps(5, 0)])
    left = read(box(there={"strip": ["window-scale"]}).there(frame)).tcp
    assert (left.options.mss, left.options.window_scale, left.options.ts_value) == (1460, None, 5)
    assert read(box(there={"scale": 2}).there(frame)).tcp.options.window_scale == 2


def test_other_servers_and_what_is_no_tcp_pass_as_they_are() -> None:
    one = box(there={"seq": 1})
    elsewhere = there(to=OTHER, seq=5)
    assert one.there(elsewhere) == elsewhere
    assert one.there(b"\xff" * 60) == b"\xff" * 60


@given(
    shift=st.integers(0, 2**32 - 1),
    seq=st.integers(0, 2**32 - 1),
    payload=st.binary(max_size=40),
    v6=st.booleans(),
)
def test_what_is_rewritten_has_a_right_checksum_and_comes_back_the_same(
    shift: int, seq: int, payload: bytes, *, v6: bool
) -> None:
    ends = ("fd00::1", "fd00:2::2") if v6 else (CLIENT, SERVER)
    frame = tcp_frame(*ends, 40_000, 443, seq=seq, ack=9, flags="A", payload=payload)
    once = box(there={"seq": shift, "ack": 1}).there(frame)
    segment = read(once)
    assert once is not None
    tcp = once[segment.ip.start : segment.ip.start + segment.ip.length]
    pseudo = segment.ip.source + segment.ip.destination + (6).to_bytes(4) + len(tcp).to_bytes(4)
    assert internet_checksum(pseudo + tcp) == 0
    undone = read(box(there={"seq": -shift % 2**32, "ack": 2**32 - 1}).there(once))
    assert (undone.tcp.seq, undone.tcp.ack, undone.payload) == (seq, 9, payload)


def test_a_description_says_the_same_as_its_values() -> None:
    assert box(back={"ack": 3}).rewriting == Rewriting(servers=[SERVER, "fd00:2::2"], back=Rewrite(ack=3))


def opened(*, scale: int = 7) -> Rewriter:
    """A box that minds windows, a handshake past."""
    one = box(windows="unscaled")
    assert one.there(there(seq=99, flags="S", window=1000, options=[window_scale(scale), nop()])) is not None
    assert one.back(back(seq=499, ack=100, flags="SA", window=2000)) is not None
    assert one.there(there(seq=100, ack=500, flags="A", window=10)) is not None
    return one


def test_data_within_the_windows_of_the_handshake_passes() -> None:
    one = opened()
    assert one.there(there(b"x" * 1000, seq=1100, ack=500, flags="A", window=10)) is not None
    assert one.back(back(b"x" * 500, seq=1000, ack=100, flags="A", window=20)) is not None


def test_data_beyond_the_unscaled_window_is_kept_back_again_and_again() -> None:
    one = opened()
    for _ in range(3):
        assert one.there(there(b"x" * 1001, seq=1100, ack=500, flags="A", window=10)) is None
        assert one.back(back(b"x", seq=1500, ack=100, flags="A", window=20)) is None


def test_what_is_acknowledged_moves_the_window_by_its_unscaled_size_only() -> None:
    one = opened()
    assert one.back(back(seq=500, ack=2100, flags="A", window=20)) is not None
    assert one.there(there(b"x" * 20, seq=2100, ack=500, flags="A", window=10)) is not None
    assert one.there(there(b"x" * 21, seq=2100, ack=500, flags="A", window=10)) is None


def test_a_connection_that_began_unseen_passes() -> None:
    one = box(windows="unscaled")
    assert one.back(back(seq=1, ack=100, flags="A", window=1)) is not None
    assert one.there(there(b"x" * 1400, seq=10_000, ack=1, flags="A")) is not None
