"""Healthy connections in any number: a real one, renumbered, as it was captured at four places of its way.

    noise = healthy_noise(5000, seed=1)             # by vantage: client, firewall-inside, firewall-outside, server
    data = pcap_file(noise["client"], nanoseconds=True)
    mixed_with_noise(5000, seed=1)(folder, client)  # the captures of a folder, with as much healthy traffic in between

Addresses, ports and sequence numbers are new in each; sizes, options, times and the order at each vantage stay those of
the kernels that sent it. Checksums are left as they were: a host's own capture shows wrong ones, too.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from heapq import merge
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tests.helpers.packets import Packet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ORIGINAL = Path(__file__).parents[1] / "cases" / "healthy" / "server-speaks-first"
ORIGINAL_PORT = 59_586
"""The client's port of the connection that is renumbered: eleven packets, the server greets, both ends close."""

VANTAGES = ("client", "firewall-inside", "firewall-outside", "server")
CLIENT = "10.0.0.77"
SERVERS = int(IPv4Address("198.18.0.0"))
"""Addresses for measurements (RFC 2544 section C.2.2), which no case uses."""

PER_SERVER = 10
PORTS = (443, 80, 25, 993)
START = 1_700_000_000 * 10**9
SPAN = 60 * 10**9

_ETHERNET, _ADDRESSES, _TTL, _PROTOCOL = 14, 26, 22, 23
_RECORD, _FILE_HEADER = struct.Struct("<IIII"), 24
_NANOSECONDS = 0xA1B23C4D

Ttls = tuple[int | None, int | None]
"""With which TTL the client's and the server's packets arrive; None leaves the original's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """One packet of the original."""

    after: int
    """Nanoseconds since the connection began, wherever that was seen."""

    head: bytes
    """Up to the IP addresses."""

    sent: bool
    """The client sent it."""

    seq: int
    ack: int
    has_ack: bool
    rest: bytes
    """From the TCP header's data offset on."""


def healthy_noise(
    count: int,
    seed: int,
    *,
    client: str = CLIENT,
    start: int = START,
    span: int = SPAN,
    ttls: Mapping[str, Ttls] | None = None,
) -> dict[str, list[Packet]]:
    """*count* connections of one client to a tenth as many servers, whole, by vantage and in order of time.

    Args:
        count: How many.
        seed: The same one gives the same packets.
        client: The client's IPv4 address.
        start: When the first may begin, nanoseconds since 1970.
        span: Within how many nanoseconds all have ended, if the original takes no longer.
        ttls: With which TTLs packets arrive at a vantage, there and back, where not with the original's.
    """
    random = Random(seed)
    original = _original()
    longest = max(frame.after for frames in original.values() for frame in frames)
    packets: dict[str, list[Packet]] = {vantage: [] for vantage in original}
    source = IPv4Address(client).packed
    for number in range(count):
        at = start + random.randrange(max(1, span - longest))
        server = random.randrange(max(1, count // PER_SERVER))
        ends = (source, 10_000 + number % 50_000), ((SERVERS + server).to_bytes(4), PORTS[server % len(PORTS)])
        shifts = random.getrandbits(32), random.getrandbits(32)
        for vantage, frames in original.items():
            arrive = (ttls or {}).get(vantage, (None, None))
            packets[vantage] += [
                Packet(at=at + frame.after, frame=_renumbered(frame, ends, shifts, arrive)) for frame in frames
            ]
    return {vantage: sorted(listed, key=lambda packet: packet.at) for vantage, listed in packets.items()}


def mixed_with_noise(count: int, seed: int = 1) -> Callable[[Path, str], None]:
    """To every capture of a folder *count* healthy connections of a neighbour of the client, while it ran.

    The captures are little-endian pcap files of Ethernet, called after their vantages, as those of the cases are.
    """

    def degrade(folder: Path, client: str) -> None:
        files = {file: file.read_bytes() for file in sorted(folder.glob("*.pcap"))}
        times = [at for data in files.values() for at, _, _ in _records(data)]
        if not times:
            return
        ttls = {_vantage(file): _ttls(data, client) for file, data in files.items()}
        span = max(times) - min(times)
        noise = healthy_noise(count, seed, client=_neighbour(client), start=min(times), span=span, ttls=ttls)
        for file, data in files.items():
            file.write_bytes(_mixed(data, noise[_vantage(file)]))

    return degrade


def _neighbour(client: str) -> str:
    """Another address of the client's network; IPv6 hosts have an IPv4 neighbour."""
    address = ip_address(client)
    if address.version == 6:
        return CLIENT
    return str(IPv4Address(int(address) ^ 0x40))


def _vantage(file: Path) -> str:
    return next((vantage for vantage in VANTAGES if file.name.startswith(vantage)), VANTAGES[0])


def _ttls(data: bytes, client: str) -> Ttls:
    """With which TTL the first TCP packet of each way arrived; a RST may come from another device."""
    address = ip_address(client).packed
    four = len(address) == 4
    place, ttl, protocol = (_ADDRESSES, _TTL, _PROTOCOL) if four else (_ADDRESSES - 4, _ETHERNET + 7, _ETHERNET + 6)
    found: dict[bool, int] = {}
    for _, _, frame in _records(data):
        tcp = _ETHERNET + ((frame[_ETHERNET] & 15) * 4 if four else 40)
        ends = [frame[start : start + len(address)] for start in (place, place + len(address))]
        if address in ends and frame[protocol] == 6 and not frame[tcp + 13] & 0x04:
            found.setdefault(ends[0] == address, frame[ttl])
    return found.get(True), found.get(False)


def _mixed(data: bytes, noise: Sequence[Packet]) -> bytes:
    unit = _unit(data)
    own = ((at, length, frame) for at, length, frame in _records(data))
    more = ((packet.at, len(packet.frame), packet.frame) for packet in noise)
    pieces = [data[:_FILE_HEADER]]
    for at, length, frame in merge(own, more, key=lambda record: record[0]):
        seconds, rest = divmod(at, 10**9)
        pieces += [_RECORD.pack(seconds, rest // unit, len(frame), length), frame]
    return b"".join(pieces)


@cache
def _original() -> dict[str, tuple[_Frame, ...]]:
    """The packets of the original by vantage."""
    found: dict[str, list[tuple[int, bytes]]] = {}
    for vantage in VANTAGES:
        records = _records((ORIGINAL / f"{vantage}.pcap").read_bytes())
        found[vantage] = [(at, frame) for at, _, frame in records if ORIGINAL_PORT in _ports(frame)]
    begin = min(at for frames in found.values() for at, _ in frames)
    return {vantage: tuple(_frame(at - begin, data) for at, data in frames) for vantage, frames in found.items()}


def _frame(after: int, data: bytes) -> _Frame:
    tcp = _ETHERNET + (data[_ETHERNET] & 15) * 4
    seq, ack, _, flags = struct.unpack_from(">IIBB", data, tcp + 4)
    return _Frame(
        after=after,
        head=data[:_ADDRESSES],
        sent=_ports(data)[0] == ORIGINAL_PORT,
        seq=seq,
        ack=ack,
        has_ack=bool(flags & 0x10),
        rest=data[tcp + 12 :],
    )


def _ports(frame: bytes) -> tuple[int, int]:
    """Both TCP ports; noughts where it is no TCP over IPv4."""
    if frame[12:_ETHERNET] != b"\x08\x00" or frame[_PROTOCOL] != 6:
        return 0, 0
    source, destination = struct.unpack_from(">HH", frame, _ETHERNET + (frame[_ETHERNET] & 15) * 4)
    return source, destination


def _renumbered(
    frame: _Frame, ends: tuple[tuple[bytes, int], tuple[bytes, int]], shifts: tuple[int, int], arrive: Ttls
) -> bytes:
    (sender, receiver), (own, other) = (ends, shifts) if frame.sent else (ends[::-1], shifts[::-1])
    head = frame.head
    ttl = arrive[0 if frame.sent else 1]
    if ttl is not None:
        head = head[:_TTL] + bytes([ttl]) + head[_TTL + 1 :]
    ack = (frame.ack + other) % 2**32 if frame.has_ack else 0
    numbers = struct.pack(">HHII", sender[1], receiver[1], (frame.seq + own) % 2**32, ack)
    return b"".join((head, sender[0], receiver[0], numbers, frame.rest))


def _unit(data: bytes) -> int:
    """Nanoseconds per tick of a capture's clock."""
    return 1 if struct.unpack_from("<I", data)[0] == _NANOSECONDS else 1000


def _records(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(nanoseconds, length on the wire, bytes kept) of each packet of a little-endian pcap."""
    unit, offset = _unit(data), _FILE_HEADER
    while offset + _RECORD.size <= len(data):
        seconds, rest, kept, length = _RECORD.unpack_from(data, offset)
        offset += _RECORD.size
        yield seconds * 10**9 + rest * unit, length, data[offset : offset + kept]
        offset += kept
