"""A device that rewrites what passes it: the same packets as an observer beyond it sees them.

    inside = busy(Random(1), Traffic(connections=30))
    device = Translator(client=nat(Random(2)), sequence=modulated(Random(3)))
    outside = device.rewritten(inside)

Whoever has a port below 1024 is the server, unless it is told otherwise. `busy` makes interleaved connections with
random numbers, as hosts do; the other helpers make functions for a `Translator`'s fields, each of which gives the same
answer for the same connection.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING

from hypothesis import Phase

from bothways.evidence.endpoint import Endpoint
from tests.helpers import packets as p

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

ETHERNET = 14
START = 1_700_000_000 * 10**9
MILLISECOND = 10**6
SYN, MSS, SACK_PERMITTED, SACK, TIMESTAMPS = 0x02, 2, 4, 5, 8
EPHEMERAL = 33_000
"""Ports from here on are clients' also to who did not see the connection begin."""

MASK = 0xFFFFFFFF

NOT_SHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Another seed makes other traffic: there is nothing smaller to be found."""

Renamed = Callable[[Endpoint], Endpoint]
Shift = Callable[[Endpoint, str], int]
"""What is added to a number of the client's connection, for each way."""


def unchanged(end: Endpoint) -> Endpoint:
    return end


def nothing(client: Endpoint, way: str) -> int:
    del client, way
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Translator:
    """What the device does; everything by default nothing."""

    client: Renamed = unchanged
    server: Renamed = unchanged
    sequence: Shift = nothing
    acks: bool = True
    """Acknowledgements are rewritten as the numbers are that they count; False where they pass by another device."""
    blocks: bool = True
    """So are selective ones."""
    stamps: Shift = nothing
    strips: frozenset[int] = frozenset()
    """Kinds of options that it takes out."""
    mss: int | None = None
    """The largest MSS that it lets through."""
    marks: Callable[[], int] | None = None
    """New IP identifications."""
    routers: int = 0
    vlan: int | None = None
    serves: Callable[[Endpoint], bool] = lambda end: end.port < 1024
    """Which ends are servers'."""
    later: int = 0
    """Nanoseconds from one observer to the other; packets of the way back are as much earlier."""
    clock: Callable[[int], int] = int
    """What the observer beyond it reads for a moment."""

    def rewritten(self, packets: Iterable[p.Packet]) -> list[p.Packet]:
        """*packets* of the observer nearer to the client as the one beyond the device has them, in its order."""
        moved = [self._moved(packet) for packet in packets]
        return [p.Packet(at=self.clock(at), frame=frame) for at, frame in sorted(moved, key=lambda item: item[0])]

    def _moved(self, packet: p.Packet) -> tuple[int, bytes]:
        if not _is_tcp(packet.frame) or self == Translator():
            return packet.at, packet.frame
        frame = Parts(packet.frame, self.serves)
        return packet.at + (self.later if frame.way == "there" else -self.later), self._frame(frame)

    def _frame(self, frame: Parts) -> bytes:
        client, server = (
            (frame.source, frame.destination) if frame.way == "there" else (frame.destination, frame.source)
        )
        other = "back" if frame.way == "there" else "there"
        ends = [self.client(client), self.server(server)]
        source, destination = ends if frame.way == "there" else reversed(ends)
        acked = self.sequence(client, other) if self.acks and frame.ack else 0
        options = [
            self._option(option, client, frame.way, acked if self.blocks else 0)
            for option in frame.options
            if option[0] not in self.strips
        ]
        segment = p.tcp(
            source.port,
            destination.port,
            # Who refuses a SYN has chosen no number that could be rewritten (RFC 9293 section 3.10.7.1).
            seq=(frame.seq + self.sequence(client, frame.way)) & MASK if frame.seq else 0,
            ack=(frame.ack + acked) & MASK,
            flags=frame.flags,
            window=frame.window,
            options=options,
            payload=frame.payload,
        )
        mark = frame.identification if self.marks is None else self.marks()
        ttl = frame.ttl - (self.routers if frame.way == "there" else -self.routers)
        packet = p.ip(source.address, destination.address, segment, ttl=ttl, identification=mark)
        return p.ethernet(packet, vlans=[] if self.vlan is None else [(0x8100, self.vlan)])

    def _option(self, option: bytes, client: Endpoint, way: str, acked: int) -> bytes:
        if option[0] == MSS and self.mss is not None:
            return p.mss(min(self.mss, int.from_bytes(option[2:4], "big")))
        if option[0] == TIMESTAMPS:
            value, echo = struct.unpack(">II", option[2:10])
            other = "back" if way == "there" else "there"
            back = self.stamps(client, other) if echo else 0
            return p.timestamps((value + self.stamps(client, way)) & MASK, (echo + back) & MASK)
        if option[0] == SACK:
            edges = struct.unpack(f">{(len(option) - 2) // 4}I", option[2:])
            moved = [(edge + acked) & MASK for edge in edges]
            return p.sack(*zip(moved[::2], moved[1::2], strict=True))
        return option


class Parts:
    """A frame of `packets.tcp_frame`, taken apart."""

    def __init__(self, frame: bytes, serves: Callable[[Endpoint], bool] = lambda end: end.port < 1024) -> None:
        data = frame[ETHERNET:]
        six = data[0] >> 4 == 6
        start = 40 if six else (data[0] & 15) * 4
        source, destination = (data[8:24], data[24:40]) if six else (data[12:16], data[16:20])
        self.ttl = data[7] if six else data[8]
        self.identification = 1 if six else int.from_bytes(data[4:6], "big")
        length = 40 + int.from_bytes(data[4:6], "big") if six else int.from_bytes(data[2:4], "big")
        ports = struct.unpack(">HHIIHH", data[start : start + 16])
        self.source = Endpoint(str(ip_address(source)), ports[0])
        self.destination = Endpoint(str(ip_address(destination)), ports[1])
        self.seq, self.ack, self.window = ports[2], ports[3], ports[5]
        self.flags = "".join(letter for letter, bit in p.FLAG_LETTERS.items() if ports[4] & bit)
        end = start + (ports[4] >> 12) * 4
        self.options = list(_options(data[start + 20 : end]))
        self.payload = data[end:length]
        self.way = "back" if serves(self.source) else "there"


def _is_tcp(frame: bytes) -> bool:
    return frame[ETHERNET + (6 if frame[ETHERNET] >> 4 == 6 else 9)] == 6


def _options(data: bytes) -> Iterable[bytes]:
    at = 0
    while at < len(data) and data[at]:
        size = 1 if data[at] == 1 else data[at + 1]
        if data[at] != 1:
            yield data[at : at + size]
        at += size


# --- what a translator's fields may do ---


def nat(random: Random, address: str = "203.0.113.7") -> Renamed:
    """All clients behind one address, each connection at a port of its own."""
    ports = iter(random.sample(range(EPHEMERAL, 65_536), 30_000))

    @cache
    def renamed(end: Endpoint) -> Endpoint:
        del end
        return Endpoint(address, next(ports))

    return renamed


def moved_to(address: str, port: int | None = None) -> Renamed:
    """One address for all, the port kept unless *port* says another."""
    return lambda end: Endpoint(address, end.port if port is None else port)


def modulated(random: Random, *ways: str) -> Shift:
    """Another number for each connection and way."""

    @cache
    def shift(client: Endpoint, way: str) -> int:
        del client
        return random.randrange(1, 1 << 32) if way in (ways or ("there", "back")) else 0

    return shift


# --- what passes it ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What hosts put on the wire."""

    connections: int = 12
    stamps: bool = True
    uptime: bool = False
    """All hosts stamp with one clock in milliseconds, as old ones do, and not from a random number on."""
    names: Sequence[str] = ("a.example", "b.example")
    clients: Sequence[str] = ("10.0.0.1", "10.0.0.2")
    servers: Sequence[Endpoint] = (Endpoint("192.0.2.2", 443), Endpoint("192.0.2.3", 443))
    apart: int = 20 * MILLISECOND
    """Between the beginnings of two connections, at most."""


def busy(random: Random, traffic: Traffic) -> list[p.Packet]:
    """Interleaved connections: some are answered and closed, some stall, some have no answer to their SYN."""
    packets: list[p.Packet] = []
    at = START
    for number in range(traffic.connections):
        at += random.randrange(traffic.apart)
        client = Endpoint(random.choice(traffic.clients), EPHEMERAL + number * 17)
        connection = _Connection(random, client, random.choice(traffic.servers), at, stamps=traffic.stamps)
        if traffic.uptime:
            connection.stamp = dict.fromkeys(connection.stamp, (at - START) // MILLISECOND + 5000)
        packets += connection.script(
            random.choice(traffic.names), random.choice(("worked", "worked", "stalled", "unanswered"))
        )
    return sorted(packets, key=lambda packet: packet.at)


class _Connection:
    def __init__(self, random: Random, client: Endpoint, server: Endpoint, at: int, *, stamps: bool) -> None:
        self.random, self.client, self.server, self.at, self.stamps = random, client, server, at, stamps
        self.seq = {"there": random.getrandbits(32), "back": random.getrandbits(32)}
        self.stamp = {"there": random.getrandbits(32), "back": random.getrandbits(32)}
        self.packets: list[p.Packet] = []

    def script(self, name: str, end: str) -> list[p.Packet]:
        if end == "unanswered":
            for ms in (0, 1000, 3000):
                self._say("there", ms, "S", answered=False)
            return self.packets
        self._say("there", 0, "S")
        self._say("back", 40, "SA")
        self._say("there", 41, "A")
        hello = p.client_hello(name)
        if end == "stalled":
            for ms in (45, 300, 800, 1800):
                self._say("there", ms, "PA", hello, advance=False)
            return self.packets
        self._say("there", 45, "PA", hello)
        self._say("back", 90, "PA", bytes(self.random.randrange(100, 1400)))
        self._say("there", 95, "A", blocks=[(500, 700)])
        self._say("there", 100, "FA")
        self._say("back", 140, "FA")
        self._say("there", 141, "A")
        return self.packets

    def _say(
        self,
        way: str,
        ms: int,
        flags: str,
        payload: bytes = b"",
        *,
        advance: bool = True,
        answered: bool = True,
        blocks: Sequence[tuple[int, int]] = (),
    ) -> None:
        other = "back" if way == "there" else "there"
        ends = (self.client, self.server) if way == "there" else (self.server, self.client)
        options = [p.mss(1460), p.sack_permitted(), p.window_scale(7)] if "S" in flags else []
        if self.stamps:
            echo = (self.stamp[other] + ms) & MASK if "A" in flags else 0
            options.append(p.timestamps((self.stamp[way] + ms) & MASK, echo))
        if blocks:
            options.append(p.sack(*(((self.seq[other] + a) & MASK, (self.seq[other] + b) & MASK) for a, b in blocks)))
        frame = p.tcp_frame(
            ends[0].address,
            ends[1].address,
            ends[0].port,
            ends[1].port,
            seq=self.seq[way],
            ack=self.seq[other] if "A" in flags else 0,
            flags=flags,
            options=options,
            payload=payload,
            ttl=64 if way == "there" else 54,
            identification=0 if flags == "SA" else self.random.randrange(1, 1 << 16),
        )
        self.packets.append(p.Packet(at=self.at + ms * MILLISECOND, frame=frame))
        if advance and answered:
            self.seq[way] = (self.seq[way] + len(payload) + ("S" in flags) + ("F" in flags)) & MASK


def proxied(random: Random, packets: Iterable[p.Packet]) -> list[p.Packet]:
    """The connections that a proxy makes for those of *packets*: same bytes and times, and not one number in common."""
    device = Translator(
        client=nat(random, "198.51.100.9"),
        sequence=modulated(random),
        stamps=modulated(random),
        marks=lambda: random.randrange(1, 1 << 16),
        later=5 * MILLISECOND,
    )
    return [replace(packet) for packet in device.rewritten(packets)]
