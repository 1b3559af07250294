"""Capture files: pcap as it is made, and what is made of it: cut to a snap length, and pcapng."""

import struct
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from bench.large.frames import RECORD, Timed

HEADER = struct.Struct("<IHHiIII")
MICROSECONDS = 0xA1B2C3D4
SNAP = 262_144
ETHERNET = 1
BLOCK = struct.Struct("<IIIIIII")
"""An enhanced packet block up to its data (draft-ietf-opsawg-pcapng section 4.3)."""

CHUNK = 1 << 20


def header(snap: int = SNAP) -> bytes:
    return HEADER.pack(MICROSECONDS, 2, 4, 0, 0, snap, ETHERNET)


def write(path: Path, slices: Iterable[list[Timed]]) -> int:
    """A pcap file; tells how many packets it holds."""
    packets = 0
    with path.open("wb", buffering=CHUNK) as file:
        file.write(header())
        for found in slices:
            packets += len(found)
            file.write(b"".join([record for _, record in found]))
    return packets


def _records(path: Path) -> Iterator[tuple[tuple[int, int, int, int], bytes]]:
    """Head and data of each record."""
    with path.open("rb", buffering=CHUNK) as file:
        file.read(HEADER.size)
        while head := file.read(RECORD.size):
            fields = RECORD.unpack(head)
            yield fields, file.read(fields[2])


def cut(source: Path, path: Path, snap: int) -> None:
    """The same capture as with `tcpdump -s SNAP`."""
    with path.open("wb", buffering=CHUNK) as file:
        file.write(header(snap))
        for (seconds, micros, size, length), data in _records(source):
            file.write(RECORD.pack(seconds, micros, min(size, snap), length) + data[:snap])


def first(source: Path, path: Path, packets: int) -> None:
    """Its first packets."""
    with path.open("wb", buffering=CHUNK) as file:
        file.write(header())
        for fields, data in islice(_records(source), packets):
            file.write(RECORD.pack(*fields) + data)


def as_pcapng(source: Path, path: Path) -> None:
    """The same packets in the other format."""
    with path.open("wb", buffering=CHUNK) as file:
        file.write(struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28))
        file.write(struct.pack("<IIHHII", 1, 20, ETHERNET, 0, SNAP, 20))
        for (seconds, micros, size, length), data in _records(source):
            moment = seconds * 1_000_000 + micros
            whole = BLOCK.size + size + -size % 4 + 4
            head = BLOCK.pack(6, whole, 0, moment >> 32, moment & 0xFFFFFFFF, size, length)
            file.write(head + data + bytes(-size % 4) + struct.pack("<I", whole))
