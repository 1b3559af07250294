"""IEEE 802.11 data frames, and the headers that monitoring drivers put before them (IEEE 802.11 clause 9)."""

from collections.abc import Iterator

from msgspec import Struct

from bothways.wire.layer import LLC, Hidden, Layer

_DATA = 2
_NO_DATA = 0x4
_QOS = 0x8
"""Bits of a data frame's subtype."""

_TO_DS = 0x01
_FROM_DS = 0x02
_MORE_FRAGMENTS = 0x04
_PROTECTED = 0x40
_ORDER = 0x80
"""Bits of the frame control field's second byte."""

_THREE_ADDRESSES = 24
_AGGREGATED = 0x80
"""Bit of the QoS control field: what follows is several packets, each with its own little header."""

_SUBFRAME = 14
_MOST_SUBFRAMES = 64
"""In 11,454 bytes, the longest that an aggregate may be, fit no more than that many packets with a TCP header each
would be worth; the bound only keeps a stranger's frame from taking long."""

_BEHIND_KEYS = (0, 8)
"""Where the content of a frame whose protected bit still stands begins if the driver decrypted it: the eight bytes of
TKIP's or CCMP's header may be gone or not."""

_SNAP = (b"\xaa\xaa\x03\0\0\0\x08\0", b"\xaa\xaa\x03\0\0\0\x86\xdd")
"""LLC and SNAP before IPv4 and IPv6: 64 bits that no cipher writes by chance."""


class Frame(Struct, frozen=True, kw_only=True):
    """One packet of a frame of 802.11."""

    layer: Layer
    source: bytes
    """MAC address of the station that sent it: not of the access point that repeated it."""


def frames(data: bytes, offset: int, *, padded: bool) -> Iterator[Frame]:
    """The packets of a data frame; none where it is no data frame, carries none, or a later fragment of one.

    Args:
        data: What was kept, with whatever the driver put in front.
        offset: Where the frame control field stands.
        padded: The driver padded the header to a multiple of four bytes.
    """
    if len(data) < offset + _THREE_ADDRESSES:
        return
    control, flags = data[offset], data[offset + 1]
    later_fragment = data[offset + 22] & 0x0F
    if (control >> 2) & 3 != _DATA or (control >> 4) & _NO_DATA or later_fragment:
        return
    size, aggregated = _header(data, offset)
    start = offset + size + (-size % 4 if padded else 0)
    source = _sender(data, offset, flags)
    if flags & _PROTECTED:
        clear = next((start + skip for skip in _BEHIND_KEYS if data.startswith(_SNAP, start + skip)), None)
        if clear is None:
            yield Frame(layer=Layer(protocol=Hidden.WIFI, offset=start), source=source)
            return
        start = clear
    if aggregated and not flags & _MORE_FRAGMENTS:
        yield from _subframes(data, start)
    else:
        yield Frame(layer=Layer(protocol=LLC, offset=start), source=source)


def _header(data: bytes, offset: int) -> tuple[int, bool]:
    """How long the MAC header is, and whether an aggregate follows (IEEE 802.11 clause 9.3.2.1)."""
    flags, subtype = data[offset + 1], data[offset] >> 4
    size = _THREE_ADDRESSES
    if flags & _TO_DS and flags & _FROM_DS:
        size += 6
    aggregated = False
    if subtype & _QOS:
        aggregated = offset + size < len(data) and bool(data[offset + size] & _AGGREGATED)
        size += 2
        if flags & _ORDER:
            size += 4
    return size, aggregated


def _sender(data: bytes, offset: int, flags: int) -> bytes:
    """Where the source address stands (IEEE 802.11 table 9-30)."""
    place = {0: 10, _TO_DS: 10, _FROM_DS: 16}.get(flags & (_TO_DS | _FROM_DS), 24)
    return data[offset + place : offset + place + 6]


def _subframes(data: bytes, start: int) -> Iterator[Frame]:
    """The packets of an aggregate, each behind its addresses and length and padded to four bytes (clause 9.3.2.2)."""
    for _ in range(_MOST_SUBFRAMES):
        if len(data) < start + _SUBFRAME:
            return
        length = int.from_bytes(data[start + 12 : start + _SUBFRAME])
        yield Frame(layer=Layer(protocol=LLC, offset=start + _SUBFRAME), source=data[start + 6 : start + 12])
        start += (_SUBFRAME + length + 3) & ~3
