"""Rows of several captures joined into exchanges: the same connection seen from several places.

A connection is recognised by its ends and the client's initial sequence number; through address translation, by initial
sequence numbers, which most translators leave alone (32 random bits each, RFC 6528): both ends' where both are in view,
the client's beside the server's address where only the SYN is. What that leaves alone is compared by all that a device
may have left of it (`candidates`), with the clocks that the sure joins have compared; what cannot be told apart stays
unjoined.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import combinations

from bothways.connections.candidates import match
from bothways.connections.clock import ClockOffset, offset_of
from bothways.connections.drift import Sample
from bothways.connections.exchange import Exchange, Seen
from bothways.connections.numbering import SAME, answered_twice, numbered, numbering
from bothways.connections.observer import Observer, along_path
from bothways.connections.outcome import fate_of
from bothways.connections.sides import Sides, sides_of
from bothways.connections.twins import apart
from bothways.evidence.capture import Packets, WayCounters
from bothways.units import between
from bothways.way import Way

MOST_SAMPLES = 400
"""Connections by which two clocks are compared: enough for a line, in any capture."""

Key = Callable[[Sides], Hashable | None]


class _Group:
    """The rows found so far that belong to one connection."""

    __slots__ = ("again", "members", "rivals")

    def __init__(self, seen: Seen, again: tuple[Seen, ...]) -> None:
        self.again = again
        self.members = {id(seen.observer): seen}
        self.rivals = 0


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


def join(observers: Sequence[Observer], seen_by: Sequence[Sequence[Seen]]) -> tuple[Exchange, ...]:
    """Join what *observers* saw (`seen_by` in the same order); every row ends up in exactly one exchange."""
    views = [apart(view) for view in seen_by]
    if len(views) == 1:
        return _alone(*views[0])
    groups = [_Group(seen, again.get(seen.sides.row.number, ())) for view, again in views for seen in view]
    ordered = along_path(observers)
    pairs = list(combinations(ordered, 2))
    for up, down in pairs:
        for key in _SURE:
            groups = _joined(groups, _surely(groups, up, down, key))
    for up, down in pairs:
        groups = _compared(groups, up, down)
    order = {id(observer): place for place, observer in enumerate(ordered)}
    return tuple(sorted((_exchange(group, order) for group in groups), key=_first_seen))


def _alone(view: Iterable[Seen], again: Mapping[int, tuple[Seen, ...]]) -> tuple[Exchange, ...]:
    """What one observer saw; there is nobody whose rows it could be joined with."""
    exchanges = [
        Exchange(seen=(seen,), again=again.get(seen.sides.row.number, ()), stands_for=seen.sides.row.stands_for)
        for seen in view
    ]
    return tuple(sorted(exchanges, key=_first_seen))


def _exchange(group: _Group, order: dict[int, int]) -> Exchange:
    stands_for = max(seen.sides.row.stands_for for seen in group.members.values())
    if len(group.members) == 1:
        return Exchange(
            seen=tuple(group.members.values()), again=group.again, rivals=group.rivals, stands_for=stands_for
        )
    seen = sorted(group.members.values(), key=lambda seen: order[id(seen.observer)])
    changes = numbered([one.sides for one in seen])
    return Exchange(
        seen=tuple(one if change == SAME else one.numbered(change) for one, change in zip(seen, changes, strict=True)),
        again=group.again,
        rivals=group.rivals,
        stands_for=stands_for,
    )


def _by_ends(sides: Sides) -> Hashable | None:
    return None if sides.there.isn is None else (sides.client, sides.server, sides.there.isn)


def _by_isns(sides: Sides) -> Hashable | None:
    return None if None in {sides.there.isn, sides.back.isn} else (sides.there.isn, sides.back.isn)


def _by_opening(sides: Sides) -> Hashable | None:
    return None if sides.there.isn is None else (sides.there.isn, sides.server, sides.there.ts_value)


def _by_sender(sides: Sides) -> Hashable | None:
    return None if sides.there.isn is None else (sides.there.isn, sides.client, sides.there.ts_value)


_SURE: tuple[Key, ...] = (_by_ends, _by_isns, _by_opening, _by_sender)
"""What settles it at once where one row of each capture has it, the surest first."""


def _unmatched(groups: Iterable[_Group], up: Observer, down: Observer) -> tuple[list[_Group], list[_Group]]:
    """Connections that only the one, and that only the other of two observers is known to have seen."""
    ups = [group for group in groups if id(up) in group.members and id(down) not in group.members]
    downs = [group for group in groups if id(down) in group.members and id(up) not in group.members]
    return ups, downs


def _surely(groups: Sequence[_Group], up: Observer, down: Observer, key: Key) -> list[tuple[_Group, _Group]]:
    """Groups of which one row each has the same *key*, and no sequence number contradicts."""
    ups, downs = _unmatched(groups, up, down)
    near, far = _by(key, ups, up), _by(key, downs, down)
    shared = ((near[word], far[word]) for word in near if word in far)
    return [
        (ones[0], others[0])
        for ones, others in shared
        if len(ones) == len(others) == 1 and _compatible(ones[0].members[id(up)], others[0].members[id(down)])
    ]


def _by(key: Key, groups: Iterable[_Group], observer: Observer) -> dict[Hashable, list[_Group]]:
    found: defaultdict[Hashable, list[_Group]] = defaultdict(list)
    for group in groups:
        word = key(group.members[id(observer)].sides)
        if word is not None:
            found[word].append(group)
    return found


def _compatible(one: Seen, other: Seen) -> bool:
    return all(
        mine is None or theirs is None or mine == theirs
        for mine, theirs in (
            (one.sides.there.isn, other.sides.there.isn),
            (one.sides.back.isn, other.sides.back.isn),
        )
    )


def _compared(groups: list[_Group], up: Observer, down: Observer) -> list[_Group]:
    """Join what is alike between two observers, first by what rows share, then with what that tells of the clocks."""
    for _ in range(2):
        ups, downs = _unmatched(groups, up, down)
        if not ups or not downs:
            return groups
        matching = match(
            [group.members[id(up)] for group in ups],
            [group.members[id(down)] for group in downs],
            _clock(groups, up, down),
        )
        for place, group in enumerate(ups):
            group.rivals = max(group.rivals, matching.rivals.get(place, 0))
        groups = _joined(groups, [(ups[one], downs[other]) for one, other in matching.pairs])
        if not matching.pairs:
            return groups
    return groups


def _joined(groups: list[_Group], pairs: Iterable[tuple[_Group, _Group]]) -> list[_Group]:
    """*groups* with each of *pairs* made one, unless an observer would be in it twice."""
    gone: set[int] = set()
    for one, other in pairs:
        if id(one) not in gone and id(other) not in gone and not one.members.keys() & other.members.keys():
            one.members |= other.members
            one.again += other.again
            one.rivals = 0
            gone.add(id(other))
    return [group for group in groups if id(group) not in gone] if gone else groups


def _clock(groups: Iterable[_Group], up: Observer, down: Observer) -> ClockOffset | None:
    """How far the two clocks are apart by the connections that both are known to have seen."""
    both = [group.members for group in groups if id(up) in group.members and id(down) in group.members]
    chosen = both[:: len(both) // MOST_SAMPLES + 1]
    samples = (
        sample
        for members in chosen
        for way in Way
        if (sample := _sample(members[id(up)].sides, members[id(down)].sides, way)) is not None
    )
    return offset_of(samples)


def _sample(up: Sides, down: Sides, way: Way) -> Sample | None:
    """The first packet of *way* at both, where it is the same one: as many openings were seen, and no SYN proxy's."""
    one, other = (up.there, down.there) if way is Way.THERE else (up.back, down.back)
    if one.first is None or other.first is None or not _opens_alike(one, other):
        return None
    if way is Way.BACK and answered_twice(SAME, numbering(up, down)):
        return None
    return Sample(order=one.first_number or 0, at=one.first, apart=between(one.first, other.first), way=way)


def _opens_alike(one: WayCounters, other: WayCounters) -> bool:
    return one.isn is not None and other.isn is not None and (one.syns, one.syn_acks) == (other.syns, other.syn_acks)


def _first_seen(exchange: Exchange) -> tuple[int, int]:
    """Order of appearance at the observer nearest to the client."""
    row = exchange.seen[0].sides.row
    return (row.first_number, row.number)
