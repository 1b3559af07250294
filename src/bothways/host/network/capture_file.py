"""A capture file written as the packets come: pcapng (draft-ietf-opsawg-pcapng), times in nanoseconds.

Unlike classic pcap it tells the filter that was in force and how many packets the kernel dropped, and is whole after
each packet.
"""

import struct
from typing import BinaryIO

from bothways.units import Instant

_SECTION, _INTERFACE, _PACKET, _STATISTICS = 0x0A0D0D0A, 1, 6, 5
_BYTE_ORDER = 0x1A2B3C4D
_NO_LENGTH = 0xFFFF_FFFF_FFFF_FFFF
_OPTION_TSRESOL, _OPTION_FILTER, _OPTION_IFDROP = 9, 11, 5
_NANOSECONDS = 9
_LIBPCAP_FILTER = 0


class CaptureFile:
    """One section with one interface."""

    def __init__(self, file: BinaryIO, *, link_type: int, snap_length: int, filter_: str) -> None:
        self._file = file
        self._block(_SECTION, struct.pack("<IHHQ", _BYTE_ORDER, 1, 0, _NO_LENGTH))
        options = _option(_OPTION_TSRESOL, bytes([_NANOSECONDS]))
        options += _option(_OPTION_FILTER, bytes([_LIBPCAP_FILTER]) + filter_.encode())
        self._block(_INTERFACE, struct.pack("<HHI", link_type, 0, snap_length) + options + _option(0, b""))

    def packet(self, at: Instant, frame: bytes, wire_length: int) -> None:
        """One more packet, as much of it as *frame* has."""
        head = struct.pack("<IIIII", 0, *_halves(at), len(frame), wire_length)
        self._block(_PACKET, head + _padded(frame))

    def lost(self, at: Instant, count: int) -> None:
        """So many packets were dropped by the kernel since the start; a later word takes an earlier one's place."""
        options = _option(_OPTION_IFDROP, struct.pack("<Q", count)) + _option(0, b"")
        self._block(_STATISTICS, struct.pack("<III", 0, *_halves(at)) + options)

    def _block(self, kind: int, body: bytes) -> None:
        length = struct.pack("<I", len(body) + 12)
        self._file.write(struct.pack("<I", kind) + length + body + length)


def _halves(at: Instant) -> tuple[int, int]:
    return at >> 32 & 0xFFFF_FFFF, at & 0xFFFF_FFFF


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + _padded(value)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
