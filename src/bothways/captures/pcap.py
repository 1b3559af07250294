"""Classic capture files: draft-ietf-opsawg-pcap, and the variant of Alexey Kuznetsov's patch to libpcap."""

import struct
from collections.abc import Generator, Iterator

from msgspec import Struct

from bothways.captures.raw_packet import LARGEST_PACKET, FileFacts, RawPacket
from bothways.captures.stream import ByteStream
from bothways.captures.troubles import Trouble
from bothways.evidence.problem import Problem
from bothways.units import NANOSECONDS_PER_SECOND, Instant


class _Variant(Struct, frozen=True, kw_only=True):
    """One kind of classic file: told by its first four bytes, which also show the writer's byte order."""

    format: str
    byte_order: str
    nanoseconds_per_tick: int
    ticks_per_second: int
    more_header: int = 0
    """Bytes of each record's header beyond the usual 16."""


_MAGICS = {0xA1B2C3D4: ("pcap", 1000, 0), 0xA1B23C4D: ("pcap (nanoseconds)", 1, 0), 0xA1B2CD34: ("pcap", 1000, 8)}
"""The last one's records also hold interface index, protocol and packet type."""

VARIANTS = {
    struct.Struct(order + "I").pack(magic): _Variant(
        format=name, byte_order=order, nanoseconds_per_tick=tick, ticks_per_second=10**9 // tick, more_header=more
    )
    for order in "<>"
    for magic, (name, tick, more) in _MAGICS.items()
}

_FILE_HEADER = 24

_LENGTHS_UNSETTLED = 3
_LENGTHS_SETTLED = 4
"""Before version 2.3 the length on the wire stood before the kept one; writers of 2.3 differ (libpcap, sf-pcap.c)."""

_LINK_TYPE_BITS = 0xFFFF
"""The upper half of the link type field tells of frame check sequences."""


def read_pcap(magic: bytes, stream: ByteStream, facts: FileFacts) -> Iterator[RawPacket | Problem]:
    """Give the packets of a classic capture, in order; where it is damaged, a problem, which is then the last item.

    The format has nothing by which a reader could find the next record behind a damaged one.

    Args:
        magic: The file's first four bytes, one of `VARIANTS`.
        stream: The file behind them.
        facts: Filled with what the file header says.
    """
    yield from _Pcap(stream, facts).items(magic)


class _Pcap:
    """The state of a walk over records, of one capture or of several that were appended to one another."""

    def __init__(self, stream: ByteStream, facts: FileFacts) -> None:
        self._stream = stream
        self._facts = facts
        self._frame = 0
        self._overflown = False

    def items(self, magic: bytes) -> Iterator[RawPacket | Problem]:
        """All packets and problems."""
        self._facts.format = VARIANTS[magic].format
        following: bytes | None = magic + self._stream.take(_FILE_HEADER - len(magic))
        while following is not None:
            following = yield from self._capture(following)

    def _capture(self, head: bytes) -> Generator[RawPacket | Problem, None, bytes | None]:
        """The packets behind the file header *head*; gives the header of the capture that was appended, if any."""
        variant = VARIANTS[head[:4]]
        if len(head) < _FILE_HEADER:
            self._facts.ended_early = True
            yield Trouble.ENDS_IN_FILE_HEADER.problem(offset=0)
            return None
        major, minor, snap_length, link_type = struct.Struct(variant.byte_order + "4xHH8xII").unpack(head)
        if major != 2:
            yield Trouble.UNKNOWN_VERSION.problem(major, minor, offset=self._stream.offset - _FILE_HEADER + 4)
            return None
        self._facts.limit(snap_length)
        return (yield from self._records(variant, link_type & _LINK_TYPE_BITS, minor))

    def _records(
        self, variant: _Variant, link_type: int, minor: int
    ) -> Generator[RawPacket | Problem, None, bytes | None]:
        header = struct.Struct(f"{variant.byte_order}IIII{variant.more_header}x")
        while head := self._stream.take(header.size):
            offset = self._stream.offset - len(head)
            if _is_file_header(head):
                yield Trouble.APPENDED.problem(self._frame, offset=offset)
                return head + self._stream.take(_FILE_HEADER - len(head))
            self._frame += 1
            trouble = self._trouble_with(head, header.size)
            if trouble is not None:
                yield trouble.problem(self._frame, offset=offset)
                return None
            seconds, ticks, kept, wire_length = header.unpack(head)
            if minor < _LENGTHS_SETTLED and (minor < _LENGTHS_UNSETTLED or kept > wire_length):
                kept, wire_length = wire_length, kept
            if ticks >= variant.ticks_per_second:
                ticks = variant.ticks_per_second - 1
                if not self._overflown:
                    self._overflown = True
                    yield Trouble.OVERFLOWN_FRACTION.problem(offset=offset)
            data = self._stream.take(kept) if kept <= LARGEST_PACKET else b""
            if len(data) < kept:
                yield self._cut(kept, len(data), offset)
                return None
            yield RawPacket(
                frame=self._frame,
                number=self._frame,
                at=Instant(seconds * NANOSECONDS_PER_SECOND + ticks * variant.nanoseconds_per_tick),
                link_type=link_type,
                data=data,
                wire_length=max(wire_length, kept),
                offset=offset,
            )
        return None

    def _trouble_with(self, head: bytes, whole: int) -> Trouble | None:
        """Why there is no record where one should begin; None where there is."""
        if len(head) == whole and any(head):
            return None
        self._facts.ended_early = True
        return Trouble.ENDS_IN_RECORD_HEADER if len(head) < whole else Trouble.ZEROS

    def _cut(self, kept: int, there: int, offset: int) -> Problem:
        """Why a record is not whole."""
        if kept > LARGEST_PACKET:
            return Trouble.TOO_LARGE.problem(self._frame, kept, offset=offset)
        self._facts.ended_early = True
        return Trouble.ENDS_IN_PACKET.problem(self._frame, there, kept, offset=offset)


def _is_file_header(head: bytes) -> bool:
    """Whether the beginning of a record is that of a file: a packet would be empty, of the year 2055."""
    variant = VARIANTS.get(head[:4])
    return variant is not None and head[4:16] == struct.Struct(variant.byte_order + "HHII").pack(2, 4, 0, 0)
