"""Copies: packets that an observer saw twice, as on a mirror port or on two interfaces of one machine."""

from bothways.evidence.regrouped import Regrouped
from bothways.evidence.segment import Segment
from bothways.units import MILLISECOND, Duration, Instant, between

_REMEMBERED = 16
"""Packets of a way that may come between a packet and its copy: two of the batches in which a Linux receiver works."""

_COPY_WITHIN = Duration(100 * MILLISECOND)
"""A copy comes within this time of the one before; half of the shortest retransmission timeout in wide use, 200 ms."""

_TWIN_WITHIN = MILLISECOND
"""The same for packets that carry nothing by which a retransmission would differ from a copy."""

_Identity = tuple[int, int, int, int, int, int | None, int | None, int | None, tuple[tuple[int, int], ...]]


class RecentPackets:
    """The last packets of one way. Its TTL may tell a copy from the first (they were routed), nothing else may."""

    __slots__ = ("_falling", "_regrouped", "_seen", "falls", "fell_to")

    def __init__(self) -> None:
        self._seen: dict[_Identity, Instant] = {}
        self._regrouped = Regrouped()
        self._falling: tuple[_Identity, int, int] | None = None
        """What came last, its TTL, and how often in a row that had fallen."""
        self.falls = 0
        """How often in a row one packet came by again with a lower TTL, at most."""
        self.fell_to: int | None = None

    def saw(self, segment: Segment) -> bool:
        """Tell whether a segment is a copy of a recent one, and remember it."""
        options = segment.options
        identity = (
            segment.seq,
            segment.ack,
            int(segment.flags),
            segment.payload,
            segment.window,
            segment.ip_id,
            options.ts_value,
            options.ts_echo,
            options.sack_blocks,
        )
        before = self._seen.get(identity)
        self._seen[identity] = segment.at
        self._note_fall(identity, segment.ttl, again=before is not None)
        if before is None:
            if len(self._seen) > _REMEMBERED:
                del self._seen[next(iter(self._seen))]
            return self._regrouped.saw(segment)
        self._regrouped.saw(segment)  # a copy in a tunnel is the first sign of one
        tells = segment.ip_id or options.ts_value is not None
        return abs(between(before, segment.at)) <= (_COPY_WITHIN if tells else _TWIN_WITHIN)

    def _note_fall(self, identity: _Identity, ttl: int, *, again: bool) -> None:
        last = self._falling
        fell = last[2] + 1 if again and last is not None and last[0] == identity and ttl < last[1] else 0
        self._falling = identity, ttl, fell
        self.falls = max(self.falls, fell)
        if fell:
            self.fell_to = ttl if self.fell_to is None else min(ttl, self.fell_to)
