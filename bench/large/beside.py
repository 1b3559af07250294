"""What a capture holds beside TCP: DNS, QUIC, ICMP echo, ARP. Each script gives records in order of time."""

import random
import struct
from collections.abc import Iterator

from bench.large.frames import SECOND, Host, Timed, icmp_frame, record, udp_frame
from bench.large.payloads import noise, question, quic_initial, quic_short, response

IDENTS = 64


def asked(client: Host, resolver: Host, server: tuple[Host, str], at: int, dice: random.Random) -> Iterator[Timed]:
    """A question and its answer, before a connection begins."""
    host, name = server
    ident, port = int(dice.random() * IDENTS) + 1, 32_768 + int(dice.random() * 28_000)
    kind = 1 if len(host.address) == 4 else 28
    yield at, record(at, udp_frame(client, resolver, (port, 53), question(name, kind, ident)))
    at += 2 * resolver.away + 200
    yield at, record(at, udp_frame(resolver, client, (53, port), response(name, kind, ident, host.address)))


def quic(client: Host, server: Host, at: int, dice: random.Random) -> Iterator[Timed]:
    """A short visit by QUIC (RFC 9000)."""
    port, variant = 32_768 + int(dice.random() * 28_000), int(dice.random() * 8)
    yield at, record(at, udp_frame(client, server, (port, 443), quic_initial(variant)))
    at += 2 * server.away
    for more in range(2):
        yield at + more * 20, record(at + more * 20, udp_frame(server, client, (443, port), quic_initial(variant + 1)))
    for _ in range(3 + int(dice.random() * 12)):
        at += 2 * client.away + 300 + int(dice.random() * 2000)
        yield at, record(at, udp_frame(client, server, (port, 443), quic_short(40 + 5 * variant, variant)))
        at += 2 * server.away
        yield at, record(at, udp_frame(server, client, (443, port), quic_short(200 + 100 * variant, variant)))


def ping(client: Host, server: Host, at: int, dice: random.Random) -> Iterator[Timed]:
    """Five echoes, a second apart."""
    ident = int(dice.random() * 65_536)
    kinds = ((128, 0), (129, 0)) if len(client.address) == 16 else ((8, 0), (0, 0))
    for number in range(1, 6):
        rest = struct.pack(">HH", ident, number) + noise(56)
        yield at, record(at, icmp_frame(client, server, kinds[0], rest))
        back = at + 2 * server.away
        yield back, record(back, icmp_frame(server, client, kinds[1], rest))
        at += SECOND


def arp(own: bytes, router: bytes, end: int) -> Iterator[Timed]:
    """Who has, is at: every half minute."""
    for at in range(SECOND // 3, end, 30 * SECOND):
        who = struct.pack(">HHBBH", 1, 0x0800, 6, 4, 1) + own + b"\x0a\x14\x00\xfe" + bytes(6) + b"\x0a\x14\x00\x01"
        has = struct.pack(">HHBBH", 1, 0x0800, 6, 4, 2) + router + b"\x0a\x14\x00\x01" + own + b"\x0a\x14\x00\xfe"
        yield at, record(at, b"\xff" * 6 + own + b"\x08\x06" + who + bytes(18))
        yield at + 400, record(at + 400, own + router + b"\x08\x06" + has + bytes(18))
