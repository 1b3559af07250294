"""A box on a wire that rewrites TCP segments as they pass, and one that minds windows without their scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from struct import Struct
from typing import Any

import msgspec

from bothways.lab.model.network import Rewrite, Rewriting
from bothways.lab.wires.segment import Segment, segment_in
from bothways.lab.wires.unscaled import Unscaled
from bothways.wire.checksum import internet_checksum
from bothways.wire.ip import TCP
from bothways.wire.sequence import advance
from bothways.wire.tcp import HEADER_LENGTH

_LONG = Struct(">I")
_PSEUDO = {4: Struct(">4s4sxBH"), 16: Struct(">16s16s3xBI")}
"""Pseudo headers by the length of an address (RFC 9293 section 3.1), the length of a segment last in both."""

_ACK = 0x10
_END, _NO_OPERATION, _SCALE, _SACK = 0, 1, 3, 5
_STRIPPABLE = {"window-scale": _SCALE, "sack-permitted": 4, "sack": _SACK, "timestamps": 8}
"""Kinds of options (RFC 7323 sections 2.2 and 3.2, RFC 2018 sections 2 and 3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriter:
    """Touches connections of some servers; a frame of anything else passes as it is."""

    rewriting: Rewriting
    servers: frozenset[bytes]
    """Addresses in network order."""
    windows: Unscaled | None

    def there(self, frame: bytes) -> bytes | None:
        """What becomes of a frame on its way there; None where it is kept back."""
        segment = segment_in(frame)
        if segment is None or segment.ip.destination not in self.servers:
            return frame
        return self._touched(frame, segment, self.rewriting.there)

    def back(self, frame: bytes) -> bytes | None:
        """What becomes of a frame on its way back; None where it is kept back."""
        segment = segment_in(frame)
        if segment is None or segment.ip.source not in self.servers:
            return frame
        return self._touched(frame, segment, self.rewriting.back)

    def _touched(self, frame: bytes, segment: Segment, rewrite: Rewrite) -> bytes | None:
        if self.windows is not None and not self.windows.lets_pass(segment):
            return None
        return rewritten(frame, segment, rewrite)


def rewriter(told: Mapping[str, Any]) -> Rewriter:
    """Make the box that a description asks for, given as plain values."""
    rewriting = msgspec.convert(told, Rewriting)
    servers = frozenset(ip_address(text).packed for text in rewriting.servers)
    return Rewriter(
        rewriting=rewriting, servers=servers, windows=Unscaled() if rewriting.windows == "unscaled" else None
    )


def rewritten(frame: bytes, segment: Segment, rewrite: Rewrite) -> bytes:
    """*frame*, which holds *segment*, as *rewrite* has it, with a right checksum; the same where nothing changes."""
    start, length = segment.ip.start, segment.ip.length
    tcp = bytearray(frame[start : start + length])
    tcp[4:8] = _LONG.pack(advance(segment.tcp.seq, rewrite.seq))
    if segment.tcp.flags & _ACK:
        tcp[8:12] = _LONG.pack(advance(segment.tcp.ack, rewrite.ack))
    _rewrite_options(tcp, segment.tcp.header_length, rewrite)
    if tcp == frame[start : start + length]:
        return frame
    tcp[16:18] = b"\0\0"
    source, destination = segment.ip.source, segment.ip.destination
    # IPv6's pseudo header has the length before the protocol; a sum does not mind.
    pseudo = _PSEUDO[len(source)].pack(source, destination, TCP, length)
    tcp[16:18] = internet_checksum(pseudo + bytes(tcp)).to_bytes(2)
    return frame[:start] + bytes(tcp) + frame[start + length :]


def _rewrite_options(tcp: bytearray, end: int, rewrite: Rewrite) -> None:
    """Rewrite the options in place; a list that is not well formed is left from there on."""
    stripped = {_STRIPPABLE[name] for name in rewrite.strip}
    at = HEADER_LENGTH
    while at < end and tcp[at] != _END:
        if tcp[at] == _NO_OPERATION:
            at += 1
            continue
        size = tcp[at + 1] if at + 1 < end else 0
        if size < 2 or at + size > end:
            return
        kind = tcp[at]
        if kind in stripped:
            tcp[at : at + size] = bytes([_NO_OPERATION]) * size
        elif kind == _SCALE and size == 3 and rewrite.scale is not None:
            tcp[at + 2] = rewrite.scale
        elif kind == _SACK:
            for edge in range(at + 2, at + size - 3, 4):
                moved = advance(_LONG.unpack_from(tcp, edge)[0], rewrite.blocks)
                _LONG.pack_into(tcp, edge, moved)
        at += size
