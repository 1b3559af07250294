"""ICMP and ICMPv6 errors, and the packets that they quote (RFC 792, RFC 1812 section 4.3, RFC 4443 section 3)."""

import struct

from msgspec import Struct

from bothways.wire.inside import innermost
from bothways.wire.ip import TCP, IpHeader, parse_ip
from bothways.wire.tcp import HEADER_LENGTH, parse_options

_ERRORS = {4: frozenset({3, 4, 5, 11, 12}), 6: frozenset({1, 2, 3, 4})}
"""Types that quote a packet. 4: destination unreachable, source quench, redirect, time exceeded, parameter problem
(RFC 792). 6: destination unreachable, packet too big, time exceeded, parameter problem (RFC 4443 section 2.1)."""

_HEADER_LENGTH = 8
_PORTS_AND_SEQUENCE = struct.Struct(">HHI")
_TCP_LENGTH = struct.Struct(">12xBB")
_SYN = 0x02


class Quote(Struct, frozen=True, kw_only=True):
    """The packet that an error is about, as much of it as came along: of a tunnel's packet, the one inside."""

    source: bytes
    """Sender's address, 4 or 16 bytes."""

    destination: bytes
    protocol: int
    ttl: int
    """As it was when the reporter gave the packet up: of a tunnel's packet the outer one, which the reporter saw."""

    source_port: int | None
    """First 16 bits after the IP header: a port for TCP and UDP; None where they were cut off."""

    destination_port: int | None
    seq: int | None
    """The 32 bits after the ports: TCP's sequence number; None where they were cut off."""

    identification: int | None
    """Of the packet with the ports; None for IPv6."""

    mss: int | None
    """Maximum segment size that a quoted SYN announces; None for other packets, and where it was not quoted so far."""


class IcmpMessage(Struct, frozen=True, kw_only=True):
    """One error message."""

    type: int
    code: int
    next_hop_mtu: int | None
    """Bytes; None for other messages, and from routers older than path MTU discovery, whose field is zero
    (RFC 1191 section 5)."""

    quote: Quote


def parse_icmp(version: int, data: bytes, offset: int, length: int) -> IcmpMessage | None:
    """Read an ICMP error at an offset.

    Args:
        version: 4 for ICMP, 6 for ICMPv6: the two number their types differently.
        data: A frame, as far as it was kept.
        offset: Where the ICMP header starts.
        length: Bytes of the message by the IP header's word: what stands behind it is padding, not quote.

    Returns:
        The error; None for messages that are none, and where no quoted addresses were kept.
    """
    data = data[: offset + length]
    if len(data) < offset + _HEADER_LENGTH or data[offset] not in _ERRORS[version]:
        return None
    quote = _parse_quote(data, offset + _HEADER_LENGTH)
    if quote is None:
        return None
    return IcmpMessage(
        type=data[offset],
        code=data[offset + 1],
        next_hop_mtu=_next_hop_mtu(version, data, offset),
        quote=quote,
    )


def _parse_quote(data: bytes, offset: int) -> Quote | None:
    outer = parse_ip(data, offset, len(data))
    if outer is None:
        return None
    within = outer if outer.protocol == TCP else innermost(outer, data)
    return _quote(within if within.protocol == TCP else outer, data, outer.ttl)


def _quote(header: IpHeader, data: bytes, ttl: int) -> Quote:
    source_port = destination_port = seq = None
    kept = 0 if header.fragment_offset else len(data) - header.start
    if kept >= 8:
        # "The internet header plus the first 64 bits of the original datagram's data." (RFC 792)
        source_port, destination_port, seq = _PORTS_AND_SEQUENCE.unpack_from(data, header.start)
    elif kept >= 4:
        source_port, destination_port = (
            int.from_bytes(data[header.start + half : header.start + half + 2]) for half in (0, 2)
        )
    return Quote(
        source=header.source,
        destination=header.destination,
        protocol=header.protocol,
        ttl=ttl,
        source_port=source_port,
        destination_port=destination_port,
        seq=seq,
        identification=header.identification,
        mss=_mss(header, data) if kept >= HEADER_LENGTH else None,
    )


def _mss(header: IpHeader, data: bytes) -> int | None:
    """What a SYN announces; routers quote more than the eight bytes that they owe (RFC 1812 section 4.3.2.3)."""
    offset, flags = _TCP_LENGTH.unpack_from(data, header.start)
    if header.protocol != TCP or not flags & _SYN:
        return None
    return parse_options(data, header.start + HEADER_LENGTH, header.start + (offset >> 4) * 4).mss


def _next_hop_mtu(version: int, data: bytes, offset: int) -> int | None:
    kind, code = data[offset], data[offset + 1]
    if version == 4 and (kind, code) == (3, 4):
        # "the low-order 16 bits of the ICMP header field that is labelled "unused"" (RFC 1191 section 4)
        return int.from_bytes(data[offset + 6 : offset + 8]) or None
    if version == 6 and kind == 2:
        return int.from_bytes(data[offset + 4 : offset + 8]) or None  # RFC 4443 section 3.2
    return None
