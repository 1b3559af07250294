"""IPv4 and IPv6 headers from their fields (RFC 791 section 3.1, RFC 8200 section 3); what `ip` reads."""

import struct

from msgspec import Struct

from bothways.wire.checksum import internet_checksum

V4_LENGTH = 20
V6_LENGTH = 40

LONGEST_PACKET = 0xFFFF
"""Bytes that IPv4's length field can say; IPv6's packets are kept as short here."""

_V4 = struct.Struct(">BBHHHBBH4s4s")
_V6 = struct.Struct(">IHBB16s16s")
_CHECKSUM_AT = 10
_DONT_FRAGMENT = 0x4000


class IpFields(Struct, frozen=True, kw_only=True):
    """What an IP header shall say. The length of the addresses decides the version."""

    source: bytes
    """4 or 16 bytes."""

    destination: bytes
    """As many bytes as the source."""

    protocol: int
    ttl: int
    """Time to live, or hop limit: 0 to 255."""

    identification: int = 0
    """16 bits; IPv6 has none."""

    traffic_class: int = 0
    """All eight bits: DSCP and ECN (RFC 3168 section 5)."""

    flow_label: int = 0
    """20 bits of IPv6; IPv4 has none."""

    dont_fragment: bool = True
    """Of IPv4; routers never fragment IPv6 (RFC 8200 section 4.5)."""

    @property
    def version(self) -> int:
        """4 or 6."""
        return 4 if len(self.source) == 4 else 6


def ip_packet(fields: IpFields, payload: bytes) -> bytes:
    """The packet of *payload* behind a header without options or extensions.

    Raises:
        OverflowError: The packet would have more than 65,535 bytes, or a field does not fit into its bits.
    """
    header_length = V4_LENGTH if fields.version == 4 else V6_LENGTH
    total = header_length + len(payload)
    if total > LONGEST_PACKET:
        message = f"an IP packet has at most {LONGEST_PACKET} bytes, and this would have {total}"
        raise OverflowError(message)
    try:
        return (_v4(fields, total) if fields.version == 4 else _v6(fields, len(payload))) + payload
    except struct.error as error:
        message = f"a field of the IP header does not fit: {error}"
        raise OverflowError(message) from error


def pseudo_sum(fields: IpFields, length: int) -> int:
    """The sum of a pseudo header's words, to continue a checksum of TCP, UDP or ICMPv6 from.

    Addresses, protocol and length, however wide their fields are (RFC 9293 section 3.1, RFC 8200 section 8.1).

    Args:
        fields: Of the header before.
        length: Bytes of transport header and payload.
    """
    words: tuple[int, ...] = struct.unpack(f">{len(fields.source)}H", fields.source + fields.destination)
    return sum(words) + fields.protocol + (length >> 16) + (length & 0xFFFF)


def _v4(fields: IpFields, total: int) -> bytes:
    header = _V4.pack(
        0x45,
        fields.traffic_class,
        total,
        fields.identification,
        _DONT_FRAGMENT if fields.dont_fragment else 0,
        fields.ttl,
        fields.protocol,
        0,
        fields.source,
        fields.destination,
    )
    checksum = internet_checksum(header).to_bytes(2)
    return header[:_CHECKSUM_AT] + checksum + header[_CHECKSUM_AT + 2 :]


def _v6(fields: IpFields, length: int) -> bytes:
    first = 6 << 28 | fields.traffic_class << 20 | fields.flow_label
    return _V6.pack(first, length, fields.protocol, fields.ttl, fields.source, fields.destination)
