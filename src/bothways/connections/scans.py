"""Scans: one client that tries door after door and does nothing behind any of them.

Counted per minute and client, over what it began to one host (many ports), to one port of one network (addresses side
by side), or to one port anywhere (very many addresses). A scan takes all of this, and in doubt it is none:

* at least `DOORS` different servers or ports within `MINUTE`;
* at least `FRUITLESS` of all that the client tried there in that minute without a byte of data, and ended: never
  answered, refused, unreachable, or closed again at once. An open door through which the observer saw nobody go may be
  an observer that sees only SYNs;
* nobody waited: no SYN was repeated. A program that wants to connect leaves that to its kernel, which repeats it after
  a second (RFC 6298 section 2.1). So a user all of whose sites fail is no scanner;
* no door was tried again after a minute, or ever worked for this client. A monitor comes back, and what it finds
  closed is a failure.

Browsers and crawlers carry data; their servers are neither many ports of one host nor neighbours of each other.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence

from msgspec import Struct

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.outcome import SEVERAL, SYN_AND_FIN
from bothways.evidence.endpoint import Endpoint
from bothways.units import SECOND, Duration, Instant, between
from bothways.wire.address import network_of
from bothways.wire.sequence import distance

MINUTE = Duration(60 * SECOND)

DOORS = 30
"""More than the connections that a page opens to one host or network (browsers open six to a host), and far less than
the thousand ports or the 254 addresses of the smallest usual scan."""

SWEEP = 256
"""Doors from which on neither their order nor patience matters: a whole /24, or more ports of one host than anybody
uses within a minute."""

FRUITLESS = 0.9
"""Of a scan's doors a few are open, and behind some of those a scanner asks who is there."""


class _Try(Struct, frozen=True, kw_only=True):
    """One connection of a client."""

    index: int
    """Which exchange it is."""

    at: Instant
    door: Endpoint
    fruitless: bool
    waited: bool


def scanned(exchanges: Sequence[Exchange]) -> set[int]:
    """Which of *exchanges* belong to scans, by their places in the sequence."""
    found: set[int] = set()
    for places in _of_many_doors(exchanges):
        tries = _tries(exchanges, places)
        comes_back = _visited(tries)
        for group, doors, patient in _groups(tries):
            found |= _bursts(group, doors, comes_back, patient=patient)
    return found


def _of_many_doors(exchanges: Sequence[Exchange]) -> list[list[int]]:
    """For each client that tried as many doors in vain as a scan does, which of *exchanges* are its."""
    clients: defaultdict[str, list[int]] = defaultdict(list)
    doors: defaultdict[str, set[Endpoint]] = defaultdict(set)
    for index, exchange in enumerate(exchanges):
        sides = exchange.seen[0].sides
        clients[sides.client.address].append(index)
        if not sides.there.data and not sides.back.data:
            doors[sides.client.address].add(sides.server)
    return [places for client, places in clients.items() if len(doors[client]) >= DOORS]


def _tries(exchanges: Sequence[Exchange], places: Iterable[int]) -> list[_Try]:
    """Those of one client in order of time."""
    tries = [
        _Try(
            index=index,
            at=at,
            door=exchanges[index].server,
            fruitless=_is_fruitless(exchanges[index]),
            waited=any(seen.sides.there.syns >= SEVERAL for seen in exchanges[index].seen),
        )
        for index in places
        if (at := exchanges[index].seen[0].sides.first) is not None
    ]
    return sorted(tries, key=lambda one: one.at)


def _is_fruitless(exchange: Exchange) -> bool:
    """It was begun in view and ended in view without a byte of data."""
    ways = [(seen.sides.there, seen.sides.back) for seen in exchange.seen]
    if not any(there.syns for there, _ in ways) or any(map(_carried, exchange.seen)):
        return False
    offered = any(back.syn_acks for _, back in ways)
    ended = any(there.resets or there.fins or back.resets for there, back in ways)
    return ended or not offered


def _carried(seen: Seen) -> bool:
    """Whether bytes passed, in view or by the numbers of what followed; a capture of SYNs and FINs shows none else."""
    return any(
        way.data or (way.isn is not None and way.end is not None and distance(way.isn, way.end) > SYN_AND_FIN)
        for way in (seen.sides.there, seen.sides.back)
    )


def _visited(tries: Iterable[_Try]) -> set[Endpoint]:
    """Doors to which the client came back after more than a minute, or behind which it found something."""
    first: dict[Endpoint, Instant] = {}
    visited: set[Endpoint] = set()
    for one in tries:
        if not one.fruitless or between(first.setdefault(one.door, one.at), one.at) > MINUTE:
            visited.add(one.door)
    return visited


def _groups(tries: Iterable[_Try]) -> Iterator[tuple[list[_Try], int, bool]]:
    """Groups in which a scan shows, how many doors make one there, and whether it may wait."""
    groups: defaultdict[tuple[str, Hashable], list[_Try]] = defaultdict(list)
    for one in tries:
        groups["host", one.door.address].append(one)
        groups["network", (one.door.port, network_of(one.door.address))].append(one)
        groups["anywhere", one.door.port].append(one)
    for (what, _), group in groups.items():
        yield group, SWEEP if what == "anywhere" else DOORS, False
        if what == "host":
            yield group, SWEEP, True


def _bursts(group: Sequence[_Try], doors: int, visited: set[Endpoint], *, patient: bool) -> set[int]:
    """The fruitless tries of every minute of *group* that holds a scan."""
    found: set[int] = set()
    if len(group) < doors:
        return found
    counts = [one.fruitless and one.door not in visited and (patient or not one.waited) for one in group]
    everything: Counter[Endpoint] = Counter()
    fruitless: Counter[Endpoint] = Counter()
    start = taken = 0
    for end, one in enumerate(group):
        everything[one.door] += 1
        if counts[end]:
            fruitless[one.door] += 1
        while between(group[start].at, one.at) > MINUTE:
            _forget(everything, group[start].door)
            if counts[start]:
                _forget(fruitless, group[start].door)
            start += 1
        if len(fruitless) >= doors and len(fruitless) >= FRUITLESS * len(everything):
            found.update(group[place].index for place in range(max(start, taken), end + 1) if counts[place])
            taken = end + 1
    return found


def _forget(doors: Counter[Endpoint], door: Endpoint) -> None:
    """One try less; a door without any is none."""
    doors[door] -= 1
    if not doors[door]:
        del doors[door]
