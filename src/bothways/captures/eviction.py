"""What is let go where a capture shows more connections than memory holds.

A flood, or a scan, shows millions of connections, and the few that somebody wants to know about stand among them. So
one of which a single packet was seen goes first, one that worked next, and what failed stays as long as anything else
can go. Who was let go with its first SYN and shows itself again is known to try again, and is no longer taken for a
part of the flood: a SYN that nobody answers is repeated after a second, then after two and four (RFC 6298 sections 2.1
and 5.5).
"""

from collections import Counter, OrderedDict
from collections.abc import Sequence

from bothways.captures.thinning import went_plainly
from bothways.evidence.capture import ConnectionRow
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.left_out import Crowd, Kind, LeftOut
from bothways.evidence.problem import Problem

MOST_ROWS = 400_000
"""Connections held at a time; in the native reader they take 160 MB."""

_SHARE = 4
"""One of so many rows goes at once: rarely enough to cost little, and few enough to be those that matter least."""

_REMEMBERED = 2
"""Pairs of ends that were let go are remembered, so many times as many as rows. With the rows they span the second
after which a SYN is repeated in a flood of a million SYNs per second."""

_RANKS = {Kind.ONE_PACKET: (0, 3), Kind.WORKED: (1, 1), Kind.ONLY_SYN: (2, 4), Kind.OTHER: (5, 5)}
"""Who goes first, of the older half of the rows and of the newer one, whose connections may just have begun."""


def crowd_of(most: int, left_out: Sequence[tuple[int, int]]) -> Crowd | None:
    """What was left out where *most* are held, from its connections and packets in the order of `Kind`."""
    listed = tuple(
        LeftOut(kind=kind, connections=connections, packets=packets)
        for kind, (connections, packets) in zip(Kind, left_out, strict=True)
        if connections
    )
    return Crowd(most=most, left_out=listed) if listed else None


def with_crowd(problems: Sequence[Problem], crowd: Crowd | None) -> tuple[Problem, ...]:
    """*problems* with what was left out as the last one."""
    return tuple(problems) if crowd is None else (*problems, Problem(says=str(crowd)))


class Eviction:
    """Chooses what is let go, and counts it."""

    def __init__(self, most_rows: int) -> None:
        """*most_rows*: so many are held."""
        self._most = most_rows
        self._gone: OrderedDict[tuple[Endpoint, Endpoint], None] = OrderedDict()
        self._again: set[int] = set()
        """Numbers of the rows whose ends were let go before."""

        self._connections: Counter[Kind] = Counter()
        self._packets: Counter[Kind] = Counter()

    def is_full(self, rows: Sequence[ConnectionRow]) -> bool:
        """Whether there is no room for another row."""
        return len(rows) >= self._most

    def meet(self, row: ConnectionRow) -> None:
        """Note a new row."""
        if _pair(row) in self._gone:
            self._again.add(row.number)

    def chosen(self, rows: Sequence[ConnectionRow]) -> set[int]:
        """The numbers of those of *rows*, which are in order of appearance and settled, that are let go now."""
        kinds = [self._kind(row) for row in rows]
        newer = len(rows) // 2
        ranked = sorted(range(len(rows)), key=lambda place: _RANKS[kinds[place]][place >= newer])
        going = sorted(ranked[: max(1, len(rows) // _SHARE)])
        for place in going:
            self._let_go(rows[place], kinds[place])
        numbers = {rows[place].number for place in going}
        self._again -= numbers
        return numbers

    def crowd(self) -> Crowd | None:
        """What was left out so far."""
        return crowd_of(self._most, [(self._connections[kind], self._packets[kind]) for kind in Kind])

    def _let_go(self, row: ConnectionRow, kind: Kind) -> None:
        self._connections[kind] += 1
        self._packets[kind] += row.sent.packets + row.received.packets
        self._gone.setdefault(_pair(row))
        if len(self._gone) > _REMEMBERED * self._most:
            self._gone.popitem(last=False)

    def _kind(self, row: ConnectionRow) -> Kind:
        if row.sent.icmp_errors or row.received.icmp_errors:
            return Kind.OTHER
        if row.sent.packets == 1 and not row.received.packets and row.number not in self._again:
            return Kind.ONE_PACKET
        unanswered = row.sent.packets == row.sent.syn_acks and not row.received.packets
        if unanswered or row.sent.packets == row.sent.syns == 1:
            return Kind.ONLY_SYN
        return Kind.WORKED if went_plainly(row) else Kind.OTHER


def _pair(row: ConnectionRow) -> tuple[Endpoint, Endpoint]:
    """Its ends, whoever opened it."""
    return (row.opener, row.other) if row.opener <= row.other else (row.other, row.opener)
