"""Which kind of capture file is it, if any: content decides, never a name."""

from collections.abc import Iterable, Iterator

from bothways.captures.pcap import VARIANTS, read_pcap
from bothways.captures.pcapng import SECTION_HEADER, read_pcapng
from bothways.captures.raw_packet import FileFacts, RawPacket
from bothways.captures.stream import ByteStream
from bothways.captures.troubles import Trouble
from bothways.evidence.problem import Problem

_MAGIC_LENGTH = 4

_HEAD = 16
"""Bytes that are enough to tell what else a file may be."""

_OTHERS = {
    b"\x1f\x8b": Trouble.GZIP,
    b"\x28\xb5\x2f\xfd": Trouble.ZSTD,
    b"\xfd7zXZ\x00": Trouble.XZ,
    b"BZh": Trouble.BZIP2,
    b"\x04\x22\x4d\x18": Trouble.LZ4,
    b"PK\x03\x04": Trouble.ZIP,
    b"snoop\0\0\0": Trouble.SNOOP,
    b"\x54\x52\x00\x64": Trouble.NETMON,
    b"GMBU": Trouble.NETWORK_MONITOR,
    b"RTSS": Trouble.NETWORK_MONITOR,
}
"""Files that look as if they held a capture, by how they begin."""


def is_capture(head: bytes) -> bool:
    """Tell whether a file is a capture that `survey` can read, by its first bytes (four are enough)."""
    return head[:_MAGIC_LENGTH] in VARIANTS or head[:_MAGIC_LENGTH] == SECTION_HEADER


def begins_a_capture(data: bytes) -> bool:
    """Tell whether a whole file is the beginning of a capture's first four bytes, so that the rest was cut off."""
    return 1 < len(data) < _MAGIC_LENGTH and any(magic.startswith(data) for magic in (*VARIANTS, SECTION_HEADER))


def unreadable_reason(head: bytes) -> str | None:
    """Why a file that looks as if it held a capture cannot be read as it is, and what to do about it.

    Args:
        head: The file's first bytes, 16 are enough.

    Returns:
        A clause that can follow "client.pcap:"; None where the file is a capture, or nothing like one.
    """
    trouble = _other(head)
    return trouble.reason() if trouble else None


def _other(head: bytes) -> Trouble | None:
    return next((trouble for magic, trouble in _OTHERS.items() if head.startswith(magic)), None)


def read_packets(chunks: Iterable[bytes], facts: FileFacts) -> Iterator[RawPacket | Problem]:
    """Give the packets of a capture file in order, and problems where they stand.

    Args:
        chunks: The file's bytes, in pieces of any size.
        facts: Filled with what the file says of itself, as it is read.
    """
    stream = ByteStream(chunks)
    magic = stream.take(_MAGIC_LENGTH)
    if magic in VARIANTS:
        yield from read_pcap(magic, stream, facts)
    elif magic == SECTION_HEADER:
        yield from read_pcapng(stream, facts)
    else:
        head = magic + stream.take(_HEAD - _MAGIC_LENGTH)
        trouble = _other(head) or (Trouble.NO_CAPTURE if head else Trouble.EMPTY)
        yield trouble.problem(offset=0)
