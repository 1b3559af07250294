"""Who talks to whom, and what goes wrong how often: a campus of six networks, and sixty services outside."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from bench.large import faults, talks
from bench.large.frames import Host, Timed
from bench.large.talks import Scene

VLAN = 30
"""Tag of the third network's and the second IPv6 network's frames: the tap stands on a trunk."""

HOSTS = 200
"""In each network of clients."""

ROUTER, FIREWALL = bytes.fromhex("5254000a0001"), bytes.fromhex("5254000a00fe")
FOUR_NETWORKS = ("10.20.0", "10.20.1", "10.20.2", "10.20.3")
SIX_NETWORKS = ("20010db800200000", "20010db800210000")
SIX_SHARE = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that fails, at one server."""

    kind: str
    share: int
    """Of 6000 failures."""

    outcome: str
    """What `bothways.connections.outcome` calls such a connection."""

    script: Callable[[Scene], Iterator[Timed]]
    port: int = 443
    networks: tuple[int, ...] = (0, 1)
    """Which clients suffer; those of the others are served."""

    six: bool = False
    partly: bool = False
    """Clients of these networks are served as well, with another name or by another path."""


FAULTS = (
    Fault(kind="unanswered", share=500, outcome="unanswered", script=faults.unanswered),
    Fault(kind="unanswered-ipv6", share=300, outcome="unanswered", script=faults.unanswered, six=True),
    Fault(kind="one-network", share=300, outcome="unanswered", script=faults.unanswered, networks=(3,)),
    Fault(kind="refused", share=500, outcome="refused", script=faults.refused, port=8080, networks=(0, 1, 2, 3)),
    Fault(kind="half-open", share=900, outcome="half-open", script=faults.half_open, partly=True),
    Fault(kind="name-filter", share=700, outcome="stalled-there", script=faults.name_filtered, partly=True),
    Fault(kind="name-reset", share=300, outcome="reset", script=faults.name_reset, networks=(2,), partly=True),
    Fault(kind="hole-back", share=500, outcome="stalled-back", script=faults.hole_back, networks=(1,)),
    Fault(kind="hole-there", share=250, outcome="stalled-there", script=faults.hole_there, networks=(2,), partly=True),
    Fault(kind="silent", share=400, outcome="silent", script=faults.silent, port=80),
    Fault(kind="reset-after-data", share=350, outcome="reset", script=faults.reset_after_data, port=80, networks=(3,)),
    Fault(kind="zero-window", share=150, outcome="window-closed", script=faults.window_closed, networks=(0,)),
    Fault(kind="prohibited", share=300, outcome="unreachable", script=faults.prohibited, networks=(2, 3)),
    Fault(kind="no-route-ipv6", share=200, outcome="unreachable", script=faults.no_route, networks=(1,), six=True),
    Fault(kind="loop", share=100, outcome="unreachable", script=faults.loop, networks=(1,)),
    Fault(kind="state-expired", share=150, outcome="stalled-there", script=faults.state_expired, port=5432),
    Fault(kind="chance-silent", share=20, outcome="silent", script=faults.silent, port=80, partly=True),
    Fault(kind="chance-reset", share=20, outcome="reset", script=faults.reset_after_data, port=80, partly=True),
    Fault(kind="chance-syn", share=30, outcome="unanswered", script=faults.unanswered, networks=(2, 3), partly=True),
    Fault(kind="chance-refused", share=30, outcome="refused", script=faults.refused, partly=True),
)
"""The first server of each; servers without a fault follow."""

SERVICES = (443,) * 17 + (80,) * 10 + (8080, 5432, 6379, 22, 25, 143) + (443,) * 5 + (80, 22)
"""Ports of the servers without a fault; the last seven speak IPv6."""

SIX_SERVICES = 7
SCRIPTS: dict[int, Callable[[Scene], Iterator[Timed]]] = {
    443: talks.web,
    80: talks.plain,
    8080: talks.plain,
    5432: talks.database,
    6379: talks.database,
    22: talks.greeted,
    25: talks.greeted,
    143: talks.greeted,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One service."""

    host: Host
    port: int
    name: str
    failing_name: str
    """What is asked for where it fails: another name, where a name does."""

    served: tuple[int, ...]
    """Networks whose clients it serves."""

    weight: float

    @property
    def six(self) -> bool:
        return len(self.host.address) == 16


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All hosts."""

    servers: tuple[Server, ...]
    """Those of `FAULTS` first, in its order."""

    four: tuple[tuple[Host, ...], ...]
    """Clients by network."""

    six: tuple[tuple[Host, ...], ...]

    def clients(self, *, six: bool) -> tuple[tuple[Host, ...], ...]:
        return self.six if six else self.four


def world(dice: random.Random) -> World:
    """The hosts, the same for each capture of a seed."""
    kinds = [(fault.port, fault.six) for fault in FAULTS]
    kinds += [(port, place >= len(SERVICES) - SIX_SERVICES) for place, port in enumerate(SERVICES)]
    return World(
        servers=tuple(_server(number, port, six, dice) for number, (port, six) in enumerate(kinds)),
        four=tuple(tuple(_client(net, host, dice) for host in range(HOSTS)) for net in range(len(FOUR_NETWORKS))),
        six=tuple(tuple(_client_six(net, host, dice) for host in range(HOSTS)) for net in range(len(SIX_NETWORKS))),
    )


def _server(number: int, port: int, six: bool, dice: random.Random) -> Server:  # noqa: FBT001 - it stands in a row of a table
    address = (
        bytes.fromhex("20010db8f000") + number.to_bytes(10, "big")
        if six
        else bytes([198, 51, 100, number + 1] if number % 2 else [203, 0, 113, number + 1])
    )
    name = f"www{number}.example.org"
    fault = FAULTS[number] if number < len(FAULTS) else None
    suffering = fault.networks if fault and not fault.partly else ()
    host = Host(
        address=address,
        mac=FIREWALL,
        ttl=64 - dice.randrange(6, 16),
        away=dice.choice((1500, 2500, 4000, 6000, 9000, 14_000, 22_000, 40_000)),
        stamps=dice.random() < 0.9,
    )
    return Server(
        host=host,
        port=port,
        name=name,
        failing_name=f"video{number}.example.net" if fault and fault.kind.startswith("name-") else name,
        served=tuple(net for net in range(len(SIX_NETWORKS if six else FOUR_NETWORKS)) if net not in suffering),
        weight=1 / (1 + number % 20) if fault is None else 0.12,
    )


def _habits(dice: random.Random) -> tuple[int, int, bool]:
    """TTL, distance and timestamps of a client: Linux and macOS, or Windows."""
    windows = dice.random() < 0.45
    return (127 if windows else 63), dice.choice((250, 400, 700, 1500)), not windows


def _client(net: int, number: int, dice: random.Random) -> Host:
    ttl, away, stamps = _habits(dice)
    address = bytes(map(int, FOUR_NETWORKS[net].split("."))) + bytes([number + 20])
    return Host(address=address, mac=ROUTER, ttl=ttl, away=away, stamps=stamps, vlan=VLAN if net == 2 else 0)


def _client_six(net: int, number: int, dice: random.Random) -> Host:
    ttl, away, stamps = _habits(dice)
    address = bytes.fromhex(SIX_NETWORKS[net]) + dice.randbytes(6) + number.to_bytes(2, "big")
    return Host(address=address, mac=ROUTER, ttl=ttl, away=away, stamps=stamps, vlan=VLAN if net == 1 else 0)


def weights(servers: tuple[Server, ...], *, six: bool) -> tuple[list[Server], list[float]]:
    """The servers of a family and their weights, added up."""
    chosen = [server for server in servers if server.six is six and server.served]
    return chosen, list(accumulate(server.weight for server in chosen))
