"""Which kind of capture file is it, if any: content decides, never a name."""

from collections.abc import Iterable, Iterator

from bothways.captures.pcap import VARIANTS, read_pcap
from bothways.captures.pcapng import SECTION_HEADER, read_pcapng
from bothways.captures.raw_packet import FileFacts, RawPacket
from bothways.captures.stream import ByteStream
from bothways.evidence.problem import Problem

_MAGIC_LENGTH = 4

_COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\xfd7zXZ\x00": "xz",
    b"BZh": "bzip2",
    b"\x04\x22\x4d\x18": "lz4",
    b"PK\x03\x04": "zip",
}
_OTHER_CAPTURES = {
    b"snoop\0\0\0": "a snoop capture (Solaris)",
    b"\x54\x52\x00\x64": "a NetMon capture",
    b"GMBU": "a Network Monitor capture (Microsoft)",
    b"RTSS": "a Network Monitor capture (Microsoft)",
}


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
    for magic, name in _COMPRESSED.items():
        if head.startswith(magic):
            return f"it is compressed with {name}: decompress it first"
    for magic, name in _OTHER_CAPTURES.items():
        if head.startswith(magic):
            return f"it is {name}: convert it first, with `editcap -F pcapng IN OUT` for example"
    return None


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
        head = magic + stream.take(12)
        why = unreadable_reason(head) or ("it is no capture file" if head else "the file is empty")
        yield Problem(says=f"nothing was read: {why}", offset=0)
