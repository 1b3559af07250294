"""TCP segments from their headers (RFC 9293 section 3.1); what `tcp` reads."""

import struct

from bothways.wire.checksum import internet_checksum
from bothways.wire.ip_writing import IpFields, ip_packet, pseudo_sum
from bothways.wire.tcp import HEADER_LENGTH, TcpHeader, TcpOptions

_HEADER = struct.Struct(">HHIIHHHH")
_CHECKSUM_AT = 16
_MOST_OPTIONS = 40
"""Bytes: "the data offset" counts 32-bit words in four bits, and the header takes five of them."""

_NO_OPERATION = b"\x01"


def tcp_options(options: TcpOptions) -> bytes:
    """Options in the order in which Linux sends them (net/ipv4/tcp_output.c, tcp_options_write), in whole words.

    Those of kinds whose content is not read (`others`) are left out, and blocks of a SACK that do not fit as well.
    """
    written = b"" if options.mss is None else struct.pack(">BBH", 2, 4, options.mss)
    if options.ts_value is not None:
        before = b"\x04\x02" if options.sack_permitted else _NO_OPERATION * 2
        written += before + struct.pack(">BBII", 8, 10, options.ts_value, options.ts_echo or 0)
    elif options.sack_permitted:
        written += _NO_OPERATION * 2 + b"\x04\x02"
    if options.window_scale is not None:
        written += _NO_OPERATION + struct.pack(">BBB", 3, 3, options.window_scale)
    room = max((_MOST_OPTIONS - len(written) - 4) // 8, 0)
    blocks = b"".join(struct.pack(">II", *block) for block in options.sack_blocks[:room])
    if blocks:
        written += _NO_OPERATION * 2 + struct.pack(">BB", 5, 2 + len(blocks)) + blocks
    return written


def header_length(options: TcpOptions) -> int:
    """Bytes of a header with these options, as `tcp_options` writes them."""
    return HEADER_LENGTH + len(tcp_options(options))


def tcp_packet(fields: IpFields, header: TcpHeader, payload: bytes = b"") -> bytes:
    """The whole IP packet of a segment, its checksums right.

    Args:
        fields: Of the IP header; its protocol has to be TCP's.
        header: Its `header_length` is not looked at: what options are written decides it.
        payload: The segment's data.

    Raises:
        OverflowError: The packet would have more than 65,535 bytes, or a field does not fit into its bits.
    """
    options = tcp_options(header.options)
    word = (HEADER_LENGTH + len(options)) // 4 << 12 | header.flags
    try:
        fixed = _HEADER.pack(
            header.source_port, header.destination_port, header.seq, header.ack, word, header.window, 0, 0
        )
    except struct.error as error:
        message = f"a field of the TCP header does not fit: {error}"
        raise OverflowError(message) from error
    segment = fixed + options + payload
    checksum = internet_checksum(segment, pseudo_sum(fields, len(segment))).to_bytes(2)
    return ip_packet(fields, segment[:_CHECKSUM_AT] + checksum + segment[_CHECKSUM_AT + 2 :])
