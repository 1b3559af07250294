"""The background of a case, counted by kind and by who made it; and what a lost race tells beside that."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bothways.connections.background import Background
from bothways.connections.exchange import Exchange
from bothways.connections.races import Race
from bothways.connections.targets import TargetKey
from bothways.diagnosis.model import Apart
from bothways.evidence.endpoint import Endpoint

MOST_CLIENTS = 10
"""Clients of one kind of background that are listed each; forged addresses are as many as packets."""

SEVERAL_TIMES = 2
"""Tries from which on a family's silence is worth a word: a single SYN may be lost."""


def counted_apart(apart: Mapping[TargetKey, Sequence[tuple[Background, Exchange]]]) -> tuple[Apart, ...]:
    """The background by kind and client, the most of a kind first."""
    found: defaultdict[Background, defaultdict[str, Counter[Endpoint]]] = defaultdict(lambda: defaultdict(Counter))
    for items in apart.values():
        for kind, exchange in items:
            found[kind][exchange.client.address][exchange.server] += exchange.stands_for
    return tuple(line for kind in Background if kind in found for line in _lines(kind, found[kind]))


def _lines(kind: Background, clients: Mapping[str, Counter[Endpoint]]) -> Iterable[Apart]:
    busiest = sorted(clients.items(), key=lambda item: (-item[1].total(), item[0]))
    for client, servers in busiest[:MOST_CLIENTS]:
        yield Apart(kind=kind, client=client, connections=servers.total(), servers=len(servers))
    rest: Counter[Endpoint] = Counter()
    for _, servers in busiest[MOST_CLIENTS:]:
        rest += servers
    if rest:
        yield Apart(kind=kind, client=None, connections=rest.total(), servers=len(rest))


def by_kind(apart: Iterable[tuple[Background, Exchange]]) -> tuple[tuple[Background, int], ...]:
    """How many of each kind."""
    counts: Counter[Background] = Counter()
    for kind, exchange in apart:
        counts[kind] += exchange.stands_for
    return tuple((kind, counts[kind]) for kind in Background if counts[kind])


def silent_families(races: Iterable[Race], exchanges: Sequence[Exchange]) -> tuple[str, ...]:
    """Remarks on servers that never answered in one address family, and were reached in the other.

    That nobody waited for them makes it no failure; that they never answer may be one.
    """
    tried: Counter[Endpoint] = Counter()
    for race in races:
        loser, winner = exchanges[race.loser], exchanges[race.winner]
        if not race.answered and _family(loser.server) != _family(winner.server):
            tried[loser.server] += loser.stands_for
    if not tried:
        return ()
    answered = {exchange.server for exchange in exchanges if any(seen.sides.back.packets for seen in exchange.seen)}
    return tuple(
        f"{_family(server)} to {server} was tried {count} times and never answered; the other family was used instead"
        for server, count in sorted(tried.items())
        if count >= SEVERAL_TIMES and server not in answered
    )


def _family(end: Endpoint) -> str:
    return "IPv6" if ":" in end.address else "IPv4"
