"""TCP headers and options (RFC 9293 section 3.1 and 3.2, RFC 7323, RFC 2018)."""

import struct

from msgspec import Struct

_HEADER = struct.Struct(">HHIIHH4x")
HEADER_LENGTH = _HEADER.size
"""Bytes of a TCP header without options."""

_END = 0
_NO_OPERATION = 1

_USUAL = b"\x01\x01\x08\x0a"
"""How nearly every segment's options begin, and all there is to them: RFC 7323 appendix A recommends the layout."""
_USUAL_LENGTH = 12

_TWO_LONGS = struct.Struct(">II")
_Pairs = tuple[tuple[int, int], ...]

_READ = frozenset({2, 3, 4, 5, 8})
"""Kinds whose content is read."""

FAST_OPEN = 34
MULTIPATH = 30

_NAMES = {
    19: "an MD5 signature",
    28: "a user timeout",
    29: "authentication (TCP-AO)",
    MULTIPATH: "MPTCP",
    FAST_OPEN: "Fast Open",
    253: "an experiment (253)",
    254: "an experiment (254)",
}
"""Kinds that SYNs bear beside those that are read (IANA "TCP Option Kind Numbers"; RFC 8684 section 3, RFC 7413 section
4.1.1)."""


class TcpOptions(Struct, frozen=True, kw_only=True):
    """The options of one header, as on the wire. What is not there is None."""

    mss: int | None = None
    window_scale: int | None = None
    sack_permitted: bool = False
    sack_blocks: tuple[tuple[int, int], ...] = ()
    """Left and right edges."""

    ts_value: int | None = None
    ts_echo: int | None = None
    others: tuple[tuple[int, int], ...] = ()
    """Kind and length of every other option, in their order."""

    cut: bool = False
    """The data ended before the options did: more may have been on the wire."""


NO_OPTIONS = TcpOptions()


def option_name(kind: int) -> str:
    """What an option is called whose content is not read; by its number where it has no name here."""
    return _NAMES.get(kind, f"option {kind}")


class TcpHeader(Struct, frozen=True, kw_only=True):
    """One TCP header."""

    source_port: int
    destination_port: int
    seq: int
    ack: int
    flags: int
    """The eight control bits from CWR (0x80) to FIN (0x01)."""

    window: int
    """As on the wire, not scaled."""

    header_length: int
    """Bytes, options included."""

    options: TcpOptions


def parse_tcp(data: bytes, offset: int, length: int) -> TcpHeader | None:
    """Read the TCP header at an offset.

    Args:
        data: A frame, as far as it was kept.
        offset: Where the TCP header starts.
        length: Bytes of TCP header and payload by the IP header's word.

    Returns:
        The header; None where fewer than its fixed 20 bytes were kept, or its length is too small or exceeds *length*.
    """
    if len(data) < offset + HEADER_LENGTH:
        return None
    source_port, destination_port, seq, ack, word, window = _HEADER.unpack_from(data, offset)
    header_length = (word >> 12) * 4
    if not HEADER_LENGTH <= header_length <= length:
        return None
    return TcpHeader(
        source_port=source_port,
        destination_port=destination_port,
        seq=seq,
        ack=ack,
        flags=word & 0xFF,
        window=window,
        header_length=header_length,
        options=parse_options(data, offset + HEADER_LENGTH, offset + header_length),
    )


def parse_options(data: bytes, start: int, end: int) -> TcpOptions:
    """Read the options between two offsets.

    "TCP implementations MUST be prepared to handle an illegal option length (e.g., zero)" (RFC 9293 section 3.1,
    MUST-7): it ends the list here, and what came before it is kept.

    Args:
        data: A frame, as far as it was kept; *end* may lie beyond it.
        start: Where the options start.
        end: Where the header ends by its own word.
    """
    if start == end:
        return NO_OPTIONS
    if end - start == _USUAL_LENGTH and end <= len(data) and data.startswith(_USUAL, start):
        value, echo = _TWO_LONGS.unpack_from(data, start + 4)
        return TcpOptions(ts_value=value, ts_echo=echo)
    return _parse_each(data, start, end)


def _parse_each(data: bytes, at: int, end: int) -> TcpOptions:
    mss = window_scale = ts_value = ts_echo = None
    sack_permitted = False
    sack_blocks: _Pairs = ()
    others: _Pairs = ()
    kept, cut = min(end, len(data)), False
    while at < end:
        size = _size(data, at, kept, end)
        if size is None:
            cut = kept < end
            break
        if not size:
            break
        match data[at], size:  # RFC 9293 section 3.2, RFC 7323 sections 2.2 and 3.2, RFC 2018 section 2
            case 2, 4:
                mss = (data[at + 2] << 8) | data[at + 3]
            case 3, 3:
                window_scale = data[at + 2]
            case 4, 2:
                sack_permitted = True
            case 8, 10:
                ts_value, ts_echo = _TWO_LONGS.unpack_from(data, at + 2)
            case 5, _:
                sack_blocks = _blocks(data, at + 2, at + size)
            case kind, _ if size > 1 and kind not in _READ:
                others = (*others, (kind, size))
        at += size
    return TcpOptions(
        mss=mss,
        window_scale=window_scale,
        sack_permitted=sack_permitted,
        sack_blocks=sack_blocks,
        ts_value=ts_value,
        ts_echo=ts_echo,
        others=others,
        cut=cut,
    )


def _size(data: bytes, at: int, kept: int, end: int) -> int | None:
    """How long the option at an offset is; 0 where the list ends with it, None where it was not kept as a whole."""
    if at >= kept:
        return None
    if data[at] == _END:
        return 0
    if data[at] == _NO_OPERATION:
        return 1
    if at + 1 >= kept:
        return None
    size = data[at + 1]
    if size < 2 or at + size > end:
        return 0
    return size if at + size <= kept else None


def _blocks(data: bytes, at: int, end: int) -> tuple[tuple[int, int], ...]:
    """SACK blocks: pairs of 32-bit edges (RFC 2018 section 3); what does not make a whole pair is left out."""
    return tuple(_TWO_LONGS.unpack_from(data, edge) for edge in range(at, end - 7, 8))
