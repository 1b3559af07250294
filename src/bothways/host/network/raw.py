"""Whole IP packets sent as a plan made them, past a guard: only to chosen addresses, only so many, only so fast."""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, ip_address
from types import TracebackType
from typing import Self

from bothways.errors import CallError, MissingPermissionError
from bothways.host.network.apart import Apart
from bothways.host.network.sockets import bind_source, bind_to_interface, family_of, sockaddr
from bothways.units import NANOSECONDS_PER_SECOND, Instant
from bothways.wire.address import address as canonical
from bothways.wire.ip import IpHeader, parse_ip

RATE = 50.0
"""Packets a second."""

BURST = 10
"""Packets at once, before the rate holds: what one round of a trace sends."""

MOST = 3000
"""Packets in all."""

_BROADCAST = IPv4Address("255.255.255.255")


class RefusedError(CallError):
    """The guard lets a packet not pass."""


class Bucket:
    """A token bucket that may be overdrawn: what belongs together is sent together, and waited for afterwards."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = float(burst)
        self._at: Instant | None = None

    def take(self, now: Instant) -> None:
        """One packet is sent."""
        self._fill(now)
        self._tokens -= 1

    def ready(self, now: Instant) -> Instant:
        """When the next one may be: *now*, or later."""
        self._fill(now)
        wait = max(1 - self._tokens, 0) / self._rate
        return Instant(now + round(wait * NANOSECONDS_PER_SECOND))

    def _fill(self, now: Instant) -> None:
        if self._at is not None and now > self._at:
            grown = (now - self._at) / NANOSECONDS_PER_SECOND * self._rate
            self._tokens = min(self._tokens + grown, float(self._burst))
        self._at = now


class RawSender:
    """Raw sockets, one for each address that is sent from (raw(7), IP_HDRINCL)."""

    def __init__(
        self,
        destinations: Iterable[str],
        *,
        interface: str | None = None,
        rate: float = RATE,
        most: int = MOST,
        apart: Apart | None = None,
    ) -> None:
        """Nothing is opened before the first packet.

        Args:
            destinations: Targets and controls; packets to anybody else are refused.
            interface: Where all leave; None asks the routes.
            rate: Packets a second.
            most: Packets in all.
            apart: Is told of each, so that the capture file does not hold them.

        Raises:
            RefusedError: a destination is broadcast, multicast, unspecified or no single address.
        """
        self._allowed = frozenset(_single(text) for text in destinations)
        self._interface = interface
        self._apart = apart
        self._sockets: dict[bytes, socket.socket] = {}
        self._bucket = Bucket(rate, BURST)
        self.most = most
        self.sent = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all sockets."""
        while self._sockets:
            self._sockets.popitem()[1].close()

    def ready(self, now: Instant) -> Instant:
        """When the next packet may be sent."""
        return self._bucket.ready(now)

    @property
    def left(self) -> int:
        """How many may still be sent."""
        return max(self.most - self.sent, 0)

    def send(self, packet: bytes, now: Instant) -> None:
        """Send it. The kernel fills in an IPv4 header's checksum and length, and its identification where that is 0.

        Raises:
            RefusedError: the guard lets it not pass: another destination, a foreign source, no whole packet, too many.
            MissingPermissionError: raw sockets are not allowed.
            OSError: the kernel could not send it: too large for the interface, no route, a local rule.
        """
        header = self._guarded(packet)
        if not self.left:
            message = f"{self.most} probes were sent, which is the most that one check sends"
            raise RefusedError(message)
        sock = self._sockets.get(header.source) or self._open(header.source)
        if self._apart is not None:
            self._apart.sent(packet)
        self._bucket.take(now)
        self.sent += 1
        sock.sendto(packet, _where(canonical(header.destination), self._interface))

    def _guarded(self, packet: bytes) -> IpHeader:
        header = parse_ip(packet, 0, len(packet))
        if header is None or header.lengthless or header.start + header.length != len(packet):
            message = f"{len(packet)} bytes are no whole IP packet"
            raise RefusedError(message)
        if header.destination not in self._allowed:
            message = f"{canonical(header.destination)} is neither a target nor a control of this check"
            raise RefusedError(message)
        return header

    def _open(self, source: bytes) -> socket.socket:
        text = canonical(source)
        try:
            sock = socket.socket(family_of(text), socket.SOCK_RAW, socket.IPPROTO_RAW)
        except PermissionError as error:
            message = "sending probes inside a connection takes CAP_NET_RAW: run as root"
            raise MissingPermissionError(message) from error
        try:
            sock.setblocking(False)  # noqa: FBT003 - the socket module's own signature
            if self._interface is not None:
                bind_to_interface(sock, self._interface)
            # The kernel binds to its own addresses only, so that nothing is sent in another's name.
            bind_source(sock, text)
        except CallError as error:
            sock.close()
            raise RefusedError(*error.args) from error
        except BaseException:
            sock.close()
            raise
        self._sockets[source] = sock
        return sock


def _where(address: str, interface: str | None) -> tuple[str, int] | tuple[str, int, int, int]:
    local = address.startswith("fe80:") and interface is not None
    return sockaddr(f"{address}%{interface}" if local else address, 0)


def _single(text: str) -> bytes:
    """A destination's bytes, where it is one host's address."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError as error:
        message = f"{text!r} is not one IP address"
        raise RefusedError(message) from error
    if address.is_multicast or address.is_unspecified or address == _BROADCAST:
        message = f"{address} is not one host's address"
        raise RefusedError(message)
    return address.packed
