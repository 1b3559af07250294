"""Whether a segment's checksum is right, as far as its frame was kept whole."""

import struct

from bothways.captures.raw_packet import RawPacket
from bothways.evidence.segment import Checksum, Segment
from bothways.wire.checksum import internet_checksum
from bothways.wire.ip import TCP, IpHeader, parse_ip
from bothways.wire.link import WIRELESS, parse_link

_FIELD = 16
"""Offset of the checksum in a TCP header (RFC 9293 section 3.1)."""


def checksum_of(packet: RawPacket, segment: Segment) -> Checksum | None:
    """Judge the checksum of *segment*, which *packet* showed.

    None for what a tunnel carried, for fragments, for frames of a radio, and where the snap length cut the segment.
    """
    link = None if packet.link_type in WIRELESS else parse_link(packet.link_type, packet.data)
    ip = None if link is None else parse_ip(packet.data, link.offset, packet.wire_length)
    if ip is None or ip.protocol != TCP or ip.fragment is not None or ip.lengthless or segment.partial:
        return None
    data = packet.data[ip.start : ip.start + ip.length]
    if len(data) < ip.length:
        return None
    before = _pseudo_header(ip)
    if internet_checksum(data, before) == 0:
        return Checksum.GOOD
    stated = int.from_bytes(data[_FIELD : _FIELD + 2])
    # What the card is left to complete is the sum, not its complement (Linux, Documentation/networking/
    # checksum-offloads.rst).
    return Checksum.UNFINISHED if stated == ~internet_checksum(b"", before) & 0xFFFF else Checksum.BAD


def _pseudo_header(ip: IpHeader) -> int:
    """Sum of the words of the pseudo-header (RFC 9293 section 3.1; RFC 8200 section 8.1), not folded."""
    addresses = ip.source + ip.destination
    words: tuple[int, ...] = struct.unpack(f">{len(addresses) // 2}H", addresses)
    return sum(words) + TCP + (ip.length >> 16) + (ip.length & 0xFFFF)
