"""Connections grouped by what somebody wanted to reach: server address, port and name, from one client network."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from msgspec import Struct

from bothways.connections.ease import at_ease
from bothways.connections.exchange import Exchange
from bothways.connections.room import Room, packets_of
from bothways.connections.tally import how_many
from bothways.connections.window import Window, within
from bothways.evidence.capture import Chosen, ConnectionRow, Survey
from bothways.evidence.endpoint import Endpoint
from bothways.wire.address import network_of

EXEMPLARS = 3
"""Connections of one signature whose packets are looked at: one may be odd, of two one cannot tell which, three show
it."""


HANDY = 5000
"""Packets, over all observers, up to which a connection is as good an exemplar as any."""


class TargetKey(Struct, frozen=True, kw_only=True, order=True):
    """Which target a connection belongs to."""

    server: Endpoint
    network: str
    """The clients' network: /24 of IPv4, /64 of IPv6."""

    name: str
    """Server name; empty where no connection to this server said one."""


def by_target(exchanges: Iterable[Exchange]) -> dict[TargetKey, list[Exchange]]:
    """Group *exchanges*. A connection that died before it could say a name counts to the server's most frequent one."""
    places: defaultdict[tuple[Endpoint, str], list[Exchange]] = defaultdict(list)
    for exchange in exchanges:
        sides = exchange.seen[0].sides
        places[sides.server, network_of(sides.client.address)].append(exchange)
    targets: dict[TargetKey, list[Exchange]] = {}
    for (server, network), members in places.items():
        for name, named in _by_name(members).items():
            targets[TargetKey(server=server, network=network, name=name)] = named
    return targets


def _by_name(members: Sequence[Exchange]) -> dict[str, list[Exchange]]:
    """The connections to one server by the name they said; those that said none go with the most frequent one."""
    names = [exchange.name or "" for exchange in members]
    counts: Counter[str] = Counter()
    for exchange, name in zip(members, names, strict=True):
        counts[name] += exchange.stands_for
    if len(counts) == 1:
        return {names[0]: list(members)}
    del counts[""]
    usual = counts.most_common(1)[0][0]
    found: defaultdict[str, list[Exchange]] = defaultdict(list)
    for exchange, name in zip(members, names, strict=True):
        found[name or usual].append(exchange)
    return dict(found)


def by_signature(exchanges: Iterable[Exchange]) -> dict[str, list[Exchange]]:
    """Group the connections of one target by how they went, most frequent first."""
    groups: defaultdict[str, list[Exchange]] = defaultdict(list)
    for exchange in exchanges:
        groups[exchange.signature].append(exchange)
    return dict(sorted(groups.items(), key=lambda item: -how_many(item[1])))


def by_way_of_failing(exchanges: Iterable[Exchange]) -> list[list[Exchange]]:
    """Group the connections of one target by what makes their packets worth a look each, most frequent first."""
    groups: defaultdict[tuple[str, bool], list[Exchange]] = defaultdict(list)
    for exchange in exchanges:
        groups[exchange.way_of_failing].append(exchange)
    return sorted(groups.values(), key=lambda group: -how_many(group))


def choose(
    surveys: Sequence[Survey],
    exchanges: Sequence[Exchange],
    window: Window | None = None,
    *,
    alone: bool = False,
    room: Room | None = None,
) -> dict[str, tuple[Chosen, ...]]:
    """For each survey's file the connections whose packets shall be extracted: a few per target and signature.

    Where a target has connections that began in *window*, only those: they are judged. Of one capture *alone*, beside
    which there is no other evidence, none of targets that are well and share no address or name with one that is not.
    *room* is what there is for their packets, and is told what does not fit.
    """
    wanted: dict[str, list[Chosen]] = {survey.file: [] for survey in surveys}
    inside = {id(item) for item, begun in zip(exchanges, within(window, exchanges), strict=True) if begun}
    targets = {
        key: [item for item in members if id(item) in inside] or members
        for key, members in by_target(exchanges).items()
    }
    looked_at = _looked_at(targets) if alone and len(surveys) == 1 else targets
    groups = (group for members in looked_at.values() for group in by_way_of_failing(members))
    for exchange in (room or Room()).admit([exchange for group in groups for exchange in _handy(group)]):
        for seen in exchange.seen:
            wanted[seen.observer.file].append(_chosen(seen.sides.row))
    return {file: tuple(chosen) for file, chosen in wanted.items()}


def _looked_at(targets: Mapping[TargetKey, list[Exchange]]) -> dict[TargetKey, list[Exchange]]:
    """Those of *targets* that are not at ease, and what these will be compared with."""
    uneasy = {key for key, members in targets.items() if not at_ease(members)}
    addresses, names = {key.server.address for key in uneasy}, {key.name for key in uneasy} - {""}
    return {key: members for key, members in targets.items() if key.server.address in addresses or key.name in names}


def _handy(group: Sequence[Exchange]) -> list[Exchange]:
    """The first of *group*, the very long ones after all others, and the shorter of them first.

    The packets of long ones would fill the memory.
    """
    short = list(islice((exchange for exchange in group if packets_of(exchange) <= HANDY), EXEMPLARS))
    return (
        short if len(short) == EXEMPLARS else sorted(group, key=lambda one: max(0, packets_of(one) - HANDY))[:EXEMPLARS]
    )


def _chosen(row: ConnectionRow) -> Chosen:
    return Chosen(
        number=row.number,
        opener=row.opener,
        other=row.other,
        first_number=row.first_number,
        last_number=row.last_number,
    )
