"""Checksums of real packets, and of those that a host left to its card."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.captures.checksums import checksum_of
from bothways.captures.decode import Decoder
from bothways.captures.raw_packet import RawPacket
from bothways.evidence.segment import Checksum, Segment
from bothways.units import Instant
from bothways.wire.checksum import internet_checksum
from bothways.wire.link import ETHERNET
from tests.helpers import packets as p

ENDS = (("10.0.0.1", "192.0.2.2"), ("2001:db8::1", "2001:db8:1::2"))


def judged(frame: bytes, *, kept: int | None = None) -> Checksum | None:
    packet = RawPacket(
        frame=1, number=1, at=Instant(0), link_type=ETHERNET, data=frame[:kept], wire_length=len(frame), offset=24
    )
    segment = Decoder().decode(packet)
    assert isinstance(segment, Segment)
    return checksum_of(packet, segment)


def filled_in(source: str, destination: str, payload: bytes, *, left_to_card: bool = False) -> bytes:
    """A frame whose checksum is what RFC 9293 says, summed here over a pseudo-header built byte by byte."""
    frame = bytearray(p.tcp_frame(source, destination, 40_000, 443, flags="PA", payload=payload))
    start = 14 + (20 if ":" not in source else 40)
    length = (
        struct.unpack_from(">H", frame, 16)[0] - 20 if ":" not in source else struct.unpack_from(">H", frame, 18)[0]
    )
    segment = bytes(frame[start : start + length])
    addresses = bytes(frame[26:34]) if ":" not in source else bytes(frame[22:54])
    pseudo = addresses + struct.pack(">LHBB", len(segment), 0, 0, 6)
    assert segment[16:18] == bytes(2)
    total = internet_checksum(pseudo) if left_to_card else internet_checksum(pseudo + segment)
    frame[start + 16 : start + 18] = struct.pack(">H", ~total & 0xFFFF if left_to_card else total)
    return bytes(frame)


@pytest.mark.parametrize("ends", ENDS)
@given(payload=st.binary(max_size=60))
def test_a_checksum_by_the_book_is_good_and_any_flipped_bit_makes_it_bad(ends: tuple[str, str], payload: bytes) -> None:
    frame = filled_in(*ends, payload)
    assert judged(frame) is Checksum.GOOD
    flipped = bytearray(frame)
    flipped[14 + (20 if ":" not in ends[0] else 40) + 4] ^= 0x40
    assert judged(bytes(flipped)) is Checksum.BAD


@pytest.mark.parametrize("ends", ENDS)
def test_what_is_left_to_the_card_is_unfinished_and_not_bad(ends: tuple[str, str]) -> None:
    assert judged(filled_in(*ends, b"hello", left_to_card=True)) is Checksum.UNFINISHED


@pytest.mark.parametrize("ends", ENDS)
def test_what_the_snap_length_cut_off_is_not_judged(ends: tuple[str, str]) -> None:
    frame = filled_in(*ends, bytes(50))
    assert judged(frame, kept=len(frame) - 1) is None
    assert judged(frame) is Checksum.GOOD
