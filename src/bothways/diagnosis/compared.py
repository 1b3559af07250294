"""What a program's own log calls made for comparison: it tells of the target and is none itself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from bothways.connections.exchange import Exchange
from bothways.connections.targets import TargetKey
from bothways.evidence.attempt import Attempt, AttemptLog
from bothways.evidence.endpoint import Endpoint
from bothways.wire.address import network_of


class Compared(Struct, frozen=True, kw_only=True):
    """What the logs of a case tell of it."""

    servers: frozenset[Endpoint]
    """Where nothing else was tried but for comparison."""

    flows: frozenset[tuple[Endpoint, Endpoint]]
    """Client's and server's end of connections made otherwise than usual to what was tried in the usual way, too."""

    def parted(self, exchanges: Sequence[Exchange]) -> tuple[list[Exchange], dict[TargetKey, tuple[Exchange, ...]]]:
        """*exchanges* without those connections, and these by the name that they said."""
        if not self.flows:
            return list(exchanges), {}
        own = list[Exchange]()
        others: defaultdict[TargetKey, list[Exchange]] = defaultdict(list)
        for exchange in exchanges:
            sides = exchange.seen[0].sides
            if (sides.client, sides.server) in self.flows:
                network = network_of(sides.client.address)
                others[TargetKey(server=sides.server, network=network, name=exchange.name or "")].append(exchange)
            else:
                own.append(exchange)
        return own, {key: tuple(members) for key, members in others.items()}

    def counts(self, attempt: Attempt) -> bool:
        """Whether *attempt* may make what it went to a target, as far as its own log tells."""
        return not attempt.control or server_of(attempt) in self.servers


def compared_in(logs: Iterable[AttemptLog]) -> Compared:
    """What *logs* call made for comparison."""
    tried = [(server, attempt) for log in logs for attempt in log.attempts if (server := server_of(attempt))]
    usual = {server for server, attempt in tried if not attempt.control}
    return Compared(
        servers=frozenset(server for server, attempt in tried if attempt.control and server not in usual),
        flows=frozenset(
            (attempt.source, server)
            for server, attempt in tried
            if attempt.control and attempt.source and server in usual
        ),
    )


def server_of(attempt: Attempt) -> Endpoint | None:
    """Where *attempt* went; None where its log does not say."""
    if attempt.address is None or attempt.port is None:
        return None
    return Endpoint(attempt.address, attempt.port)
