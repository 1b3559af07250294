"""From a seed to records in order of time: draws what happens, and counts it."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from ipaddress import ip_address
from operator import itemgetter
from typing import NamedTuple

from bench.large import beside, talks
from bench.large.frames import SECOND, Host, Talk, Timed
from bench.large.talks import Scene
from bench.large.world import FAULTS, FIREWALL, ROUTER, SCRIPTS, SIX_SHARE, Fault, Server, weights, world

RATE = 83
"""Connections begun in a second: 300,000 in an hour."""

SHORTEST = 150
"""Seconds, of the smallest capture."""

LAST_FAILURE = 50
"""Seconds before the end after which nothing begins to fail: whoever waits is seen to wait."""

FAILURES = 0.02
TRANSFERS = 0.004
IDLE = 0.002
DECLINED = 0.002
OPEN_BEFORE = 0.0005
"""Shares of the connections."""

ASKED, VISITED, PINGED = 0.15, 0.01, 0.002
"""Beside each connection: a question to the DNS, a visit by QUIC, some echoes."""

BYTES_EACH = 3550
"""What a connection takes in the file on average, with what goes on beside it, long transfers left out."""

SMALLEST_TRANSFER = 20_000
HEADERS = 1.09
"""Bytes in the file for each one of a long transfer: headers and acknowledgements."""

SECURE = 443
"""Port of the services whose connections may become long transfers."""


Begun = tuple[int, Callable[[int], list[Iterator[Timed]]]]
"""When something begins, and what gives its scripts then."""


class Order(NamedTuple):
    """What a capture is to be like."""

    seed: int
    connections: int
    size: int
    """Bytes; what the connections leave of it goes into long transfers."""

    failures: int

    @property
    def seconds(self) -> int:
        return max(SHORTEST, self.connections // RATE)


class Failing(NamedTuple):
    """Connections that fail by one fault."""

    kind: str
    server: str
    port: int
    outcome: str
    """As `bothways.connections.outcome` has it."""

    connections: int


class Plan:
    """One capture: what happens in it, drawn by a seed, and how much of it."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.connections = 0
        """Those that began, or were seen to be open."""
        self.failing: list[Failing] = []
        self._end = order.seconds * SECOND
        self._dice = random.Random(order.seed)  # noqa: S311 - a benchmark is to be repeatable, not secret
        self._ports: Counter[bytes] = Counter()
        self._world = world(random.Random(order.seed + 1))  # noqa: S311 - as above
        self._choices = {six: weights(self._world.servers, six=six) for six in (False, True)}
        self._transferred = self._left_for_transfers()
        self._resolver = Host(address=bytes([9, 9, 9, 9]), mac=FIREWALL, ttl=56, away=3000)

    @property
    def flooded(self) -> Server:
        """Whom a flood of SYNs is meant for: a server without a fault."""
        return self._world.servers[len(FAULTS)]

    def begun(self) -> list[Begun]:
        """What begins when, in order of time."""
        order, dice = self.order, self._dice
        drawn: list[Begun] = [(SECOND // 3, lambda _: [beside.arp(ROUTER, FIREWALL, self._end)])]
        already = int(order.connections * OPEN_BEFORE)
        drawn += [(int(dice.random() * 40 * SECOND), self._open_before) for _ in range(already)]
        for number, count in enumerate(shared_out(order.failures, [fault.share for fault in FAULTS])):
            drawn += self._failures(FAULTS[number], self._world.servers[number], count)
        working = order.connections - already - order.failures
        drawn += [(int(dice.random() * self._end), self._works) for _ in range(working)]
        drawn.sort(key=itemgetter(0))
        return drawn

    def _left_for_transfers(self) -> int:
        """Bytes of each long transfer on average: what the other connections leave."""
        secure = 0.0
        for six, share in ((True, SIX_SHARE), (False, 1 - SIX_SHARE)):
            servers, summed = self._choices[six]
            secure += share * sum(one.weight for one in servers if one.port == SECURE) / summed[-1]
        left = self.order.size - self.order.connections * BYTES_EACH
        return max(SMALLEST_TRANSFER, int(left / HEADERS / (self.order.connections * TRANSFERS * secure)))

    def _failures(self, fault: Fault, server: Server, count: int) -> list[Begun]:
        latest = self._end - LAST_FAILURE * SECOND
        begin = partial(self._fails, fault, server)
        address = str(ip_address(server.host.address))
        self.failing.append(Failing(fault.kind, address, server.port, fault.outcome, count))
        return [(int(self._dice.random() * latest), begin) for _ in range(count)]

    def _scene(self, at: int, client: Host, server: Server, name: str) -> Scene:
        """A connection of *client* from its next port."""
        dice = self._dice
        self._ports[client.address] += 1
        port = 32_768 + (client.address[-1] * 577 + self._ports[client.address] * (3 if client.stamps else 1)) % 28_000
        numbers = dice.getrandbits(32), dice.getrandbits(32), dice.getrandbits(32), dice.getrandbits(32)
        self.connections += 1
        own = random.Random(dice.getrandbits(32))  # noqa: S311 - as above
        return Scene(Talk((client, port), (server.host, server.port), numbers), at, name, own, self._end)

    def _client(self, networks: Sequence[int], *, six: bool) -> Host:
        clients = self._world.clients(six=six)
        hosts = clients[networks[int(self._dice.random() * len(networks))]]
        return hosts[int(self._dice.random() * len(hosts))]

    def _fails(self, fault: Fault, server: Server, at: int) -> list[Iterator[Timed]]:
        client = self._client(fault.networks, six=fault.six)
        return [fault.script(self._scene(at, client, server, server.failing_name))]

    def _open_before(self, at: int) -> list[Iterator[Timed]]:
        server = self.flooded
        client = self._client(server.served, six=server.six)
        return [talks.alive(self._scene(at, client, server, server.name), at - talks.KEEPALIVE)]

    def _works(self, at: int) -> list[Iterator[Timed]]:
        """A connection that works, and now and then something beside it."""
        dice = self._dice
        six = dice.random() < SIX_SHARE
        server = dice.choices(self._choices[six][0], cum_weights=self._choices[six][1])[0]
        client = self._client(server.served, six=six)
        scene = self._scene(at, client, server, server.name)
        return [self._script(scene), *self._beside(client, server, at)]

    def _script(self, scene: Scene) -> Iterator[Timed]:
        drawn = self._dice.random()
        port = scene.talk.port
        if port == SECURE and drawn < TRANSFERS:
            return talks.transfer(scene, int(self._dice.expovariate(1 / self._transferred)) + 1)
        if port == SECURE and drawn < TRANSFERS + IDLE:
            return talks.idle(scene)
        if port == 80 and drawn < DECLINED:
            return talks.declined(scene)
        return SCRIPTS[port](scene)

    def _beside(self, client: Host, server: Server, at: int) -> Iterator[Iterator[Timed]]:
        dice = self._dice
        if not server.six and dice.random() < ASKED:
            yield beside.asked(client, self._resolver, (server.host, server.name), max(0, at - 8000), dice)
        drawn = dice.random()
        if drawn < VISITED:
            yield beside.quic(client, server.host, at, dice)
        elif drawn < VISITED + PINGED:
            yield beside.ping(client, server.host, at, dice)


def shared_out(count: int, shares: Sequence[int]) -> list[int]:
    """*count*, no less than there are shares, by *shares*: at least one for each; the first takes what rounding does.

    Raises:
        ValueError: There are fewer than shares.
    """
    each = [max(1, count * share // sum(shares)) for share in shares]
    each[0] += count - sum(each)
    if each[0] < 1:
        message = f"{count} failures are too few for one of each of {len(shares)} kinds"
        raise ValueError(message)
    return each
