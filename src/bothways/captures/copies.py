"""Copies: packets that an observer saw twice, as on a mirror port or on two interfaces of one machine.

One memory serves all connections of a capture: it holds what passed in the last tenth of a second, so that it grows
with the speed of the line and not with the number of connections.
"""

from collections import OrderedDict
from typing import NamedTuple

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.segment import Segment
from bothways.units import MILLISECOND, Duration, Instant, between

_MOST_REMEMBERED = 65_536
"""Packets remembered at a time: a tenth of a second of a line that carries 655,360 in each second. On a busier one
copies that come later than this many packets are taken for packets sent again."""

_COPY_WITHIN = Duration(100 * MILLISECOND)
"""A copy comes within this time of the one before; half of the shortest retransmission timeout in wide use, 200 ms."""

_TWIN_WITHIN = MILLISECOND
"""The same for packets that carry nothing by which a retransmission would differ from a copy."""

_Identity = tuple[
    Endpoint, Endpoint, int, int, int, int, int, int | None, int | None, int | None, tuple[tuple[int, int], ...]
]
"""All by which two packets of one capture differ, but their TTL."""


class Sight(NamedTuple):
    """What a packet was to an observer who had seen the packets of the last moment."""

    again: bool
    """It was seen before, within 100 ms."""

    copy: bool
    """It is a copy of that, and was not sent again."""

    fell: int
    """How often in a row it came by with a lower TTL than the time before."""


class _Last(NamedTuple):
    """How a packet was seen last."""

    at: Instant
    ttl: int
    fell: int


_FIRST = Sight(again=False, copy=False, fell=0)


class Copies:
    """The packets of the last moment. Their TTL may tell a copy from the first (they were routed), nothing else may."""

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen: OrderedDict[_Identity, _Last] = OrderedDict()
        """In the order in which they were seen last."""

    def see(self, segment: Segment) -> Sight:
        """Tell whether a segment is a copy of a recent one, and remember it."""
        self._forget(segment.at)
        options = segment.options
        identity = (
            segment.source,
            segment.destination,
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
        last = self._seen.pop(identity, None)
        sight = _FIRST if last is None else _sight(last, segment)
        self._seen[identity] = _Last(segment.at, segment.ttl, sight.fell)
        return sight

    def _forget(self, now: Instant) -> None:
        """Let go of the oldest until it is near, and one of no more than there is room for."""
        seen = self._seen
        while seen:
            oldest = next(iter(seen.values()))
            if len(seen) <= _MOST_REMEMBERED and abs(between(oldest.at, now)) <= _COPY_WITHIN:
                return
            seen.popitem(last=False)


def _sight(last: _Last, segment: Segment) -> Sight:
    apart = abs(between(last.at, segment.at))
    if apart > _COPY_WITHIN:
        return _FIRST  # The clock was set; what stands ahead of it in the memory is near.
    tells = segment.ip_id or segment.options.ts_value is not None
    return Sight(
        again=True,
        copy=apart <= (_COPY_WITHIN if tells else _TWIN_WITHIN),
        fell=last.fell + 1 if segment.ttl < last.ttl else 0,
    )
