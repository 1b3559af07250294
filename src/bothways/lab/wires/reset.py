"""Resets to both ends of a connection, forged by somebody between them (RFC 9293 sections 3.1 and 3.5.2)."""

from struct import Struct

from bothways.lab.wires.segment import Segment
from bothways.wire.checksum import internet_checksum
from bothways.wire.ip import TCP
from bothways.wire.sequence import advance

_TTL = 64
"""What a box on Linux starts with (net.ipv4.ip_default_ttl)."""
_RST_ACK = 0x14
_FIN = 0x01
_DONT_FRAGMENT = 0x4000
_HEADER = Struct(">HHIIBBHHH")
_V4 = Struct(">BBHHHBBH4s4s")
_V6 = Struct(">IHBB16s16s")
_PSEUDO_V4 = Struct(">4s4sBBH")
_PSEUDO_V6 = Struct(">16s16sIxxxB")


def resets(segment: Segment) -> dict[str, bytes]:
    """Make the two frames that end a segment's connection at both ends, if the segment itself is kept back.

    To be taken without doubt, a reset's number must be the one that its receiver expects next (RFC 5961 section 3.2):
    the server expects the first byte that is kept back, and what the client expects is what it acknowledged.

    Returns:
        `onward`, to the segment's receiver, and `returned`, to its sender.
    """
    ip, tcp, link = segment.ip, segment.tcp, segment.link
    after = advance(tcp.seq, len(segment.payload) + (tcp.flags & _FIN))
    onward = _tcp(ip.source, ip.destination, (tcp.source_port, tcp.destination_port), (tcp.seq, tcp.ack))
    returned = _tcp(ip.destination, ip.source, (tcp.destination_port, tcp.source_port), (tcp.ack, after))
    return {
        "onward": link + _ip(ip.source, ip.destination, len(onward)) + onward,
        "returned": link[6:12] + link[:6] + link[12:] + _ip(ip.destination, ip.source, len(returned)) + returned,
    }


def _tcp(source: bytes, destination: bytes, ports: tuple[int, int], numbers: tuple[int, int]) -> bytes:
    header = _HEADER.pack(*ports, *numbers, _HEADER.size << 2, _RST_ACK, 0, 0, 0)
    if len(source) == 4:
        pseudo = _PSEUDO_V4.pack(source, destination, 0, TCP, len(header))
    else:
        pseudo = _PSEUDO_V6.pack(source, destination, len(header), TCP)
    return header[:16] + internet_checksum(pseudo + header).to_bytes(2) + header[18:]


def _ip(source: bytes, destination: bytes, length: int) -> bytes:
    if len(source) == 4:
        header = _V4.pack(0x45, 0, _V4.size + length, 0, _DONT_FRAGMENT, _TTL, TCP, 0, source, destination)
        return header[:10] + internet_checksum(header).to_bytes(2) + header[12:]
    return _V6.pack(6 << 28, length, TCP, _TTL, source, destination)
