"""Which packets of a capture are probes or answer one: they are told in the check log, and are no part of a connection.

In the capture file they would be taken for the connection's own: a duplicate for a repeat, a router's "time exceeded"
for a loop.
"""

from collections import Counter

from bothways.wire.icmp import Quote, parse_icmp
from bothways.wire.ip import ICMP, ICMPV6, TCP, IpHeader, parse_ip

_UDP = 17
_TIME_EXCEEDED = {4: 11, 6: 3}
_MOST = 10_000
"""Probes whose own copy has not passed the capture yet."""

_Flow = tuple[bytes, int | None, bytes, int | None]


class Apart:
    """What was sent as a probe, and from which ports nothing else is sent."""

    def __init__(self) -> None:
        self._ports: set[int] = set()
        self._flows: set[_Flow] = set()
        self._underway: Counter[tuple[int, bytes, bytes, bytes]] = Counter()

    def port(self, port: int) -> None:
        """All that goes from this port of ours is probing: a trace by connects with limited TTL, for one."""
        self._ports.add(port)

    def sent(self, packet: bytes) -> None:
        """This packet is about to be sent beside what the kernel sends in the same connection."""
        header = parse_ip(packet, 0, len(packet))
        if header is not None and self._underway.total() < _MOST:
            self._underway[_likeness(header, packet)] += 1
            self._flows.add(_flow(header, packet))

    def is_probe(self, packet: bytes) -> bool:
        """Whether a captured packet, from its IP header on, is a probe or what a router said of one.

        Asked once for each packet: a probe is recognised as often as it was sent.
        """
        header = parse_ip(packet, 0, len(packet))
        if header is None:
            return False
        if header.protocol in {TCP, _UDP}:
            source, destination = _ports(header, packet)
            if source in self._ports or destination in self._ports:
                return True
            likeness = _likeness(header, packet)
            if self._underway[likeness] > 0:
                self._underway[likeness] -= 1
                return True
        return self._of_probe(header, packet)

    def _of_probe(self, header: IpHeader, packet: bytes) -> bool:
        if header.protocol not in {ICMP, ICMPV6}:
            return False
        version = packet[0] >> 4
        message = parse_icmp(version, packet, header.start, header.length)
        if message is None:
            return False
        quote = message.quote
        if quote.source_port in self._ports:
            return True
        return message.type == _TIME_EXCEEDED[version] and _quoted_flow(quote) in self._flows


def _likeness(header: IpHeader, packet: bytes) -> tuple[int, bytes, bytes, bytes]:
    """What the kernel leaves as it is of a packet that it is given whole (raw(7))."""
    return header.ttl, header.source, header.destination, packet[header.start :]


def _ports(header: IpHeader, packet: bytes) -> tuple[int | None, int | None]:
    start = header.start
    if header.fragment_offset or len(packet) < start + 4:
        return None, None
    return int.from_bytes(packet[start : start + 2]), int.from_bytes(packet[start + 2 : start + 4])


def _flow(header: IpHeader, packet: bytes) -> _Flow:
    source, destination = _ports(header, packet)
    return header.source, source, header.destination, destination


def _quoted_flow(quote: Quote) -> _Flow:
    return quote.source, quote.source_port, quote.destination, quote.destination_port
