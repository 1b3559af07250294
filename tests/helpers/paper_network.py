"""A network that exists on paper only: it counts TTLs down, drops, rewrites and answers, at the times it is told.

network = Paper(routers=["10.1.0.1", None, "10.3.0.1"], server=Server())
network.devices[2] = lambda packet: not packet.is_bare_ack        # stands between the first and second router
traces = play(plan, network)
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bothways.evidence.endpoint import Endpoint
from bothways.probes.plan import Heard, Plan
from bothways.units import Instant
from bothways.wire.ip import TCP, parse_ip
from bothways.wire.tcp import TcpHeader, parse_tcp
from tests.helpers import packets as p

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bothways.evidence.probing import ProbeTrace

START = Instant(1_700_000_000 * 10**9)
HOP = 2_000_000
CLIENT, SERVER = Endpoint("192.0.2.10", 40_000), Endpoint("203.0.113.80", 443)
ISN, SERVER_ISN = 1_000_000, 5_000_000
LETTERS = {"F": 1, "S": 2, "R": 4, "P": 8, "A": 16}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A packet at a device."""

    data: bytes
    at: int
    header: TcpHeader | None
    payload: bytes

    @property
    def is_syn(self) -> bool:
        return self.header is not None and self.header.flags & 0x12 == 2


def seen(data: bytes, at: int) -> Seen:
    ip = parse_ip(data, 0, len(data))
    assert ip is not None
    header = parse_tcp(data, ip.start, ip.length) if ip.protocol == TCP else None
    payload = data[ip.start + header.header_length :] if header else data[ip.start :]
    return Seen(data=data, at=at, header=header, payload=payload)


@dataclass(slots=True, kw_only=True)
class Paper:
    routers: Sequence[str | None]
    """Who answers at each distance; None is silent."""
    devices: dict[int, Callable[[Seen], bytes | None]] = field(default_factory=dict)
    """By the distance of the router that they stand before; one more than there are routers: before the server."""
    takes_ack: bool = True
    """The server got the handshake's ACK."""
    answers: bool = True
    limits: dict[int, int] = field(default_factory=dict)
    """Nanoseconds between two errors of a router."""
    quotes: int = 548
    too_big: tuple[int, int] | None = None
    """Before which distance a link is narrow, and of how many bytes, where its router says so."""
    sent: list[tuple[int, bytes]] = field(default_factory=list)
    last_error: dict[int, int] = field(default_factory=dict)
    last_answer: int = 0
    spontaneous: list[int] = field(default_factory=list)
    """When the server repeats its SYN+ACK of its own accord, after the start."""

    def carry(self, packet: bytes, now: int) -> tuple[int, bytes] | None:
        """When which packet comes back."""
        self.sent.append((now, packet))
        ttl, data, at = ttl_of(packet), packet, now
        for distance in range(1, len(self.routers) + 2):
            if self.too_big is not None and distance == self.too_big[0] and len(packet) > self.too_big[1]:
                router = self.routers[distance - 2] or ""
                return at + distance * HOP, too_big(router, data[: self.quotes], self.too_big[1])
            device = self.devices.get(distance)
            if device is not None:
                passed = device(seen(data, at))
                if passed is None:
                    return None
                data = passed
            at += HOP
            if distance > len(self.routers):
                return self._server(seen(data, at), at)
            if ttl == distance:
                return self._router(distance, data, at)
        return None

    def _router(self, distance: int, data: bytes, at: int) -> tuple[int, bytes] | None:
        router = self.routers[distance - 1]
        if router is None or at - self.last_error.get(distance, -(10**12)) < self.limits.get(distance, 0):
            return None
        self.last_error[distance] = at
        return at + distance * HOP, time_exceeded(router, source_of(data), data[: self.quotes], 64 - distance)

    def _server(self, packet: Seen, at: int) -> tuple[int, bytes] | None:
        header = packet.header
        back = at + len(self.routers) * HOP
        if header is None or not self.answers:
            return None
        if header.source_port != CLIENT.port:
            return back, segment("R", header.ack, 0, port=header.source_port)
        if at - self.last_answer < 500_000_000:
            return None
        self.last_answer = at
        if packet.is_syn and not self.takes_ack:
            return back, segment("SA", SERVER_ISN, ISN + 1)
        end = header.seq + len(packet.payload)
        return back, segment("A", SERVER_ISN + 1, end if packet.payload else ISN + 1)


def ttl_of(packet: bytes) -> int:
    return packet[8] if packet[0] >> 4 == 4 else packet[7]


def source_of(packet: bytes) -> str:
    return CLIENT.address if packet[0] >> 4 == 4 else "2001:db8::10"


def segment(flags: str, seq: int, ack: int, *, port: int = CLIENT.port, payload: bytes = b"") -> bytes:
    tcp = p.tcp(SERVER.port, port, seq=seq, ack=ack, flags=flags, payload=payload)
    return p.ip(SERVER.address, CLIENT.address, tcp, ttl=57)


def time_exceeded(router: str, to: str, quoted: bytes, ttl: int) -> bytes:
    return p.ip(router, to, bytes([11, 0]) + bytes(6) + quoted, protocol=1, ttl=ttl)


def too_big(router: str, quoted: bytes, mtu: int) -> bytes:
    return p.ip(router, CLIENT.address, bytes([3, 4, 0, 0, 0, 0]) + mtu.to_bytes(2) + quoted, protocol=1, ttl=60)


def play(plan: Plan, network: Paper, *, most: int = 20_000) -> tuple[ProbeTrace, ...]:
    """Carry the plan out to its end."""
    now, coming, count = (
        START,
        [(START + at, n, segment("SA", SERVER_ISN, ISN + 1)) for n, at in enumerate(network.spontaneous)],
        1000,
    )
    heapq.heapify(coming)
    for _ in range(most):
        due = plan.due(now)
        if due is None:
            return plan.traces()
        for packet in plan.packets(now):
            back = network.carry(packet, now)
            if back is not None:
                count += 1
                heapq.heappush(coming, (back[0], count, back[1]))
        if coming and coming[0][0] <= due:
            at, _, arrived = heapq.heappop(coming)
            now = Instant(max(now, at))
            plan.hear(Heard(at=now, packet=arrived))
        else:
            now = Instant(max(due, now))
    message = "the plan does not end"
    raise AssertionError(message)
