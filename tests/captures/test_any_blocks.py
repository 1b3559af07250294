"""Files whose blocks and records are whole but may say anything: the readers agree on them, alone and side by side."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.captures import Part, first_moment
from bothways.captures.merged import MOST_TOGETHER
from bothways.captures.troubles import Trouble
from bothways.units import Instant
from tests.helpers import packets as p
from tests.helpers.readers import survey, survey_parts

ORDERS = st.sampled_from("<>")
EDGES = [0, 1, 2**31, 2**32 - 1, 2**63 - 1, 2**63, 2**64 - 1]
TICKS = st.one_of(st.sampled_from(EDGES), st.integers(0, 2**64 - 1))
WIDE = st.sampled_from([0, 1, 1700, 9_223_372_036, 9_223_372_037, 2**63 - 1])
LOST = st.sampled_from([0, 3, 0xFFFF])
COUNTS = st.sampled_from([0, 1, 7, 2**64 - 1])
LIMITS = st.sampled_from([0, 1, 60, 262_144, 262_145, 2**32 - 1])
NAMES = st.sampled_from([b"", b" ", b"\x1c", b"\xc2\x85", b"\x85", b"laptop", b" x\xff ", b"a\0b", b"\xe3\x80\x80"])
ADDRESSES = st.sampled_from([bytes(4), bytes(16), b"\x0a\0\0\1", b"\xff" * 16, bytes(6)])
FILTERS = st.sampled_from(
    [b"", b"\0", b"\1x", b"\0tcp", b"\0tcp\0", b"\0\xc2\x85", b"\0\x85", b"\0" + bytes(999) + b"x"]
)
FRAMES = st.sampled_from([b"", b"\0", bytes(60), p.tcp_frame("10.0.0.1", "192.0.2.2", 1, 2, flags="S")])


@st.composite
def options(draw: st.DrawFn, order: str) -> bytes:
    """What blocks of all kinds know, in any of them; now and then a length that is not true."""
    written = b""
    for _ in range(draw(st.integers(0, 2))):
        code = draw(st.sampled_from([0, 4, 5, 7, 9, 11, 14]))
        if code in {4, 5, 7}:
            value = struct.pack(order + "Q", draw(COUNTS))
        elif code == 14:
            value = struct.pack(order + "q", draw(WIDE) * draw(st.sampled_from([1, -1])))
        elif code == 9:
            value = bytes([draw(st.integers(0, 255))])
        else:
            value = draw(FILTERS)
        option = p.pcapng_option(code, value, byte_order=order)
        if draw(st.integers(0, 9)) == 0:
            option = option[:2] + struct.pack(order + "H", draw(st.integers(0, 12))) + option[4:]
        written += option
    return written


@st.composite
def names(draw: st.DrawFn, order: str) -> bytes:
    """Records of a name resolution block."""
    pairs = draw(st.lists(st.tuples(ADDRESSES, NAMES), max_size=3))
    return p.pcapng_names(*pairs, byte_order=order)[8:-4]


@st.composite
def block(draw: st.DrawFn, order: str) -> bytes:
    """A block of any kind."""
    frame, ticks, interface = draw(FRAMES), draw(TICKS), draw(st.integers(0, 2))
    claimed = len(frame) if draw(st.integers(0, 9)) else draw(LIMITS)
    wire, high, low = draw(st.sampled_from([0, 60, 2**32 - 1])), ticks >> 32, ticks & 0xFFFFFFFF
    padded, more = frame + bytes(-len(frame) % 4), draw(options(order))
    kind = draw(st.sampled_from([0x0A0D0D0A, 1, 1, 2, 3, 4, 5, 6, 6, 6, 6, 0xBAD]))
    bodies = {
        0x0A0D0D0A: struct.pack(order + "IHHq", 0x1A2B3C4D, draw(st.sampled_from([1, 1, 1, 2])), 0, -1) + more,
        1: struct.pack(order + "HHI", draw(st.sampled_from([p.ETHERNET, 147])), 0, draw(LIMITS)) + more,
        2: struct.pack(order + "HHIIII", interface, draw(LOST), high, low, claimed, wire) + padded + more,
        3: struct.pack(order + "I", claimed) + frame,
        4: draw(names(order)),
        5: struct.pack(order + "III", interface, 0, 0) + more,
        6: struct.pack(order + "IIIII", interface, high, low, claimed, wire) + padded + more,
    }
    body = bodies.get(kind, frame)
    return p.pcapng_block(kind, body if draw(st.integers(0, 19)) else body[:7], byte_order=order)


@st.composite
def blocks(draw: st.DrawFn) -> bytes:
    order = draw(ORDERS)
    start = p.pcapng_section(byte_order=order) + p.pcapng_interface(byte_order=order, more=draw(options(order)))
    return start + b"".join(draw(st.lists(block(order), max_size=8)))


@st.composite
def records(draw: st.DrawFn) -> bytes:
    """A classic capture, of any version, with another one behind it now and then."""
    order, magic = draw(ORDERS), draw(st.sampled_from([0xA1B2C3D4, 0xA1B23C4D, 0xA1B2CD34]))
    minor, link_type = draw(st.sampled_from([4, 4, 3, 2])), draw(st.sampled_from([1, 0xF0000001, 147]))
    written = struct.pack(order + "IHHIIII", magic, 2, minor, 0, 0, draw(LIMITS), link_type)
    for _ in range(draw(st.integers(0, 5))):
        frame = draw(FRAMES)
        seconds, ticks = draw(st.sampled_from([0, 5, 2**32 - 1])), draw(st.sampled_from([0, 999_999, 10**6, 2**32 - 1]))
        claimed = len(frame) if draw(st.integers(0, 9)) else draw(LIMITS)
        lengths = claimed, draw(st.sampled_from([0, 60, 61, 2**32 - 1]))
        written += struct.pack(order + "IIII", seconds, ticks, *lengths)
        written += bytes(8 if magic == 0xA1B2CD34 else 0) + frame
    return written + (draw(records()) if draw(st.integers(0, 9)) == 0 else b"")


FILES = st.one_of(blocks(), records())


@given(FILES, st.sampled_from([1, 5, 16, 1000]))
def test_whatever_blocks_say_the_readers_agree(data: bytes, size: int) -> None:
    found = survey((data[at : at + size] for at in range(0, len(data), size)), file="x")
    assert found.packets or found.first is None


@pytest.mark.parametrize("consecutive", [True, False])
@given(files=st.lists(FILES, min_size=2, max_size=4))
def test_whatever_files_stand_side_by_side_the_readers_agree(*, consecutive: bool, files: list[bytes]) -> None:
    parts = [Part(file=str(n), chunks=[data], begins=first_moment([data])) for n, data in enumerate(files)]
    found = survey_parts(parts, consecutive=consecutive)
    assert sum(part.packets for part in parts) == found.packets


def test_too_many_files_at_once_are_read_all_the_same() -> None:
    data = p.pcap_file([p.Packet(at=10**9 * second, frame=bytes(60)) for second in (1, 2)])
    parts = [Part(file=str(n), chunks=[data], begins=Instant(10**9)) for n in range(MOST_TOGETHER + 2)]
    found = survey_parts(parts, consecutive=False)
    (problem,) = found.problems
    assert problem == Trouble.CROWDED.problem(MOST_TOGETHER, file=str(MOST_TOGETHER))
    assert found.packets == 2 * len(parts)
