"""The collection's captures with a device in the firewall that rewrites what passes it."""

import shutil
import struct
from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

from tests.helpers.cases import NOT_EVIDENCE
from tests.helpers.packets import Packet
from tests.helpers.translator import Translator

RECORD = struct.Struct("<IIII")
FILE_HEADER = 24
ETHERNET = 14


def _records(capture: bytes) -> Iterator[tuple[tuple[int, int], int, bytes]]:
    """(time stamp, length on the wire, bytes kept) of each packet of a little-endian pcap."""
    offset = FILE_HEADER
    while offset + RECORD.size <= len(capture):
        seconds, fraction, kept, length = RECORD.unpack_from(capture, offset)
        yield (seconds, fraction), length, capture[offset + RECORD.size : offset + RECORD.size + kept]
        offset += RECORD.size + kept


def _file(header: bytes, records: Iterable[tuple[tuple[int, int], int, bytes]]) -> bytes:
    return header + b"".join(RECORD.pack(*at, len(data), length) + data for at, length, data in records)


def rewritten_at_the_firewall(folder: Path, client: str, device: Translator) -> None:
    """What *device* makes of the client's connections, as those beyond the firewall see it."""
    device = replace(device, serves=lambda end: end.address != client)
    for file in folder.glob("*.pcap"):
        if not file.name.startswith(("server", "firewall-outside")):
            continue
        old = file.read_bytes()
        rewritten = ((at, length, _through(device, data, client)) for at, length, data in _records(old))
        file.write_bytes(_file(old[:FILE_HEADER], rewritten))


def _through(device: Translator, frame: bytes, client: str) -> bytes:
    if ip_address(client).packed not in frame[ETHERNET : ETHERNET + 40]:
        return frame
    (packet,) = device.rewritten([Packet(at=0, frame=frame)])
    return packet.frame


def copied(source: Path, target: Path) -> Path:
    """A copy of the evidence in *source*, without its truth."""
    target.mkdir()
    for file in source.iterdir():
        if file.is_file() and file.name not in NOT_EVIDENCE:
            shutil.copy(file, target / file.name)
    return target
