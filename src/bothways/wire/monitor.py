"""What monitoring drivers write before a frame of 802.11: radiotap, Prism, AVS, PPI."""

import struct

from msgspec import Struct

_RADIOTAP = struct.Struct("<BxHI")
_TSFT = 0x1
_FLAGS = 0x2
_MORE_WORDS = 0x8000_0000
_MOST_WORDS = 32
_PADDED = 0x20
_DAMAGED = 0x40
"""Fields and flags of radiotap (https://www.radiotap.org/fields/): the clock, the flags, and of these, that the header
is padded and that the checksum failed."""

_PRISM_LENGTH = 144
_AVS_COOKIE = 0x8021_1000
_COOKIE_MASK = 0xFFFF_F000
_PPI = struct.Struct("<BxHI")


class Monitored(Struct, frozen=True, kw_only=True):
    """Where a driver's own header ends."""

    start: int
    link_type: int | None = None
    """Of what follows, if the header says it; otherwise it is a frame of 802.11."""

    padded: bool = False
    """The frame's header is padded to a multiple of four bytes."""


def radiotap(data: bytes) -> Monitored | None:
    """Radiotap: version 0, a length, and words of bits that say which fields follow.

    A frame whose checksum the card found wrong gives None: what it seems to say was damaged in the air.
    """
    if len(data) < _RADIOTAP.size:
        return None
    version, length, present = _RADIOTAP.unpack_from(data)
    if version or length < _RADIOTAP.size:
        return None
    flags = _radiotap_flags(data[:length], present)
    return None if flags & _DAMAGED else Monitored(start=length, padded=bool(flags & _PADDED))


def _radiotap_flags(header: bytes, present: int) -> int:
    """The flags field: it stands behind all words of presence and, aligned to its size, the clock."""
    at, word = _RADIOTAP.size, present
    for _ in range(_MOST_WORDS):
        if not word & _MORE_WORDS:
            break
        word = int.from_bytes(header[at : at + 4], "little")
        at += 4
    if present & _TSFT:
        at = (at + 7 & ~7) + 8
    return header[at] if present & _FLAGS and at < len(header) else 0


def prism(data: bytes) -> Monitored | None:
    """The header of the Prism II drivers, always as long; some drivers write AVS's under the same link type."""
    if len(data) >= 8 and int.from_bytes(data[:4]) & _COOKIE_MASK == _AVS_COOKIE:
        return avs(data)
    return Monitored(start=_PRISM_LENGTH)


def avs(data: bytes) -> Monitored | None:
    """AVS: a magic number with a version, then a length."""
    if len(data) < 8 or int.from_bytes(data[:4]) & _COOKIE_MASK != _AVS_COOKIE:
        return None
    return Monitored(start=int.from_bytes(data[4:8]))


def ppi(data: bytes) -> Monitored | None:
    """Per-Packet Information: version 0, a length, and the link type of what follows."""
    if len(data) < _PPI.size:
        return None
    version, length, link_type = _PPI.unpack_from(data)
    return None if version or length < _PPI.size else Monitored(start=length, link_type=link_type)
