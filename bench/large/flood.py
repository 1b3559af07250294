"""SYNs from forged sources, none of which comes twice."""

import random
import struct
from collections.abc import Iterable, Iterator
from operator import itemgetter

from bench.large.frames import RECORD, SECOND, START, SYN, TCP, Timed
from bench.large.merge import SLICE
from bench.large.world import FIREWALL, ROUTER, Server

PACKET = struct.Struct(">14sHHHHHHIIHHIIHHHHHHxx")
"""A SYN with an MSS and nothing else, padded to the 60 bytes that Ethernet asks for."""

FIRST, PRIME, STEP = 0x0B000000, 3_221_225_473, 2_654_435_761
"""A source is FIRST + number * STEP modulo PRIME: each another one, from all over the address space."""


def flooded(slices: Iterable[list[Timed]], count: int, end: int, server: Server, seed: int) -> Iterator[list[Timed]]:
    """The same slices with *count* SYNs to *server* among them, spread evenly."""
    dice = random.Random(seed)  # noqa: S311 - a benchmark is to be repeatable, not secret
    number = 0
    for place, found in enumerate(slices):
        until = count * min((place + 1) * SLICE, end) // end
        found += [(at := one * end // count, _forged(one, at, server, dice)) for one in range(number, until)]
        found.sort(key=itemgetter(0))
        number = until
        yield found


def _forged(number: int, at: int, server: Server, dice: random.Random) -> bytes:
    source = FIRST + number * STEP % PRIME
    drawn = dice.getrandbits(64)
    seq, ident, port, ttl = drawn & 0xFFFFFFFF, drawn >> 32 & 0xFFFF, 1024 + (drawn >> 48) % 64_000, 40 + drawn % 20
    target = int.from_bytes(server.host.address, "big")
    ip_sum = 0x4500 + 44 + ident + (ttl << 8) + TCP + source + target
    flags = 6 << 12 | SYN
    tcp_sum = source + target + TCP + 24 + port + server.port + seq + flags + 1024 + 0x0204 + 1460
    return RECORD.pack(START + at // SECOND, at % SECOND, 60, 60) + PACKET.pack(
        FIREWALL + ROUTER + b"\x08\x00",
        *(0x4500, 44, ident, 0, ttl << 8 | TCP, -ip_sum % 0xFFFF, source, target),
        *(port, server.port, seq, 0, flags, 1024, -tcp_sum % 0xFFFF, 0, 0x0204, 1460),
    )
