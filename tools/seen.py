"""What a capture shows, a line per connection, in tshark's reading of it."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from tests.helpers.tshark import ACK, SYN, Packet

FIN = 0x01
MOST_TIMES = 9
"""Times of one kind of packet that are told; the rest is counted."""

NOTHING = "no connection"


def seen(packets: Iterable[Packet]) -> list[str]:
    """Return a line for each connection, in the order of their first packets; what path tools sent is left out.

    Seconds count from the connection's first packet.
    """
    connections: dict[frozenset[tuple[str, int]], list[Packet]] = {}
    for packet in packets:
        if packet.is_tcp:
            ends = frozenset({(packet.source, packet.port), (packet.target, packet.to_port)})
            connections.setdefault(ends, []).append(packet)
    return [_line(one) for one in connections.values() if not _is_probe(one)] or [NOTHING]


def _is_probe(connection: Sequence[Packet]) -> bool:
    """Whether it is a probe of a TCP traceroute and what became of it: a SYN with few hops to go."""
    return any(packet.is_syn for packet in connection) and not any(packet.opens for packet in connection)


def _line(connection: Sequence[Packet]) -> str:
    client = _client(connection)
    server, port = next(
        (packet.target, packet.to_port) if (packet.source, packet.port) == client else (packet.source, packet.port)
        for packet in connection
    )
    times: dict[str, list[str]] = {}
    for packet in connection:
        way = "there" if (packet.source, packet.port) == client else "back"
        times.setdefault(f"{way} {kind(packet)}", []).append(f"{packet.seconds - connection[0].seconds:.2f}")
    told = "; ".join(f"{what} {repeats(at)}" for what, at in times.items())
    return f"{client[1]} to {server} port {port}: {told}"


def _client(connection: Sequence[Packet]) -> tuple[str, int]:
    """Who opened it; where that was not seen, whoever is heard first."""
    for packet in connection:
        if packet.is_syn:
            return packet.source, packet.port
        if packet.is_syn_ack:
            return packet.target, packet.to_port
    return connection[0].source, connection[0].port


def kind(packet: Packet) -> str:
    """Return what a packet is, in a word."""
    if packet.is_reset:
        return "RST"
    if packet.flags & SYN:
        return "SYN+ACK" if packet.flags & ACK else "SYN"
    if packet.flags & FIN:
        return "FIN"
    return "data" if packet.payload else "ACK"


def repeats(times: Sequence[str]) -> str:
    """Return times as they are told: equal ones counted, and no more than the first few."""
    counted = [(when, len(list(same))) for when, same in groupby(times)]
    told = [f"{when} (x{count})" if count > 1 else when for when, count in counted]
    left = sum(count for _, count in counted[MOST_TIMES:])
    return " ".join([*told[:MOST_TIMES], f"(and {left} more)"] if left else told)
