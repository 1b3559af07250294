"""Evidence re-taken badly: the same packets cut short, on "any", behind address translation, with silent routers."""

import json
import re
import shutil
import struct
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, ip_address
from pathlib import Path

from tests.helpers.cases import NOT_EVIDENCE

RECORD = struct.Struct("<IIII")
FILE_HEADER = 24
ETHERNET = 14
COOKED_V1 = 113
PUBLIC = IPv4Address("100.64.7.9").packed
"""RFC 6598's range for carriers' translators: no case uses it."""

SILENT = "???                             100.0     2    0.0   0.0   0.0   0.0   0.0"


def _records(capture: bytes) -> Iterator[tuple[tuple[int, int], int, bytes]]:
    """(time stamp, length on the wire, bytes kept) of each packet of a little-endian pcap."""
    offset = FILE_HEADER
    while offset + RECORD.size <= len(capture):
        seconds, fraction, kept, length = RECORD.unpack_from(capture, offset)
        yield (seconds, fraction), length, capture[offset + RECORD.size : offset + RECORD.size + kept]
        offset += RECORD.size + kept


def _file(header: bytes, records: Iterator[tuple[tuple[int, int], int, bytes]]) -> bytes:
    return header + b"".join(RECORD.pack(*at, len(data), length) + data for at, length, data in records)


def cut_to(snap_length: int) -> Callable[[Path], None]:
    """Every packet cut to *snap_length* bytes."""

    def degrade(folder: Path) -> None:
        for file in folder.glob("*.pcap"):
            old = file.read_bytes()
            kept = ((at, length, data[:snap_length]) for at, length, data in _records(old))
            file.write_bytes(_file(old[:FILE_HEADER], kept))

    return degrade


def taken_on_any(folder: Path) -> None:
    """Every Ethernet header replaced by that of Linux's cooked captures."""
    for file in folder.glob("*.pcap"):
        old = file.read_bytes()
        cooked = ((at, length + 2, _cooked(data)) for at, length, data in _records(old))
        file.write_bytes(_file(old[: FILE_HEADER - 4] + struct.pack("<I", COOKED_V1), cooked))


def _cooked(frame: bytes) -> bytes:
    return struct.pack(">HHH8s", 0, 1, 6, frame[6:12]) + frame[12:ETHERNET] + frame[ETHERNET:]


def translated_at_the_firewall(folder: Path, client: str) -> None:
    """Beyond the firewall the client has another address and other ports; IPv6 is left alone."""
    if ":" in client:
        return
    for file in folder.glob("*.pcap"):
        if not file.name.startswith(("server", "firewall-outside")):
            continue
        old = file.read_bytes()
        rewritten = ((at, length, _translated(data, IPv4Address(client).packed)) for at, length, data in _records(old))
        file.write_bytes(_file(old[:FILE_HEADER], rewritten))


def _translated(frame: bytes, client: bytes) -> bytes:
    if frame[12:ETHERNET] != b"\x08\x00":
        return frame
    data = bytearray(frame)
    ports = ETHERNET + (data[ETHERNET] & 15) * 4
    for place, port in ((ETHERNET + 12, ports), (ETHERNET + 16, ports + 2)):
        if data[place : place + 4] == client:
            data[place : place + 4] = PUBLIC
            if data[ETHERNET + 9] == 6:
                (old,) = struct.unpack_from(">H", data, port)
                struct.pack_into(">H", data, port, 1024 + (old * 7) % 60_000)
    return bytes(data)


def routers_silent(folder: Path) -> None:
    """No router answers probes: only the destination does."""
    for file in folder.glob("*mtr.txt"):
        lines = file.read_text().splitlines()
        hops = [re.sub(r"^(\s*\d+\.\|--) .*$", rf"\1 {SILENT}", line) for line in lines[:-1]]
        file.write_text("\n".join([*hops, *lines[-1:]]) + "\n")
    for file in folder.glob("*mtr.json"):
        report = json.loads(file.read_text())
        for hub in report["report"]["hubs"][:-1]:
            hub |= {"host": "???", "Loss%": 100.0}
        file.write_text(json.dumps(report))
    for file in folder.glob("*traceroute.txt"):
        lines = file.read_text().splitlines()
        hops = [re.sub(r"^(\s*\d+)  \S+ \(.*$", r"\1  *", line) for line in lines[1:-1]]
        file.write_text("\n".join([*lines[:1], *hops, *lines[-1:]]) + "\n")


def one_way(client: str, *, there: bool) -> Callable[[Path], None]:
    """A tap of one way only."""
    address = ip_address(client).packed
    place = ETHERNET + (12 if len(address) == 4 else 8)

    def degrade(folder: Path) -> None:
        for file in folder.glob("*.pcap"):
            old = file.read_bytes()
            kept = (record for record in _records(old) if (record[2][place : place + len(address)] == address) is there)
            file.write_bytes(_file(old[:FILE_HEADER], kept))

    return degrade


def clocks_apart(folder: Path) -> None:
    """Clocks that differ by minutes: the server's is ahead, the firewall's behind."""
    for file in folder.glob("*.pcap"):
        shift = 187 if file.name.startswith("server") else -421 if file.name.startswith("firewall") else 0
        old = file.read_bytes()
        shifted = (((at[0] + shift, at[1]), length, data) for at, length, data in _records(old))
        file.write_bytes(_file(old[:FILE_HEADER], shifted))


def every_tenth_dropped(folder: Path) -> None:
    """A capturing host that cannot keep up."""
    for file in folder.glob("*.pcap"):
        old = file.read_bytes()
        kept = (record for number, record in enumerate(_records(old), start=1) if number % 10)
        file.write_bytes(_file(old[:FILE_HEADER], kept))


def mirrored_twice(folder: Path) -> None:
    """Every packet recorded twice."""
    for file in folder.glob("*.pcap"):
        old = file.read_bytes()
        file.write_bytes(_file(old[:FILE_HEADER], (record for record in _records(old) for _ in range(2))))


def started_late(folder: Path) -> None:
    """The first five packets missing."""
    for file in folder.glob("*.pcap"):
        old = file.read_bytes()
        file.write_bytes(_file(old[:FILE_HEADER], (record for n, record in enumerate(_records(old)) if n >= 5)))


def stopped_early(folder: Path) -> None:
    """Nothing after the first five seconds."""
    for file in folder.glob("*.pcap"):
        old = file.read_bytes()
        first = next(_records(old), None)
        if first is not None:
            start = first[0][0]
            file.write_bytes(_file(old[:FILE_HEADER], (one for one in _records(old) if one[0][0] - start <= 5)))


def copied(source: Path, target: Path) -> Path:
    """A copy of the evidence in *source*, without its truth."""
    target.mkdir()
    for file in source.iterdir():
        if file.is_file() and file.name not in NOT_EVIDENCE:
            shutil.copy(file, target / file.name)
    return target
