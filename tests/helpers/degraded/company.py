"""Traffic of others in the same capture, or instead of what was looked for."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from ipaddress import IPv4Address, ip_address
from random import Random

from tests.helpers import packets as p
from tests.helpers.degraded.headers import headers_of
from tests.helpers.degraded.taken import Evidence, Record, Taken
from tests.helpers.noise import CLIENT, Ttls, healthy_noise

_SCANNER = "198.51.100.77"


def _records(packets: list[p.Packet]) -> tuple[Record, ...]:
    return tuple(Record(at=one.at, length=len(one.frame), data=one.frame) for one in packets)


def noisy(evidence: Evidence, connections: int) -> Evidence:
    """Healthy connections of a neighbour to other servers, at every vantage, while the captures ran."""
    times = [record.at for taken in evidence.captures.values() for record in taken.records]
    if not times:
        return evidence
    ttls = {taken.vantage: _ttls(taken, evidence.client) for taken in evidence.captures.values()}
    noise = _noise(connections, _neighbour(evidence.client), min(times), max(times) - min(times), tuple(ttls.items()))

    def mixed(taken: Taken) -> Taken:
        records = (*taken.records, *noise.get(taken.vantage, ()))
        return replace(taken, records=tuple(sorted(records, key=lambda record: record.at)))

    return evidence.each(mixed)


@lru_cache(maxsize=1)
def _noise(
    connections: int, client: str, start: int, span: int, ttls: tuple[tuple[str, Ttls], ...]
) -> dict[str, tuple[Record, ...]]:
    made = healthy_noise(connections, 1, client=client, start=start, span=span, ttls=dict(ttls))
    return {vantage: _records(packets) for vantage, packets in made.items()}


def _neighbour(client: str) -> str:
    """Another host of the client's network; that of an IPv6 client speaks IPv4."""
    return CLIENT if ":" in client else str(IPv4Address(int(IPv4Address(client)) ^ 0x40))


def _ttls(taken: Taken, client: str) -> Ttls:
    """With which TTL the first packet of each way arrived."""
    found: dict[bool, int] = {}
    for record in taken.records:
        headers = headers_of(record.data)
        if headers is not None and headers.tcp_at is not None:
            found.setdefault(headers.source == client, record.data[headers.ttl_at])
    return found.get(True), found.get(False)


def wrong_interface(evidence: Evidence, vantage: str) -> Evidence:
    """*vantage* captured on another of its interfaces: only connections of others pass there, and all are fine."""

    def other(taken: Taken) -> Taken:
        noise = healthy_noise(20, 2, client=_neighbour(evidence.client), start=_first(evidence), span=40 * 10**9)
        return replace(taken, records=_records(noise[taken.vantage]))

    return evidence.each(other, only=[vantage])


def _first(evidence: Evidence) -> int:
    return min((record.at for taken in evidence.captures.values() for record in taken.records), default=0)


def scanned(evidence: Evidence, ports: int) -> Evidence:
    """Meanwhile somebody tries the server's ports: a SYN to each, and a reset from nine in ten."""

    def mixed(taken: Taken) -> Taken:
        if not taken.records:
            return taken
        times = [record.at for record in taken.records]
        probes = _probes(evidence.server, ports, min(times), max(times) - min(times))
        records = (*taken.records, *_records(list(probes)))
        return replace(taken, records=tuple(sorted(records, key=lambda record: record.at)))

    return evidence.each(mixed, only=["firewall-outside", "server"])


def _probes(server: str, ports: int, start: int, span: int) -> Iterator[p.Packet]:
    random = Random(ports)
    scanner = _SCANNER if ip_address(server).version == 4 else "2001:db8:5ca::77"
    # A well-known port would be a service of the case's own; scanners take them all.
    for number, port in enumerate(random.sample(range(10_000, 30_000), ports)):
        at = start + span * number // ports
        seq = random.getrandbits(32)
        yield p.Packet(at=at, frame=p.tcp_frame(scanner, server, 61_000, port, seq=seq, flags="S", ttl=47, window=1024))
        if number % 10:
            frame = p.tcp_frame(server, scanner, port, 61_000, ack=seq + 1, flags="RA", ttl=64, window=0)
            yield p.Packet(at=at + 90_000, frame=frame)
