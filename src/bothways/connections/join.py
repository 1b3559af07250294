"""Rows of several captures joined into exchanges: the same connection seen from several places.

A connection is recognised by its ends and the client's initial sequence number; through address translation, by initial
sequence numbers, which no translation touches unless it says so (32 random bits each, RFC 6528): both ends' where both
are in view, the client's beside the server's address where only the SYN is. A row without a handshake joins the one
connection that had its ends at that time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Observer, along_path
from bothways.connections.outcome import fate_of
from bothways.connections.sides import sides_of
from bothways.evidence.capture import Packets
from bothways.evidence.endpoint import Endpoint

Ends = tuple[Endpoint, Endpoint]


class _Group:
    """The rows found so far that belong to one connection."""

    __slots__ = ("isn_back", "isn_there", "seen")

    def __init__(self, seen: Seen) -> None:
        self.seen = [seen]
        self.isn_there = seen.sides.there.isn
        self.isn_back = seen.sides.back.isn

    def accepts(self, seen: Seen) -> bool:
        """Whether *seen* can be the same connection: no observer twice, and no initial sequence number contradicts."""
        return (
            all(other.observer is not seen.observer for other in self.seen)
            and _agree(self.isn_there, seen.sides.there.isn)
            and _agree(self.isn_back, seen.sides.back.isn)
        )

    def add(self, seen: Seen) -> None:
        self.seen.append(seen)
        self.isn_there = seen.sides.there.isn if self.isn_there is None else self.isn_there
        self.isn_back = seen.sides.back.isn if self.isn_back is None else self.isn_back


def _agree(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other


def see(observer: Observer, packets: Iterable[Packets]) -> list[Seen]:
    """All connections that *observer* saw, with their packets where pass two extracted them."""
    extracted = {item.number: item for item in packets}
    end = observer.survey.end
    if end is None:
        return []
    rows = ((row, sides_of(row)) for row in observer.survey.rows)
    return [
        Seen(
            observer=observer,
            sides=sides,
            fate=fate_of(sides, capture_end=end),
            packets=extracted.get(row.number),
        )
        for row, sides in rows
    ]


class _Index:
    """The groups found so far, by everything that recognises one."""

    def __init__(self) -> None:
        self.groups: list[_Group] = []
        self._by_ends: defaultdict[tuple[Ends, int | None], list[_Group]] = defaultdict(list)
        """By ends and the client's sequence number: thousands of connections may use the same ports in turn."""
        self._uses: defaultdict[Ends, dict[int | None, None]] = defaultdict(dict)
        """Which sequence numbers were seen between two ends."""
        self._by_isns: dict[tuple[int, int], _Group] = {}
        self._by_opening: dict[tuple[int, Endpoint], _Group] = {}

    def place(self, seen: Seen) -> None:
        """Add *seen* to the group that it belongs to, or start one with it."""
        group = self._find(seen)
        if group is None:
            group = _Group(seen)
            self.groups.append(group)
        else:
            group.add(seen)
        sides, ends = seen.sides, (seen.sides.client, seen.sides.server)
        known = self._by_ends[(ends, group.isn_there)]
        self._uses[ends][group.isn_there] = None
        if group not in known:
            known.append(group)
        if sides.there.isn is not None:
            self._by_opening.setdefault((sides.there.isn, sides.server), group)
            if sides.back.isn is not None:
                self._by_isns.setdefault((sides.there.isn, sides.back.isn), group)

    def _find(self, seen: Seen) -> _Group | None:
        return next((group for group in self._candidates(seen) if group is not None and group.accepts(seen)), None)

    def _candidates(self, seen: Seen) -> Iterator[_Group | None]:
        """Groups that may hold *seen*, the likeliest first."""
        sides, ends = seen.sides, (seen.sides.client, seen.sides.server)
        isn = sides.there.isn
        for use in self._uses.get(ends, ()) if isn is None else (isn, None):
            yield from self._by_ends.get((ends, use), ())
        if isn is not None:
            yield self._by_opening.get((isn, sides.server))
            if sides.back.isn is not None:
                yield self._by_isns.get((isn, sides.back.isn))


def join(observers: Sequence[Observer], seen_by: Sequence[Sequence[Seen]]) -> tuple[Exchange, ...]:
    """Join what *observers* saw (`seen_by` in the same order); every row ends up in exactly one exchange.

    Rows that show both ends' sequence numbers come first: they tie together what others show only half of.
    """
    index = _Index()
    for seen in sorted((seen for view in seen_by for seen in view), key=_unknown_isns):
        index.place(seen)
    order = {id(observer): place for place, observer in enumerate(along_path(observers))}
    exchanges = (
        Exchange(seen=tuple(sorted(group.seen, key=lambda seen: order[id(seen.observer)]))) for group in index.groups
    )
    return tuple(sorted(exchanges, key=_first_seen))


def _unknown_isns(seen: Seen) -> int:
    return (seen.sides.there.isn is None) + (seen.sides.back.isn is None)


def _first_seen(exchange: Exchange) -> tuple[int, int]:
    """Order of appearance at the observer nearest to the client."""
    row = exchange.seen[0].sides.row
    return (row.first_number, row.number)
