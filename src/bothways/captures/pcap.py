"""Classic capture files: draft-ietf-opsawg-pcap, and the variant of Alexey Kuznetsov's patch to libpcap."""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from bothways.captures.raw_packet import LARGEST_PACKET, FileFacts, RawPacket
from bothways.captures.stream import ByteStream
from bothways.evidence.problem import Problem
from bothways.units import NANOSECONDS_PER_SECOND, Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variant:
    """One kind of classic file: told by its first four bytes, which also show the writer's byte order."""

    format: str
    byte_order: str
    nanoseconds_per_tick: int
    more_header: int = 0
    """Bytes of each record's header beyond the usual 16."""


_MAGICS = {0xA1B2C3D4: ("pcap", 1000, 0), 0xA1B23C4D: ("pcap (nanoseconds)", 1, 0), 0xA1B2CD34: ("pcap", 1000, 8)}
"""The last one's records also hold interface index, protocol and packet type."""

VARIANTS = {
    Struct(order + "I").pack(magic): _Variant(
        format=name, byte_order=order, nanoseconds_per_tick=tick, more_header=more
    )
    for order in "<>"
    for magic, (name, tick, more) in _MAGICS.items()
}

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
    variant = VARIANTS[magic]
    facts.format = variant.format
    header = Struct(variant.byte_order + "HH8xII")
    head = stream.take(header.size)
    if len(head) < header.size:
        yield Problem(says="the capture ends within its file header; it holds no packets", offset=0)
        return
    major, minor, snap_length, link_type = header.unpack(head)
    if major != 2:
        yield Problem(says=f"the capture has version {major}.{minor}, but only 2.x is known: nothing read", offset=4)
        return
    facts.limit(snap_length)
    yield from _records(stream, variant, link_type & _LINK_TYPE_BITS)


def _records(stream: ByteStream, variant: _Variant, link_type: int) -> Iterator[RawPacket | Problem]:
    header = Struct(f"{variant.byte_order}IIII{variant.more_header}x")
    frame = 0
    while head := stream.take(header.size):
        frame += 1
        offset = stream.offset - len(head)
        if len(head) < header.size:
            yield Problem(
                says=f"the capture ends within the header of packet {frame}, which was left out", offset=offset
            )
            return
        if not any(head):
            says = f"nothing but zeros where packet {frame} should begin: the capture was not written to its end"
            yield Problem(says=f"{says}, and nothing behind was read", offset=offset)
            return
        seconds, ticks, kept, wire_length = header.unpack(head)
        if kept > LARGEST_PACKET:
            yield Problem(
                says=f"packet {frame} claims {kept} bytes, more than any link carries: the capture is damaged "
                "from here on, and nothing behind was read",
                offset=offset,
            )
            return
        data = stream.take(kept)
        if len(data) < kept:
            yield Problem(
                says=f"the capture ends within packet {frame}: {len(data)} of {kept} bytes are there; it was left out",
                offset=offset,
            )
            return
        yield RawPacket(
            frame=frame,
            number=frame,
            at=Instant(seconds * NANOSECONDS_PER_SECOND + ticks * variant.nanoseconds_per_tick),
            link_type=link_type,
            data=data,
            wire_length=max(wire_length, kept),
            offset=offset,
        )
