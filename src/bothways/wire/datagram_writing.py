"""UDP datagrams and ICMP echo requests (RFC 768, RFC 792, RFC 4443 section 4.1)."""

import struct

from bothways.wire.checksum import internet_checksum
from bothways.wire.ip_writing import IpFields, ip_packet, pseudo_sum

UDP = 17
UDP_LENGTH = 8
ECHO_LENGTH = 8

_FOUR_WORDS = struct.Struct(">HHHH")
_ECHO = struct.Struct(">BBHHH")
_ECHO_REQUEST = {4: 8, 6: 128}


def udp_packet(fields: IpFields, source_port: int, destination_port: int, payload: bytes) -> bytes:
    """The whole IP packet of a datagram, its checksums right.

    Raises:
        OverflowError: The packet would have more than 65,535 bytes, or a field does not fit into its bits.
    """
    length = UDP_LENGTH + len(payload)
    try:
        blank = _FOUR_WORDS.pack(source_port, destination_port, length, 0)
        # "If the computed checksum is zero, it is transmitted as all ones" (RFC 768)
        checksum = internet_checksum(blank + payload, pseudo_sum(fields, length)) or 0xFFFF
        datagram = _FOUR_WORDS.pack(source_port, destination_port, length, checksum) + payload
    except struct.error as error:
        message = f"a field of the UDP header does not fit: {error}"
        raise OverflowError(message) from error
    return ip_packet(fields, datagram)


def echo_packet(fields: IpFields, identifier: int, sequence: int, payload: bytes = b"") -> bytes:
    """The whole IP packet of an echo request, its checksums right; ICMPv6's covers a pseudo header too.

    Raises:
        OverflowError: The packet would have more than 65,535 bytes, or a field does not fit into its bits.
    """
    kind = _ECHO_REQUEST[fields.version]
    initial = pseudo_sum(fields, ECHO_LENGTH + len(payload)) if fields.version == 6 else 0
    try:
        checksum = internet_checksum(_ECHO.pack(kind, 0, 0, identifier, sequence) + payload, initial)
        return ip_packet(fields, _ECHO.pack(kind, 0, checksum, identifier, sequence) + payload)
    except struct.error as error:
        message = f"a field of the ICMP header does not fit: {error}"
        raise OverflowError(message) from error
