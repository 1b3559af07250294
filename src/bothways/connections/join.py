"""Rows of several captures joined into exchanges: the same connection seen from several places.

A connection is recognised by its ends and the client's initial sequence number; through address translation, by both
initial sequence numbers, which no translation touches unless it says so (32 random bits each, RFC 6528). A row without
a handshake joins the one connection that had its ends at that time.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

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
    end = observer.survey.last
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


def join(observers: Sequence[Observer], seen_by: Sequence[Sequence[Seen]]) -> tuple[Exchange, ...]:
    """Join what *observers* saw (`seen_by` in the same order); every row ends up in exactly one exchange."""
    groups: list[_Group] = []
    by_ends: defaultdict[Ends, list[_Group]] = defaultdict(list)
    by_isns: dict[tuple[int, int], _Group] = {}
    for seens in seen_by:
        for seen in seens:
            group = _find(seen, by_ends, by_isns)
            if group is None:
                group = _Group(seen)
                groups.append(group)
            else:
                group.add(seen)
            by_ends[(seen.sides.client, seen.sides.server)].append(group)
            if group.isn_there is not None and group.isn_back is not None:
                by_isns.setdefault((group.isn_there, group.isn_back), group)
    order = {id(observer): place for place, observer in enumerate(along_path(observers))}
    return tuple(
        Exchange(seen=tuple(sorted(group.seen, key=lambda seen: order[id(seen.observer)]))) for group in groups
    )


def _find(seen: Seen, by_ends: dict[Ends, list[_Group]], by_isns: dict[tuple[int, int], _Group]) -> _Group | None:
    candidates = [group for group in by_ends.get((seen.sides.client, seen.sides.server), ()) if group.accepts(seen)]
    if candidates:
        return candidates[0]
    isn_there, isn_back = seen.sides.there.isn, seen.sides.back.isn
    if isn_there is None or isn_back is None:
        return None
    translated = by_isns.get((isn_there, isn_back))
    return translated if translated is not None and translated.accepts(seen) else None
