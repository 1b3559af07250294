"""How far two observers' clocks are apart, estimated from the packets that both saw."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.identity import Identity, identity
from bothways.evidence.segment import Segment
from bothways.units import Duration, between
from bothways.way import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockOffset:
    """What must be added to the upstream observer's times to get the downstream observer's."""

    offset: Duration
    error: Duration | None
    """Half the round trip between the observers; None where packets of one way only were seen at both, so that the
    offset includes that way's delay."""


def clock_offset(exchanges: Iterable[Exchange], upstream: str, downstream: str) -> ClockOffset | None:
    """Estimate the offset between two vantages, as NTP does (RFC 5905 section 8).

    The fastest packet of each way bounds it.

    Returns None where no packet was seen at both.
    """
    fastest: dict[Way, int] = {}
    for exchange in exchanges:
        up, down = exchange.at(upstream), exchange.at(downstream)
        if up is None or down is None:
            continue
        for way in Way:
            for span in _spans(up, down, way):
                fastest[way] = min(span, fastest.get(way, span))
    there, back = fastest.get(Way.THERE), fastest.get(Way.BACK)
    if there is not None and back is not None:
        low, high = sorted((there, back))
        return ClockOffset(offset=Duration((low + high) // 2), error=Duration((high - low) // 2))
    if there is not None or back is not None:
        only = there if there is not None else back
        return ClockOffset(offset=Duration(only or 0), error=None)
    return None


def _spans(up: Seen, down: Seen, way: Way) -> Iterable[Duration]:
    """For each packet of *way* seen at both, its time downstream less its time upstream.

    A packet with an identical repeat is left out: which of the two arrived, nobody can tell.
    """
    arrivals = _without_repeats(down.segments(way))
    for key, segment in _without_repeats(up.segments(way)).items():
        arrival = arrivals.get(key)
        if arrival is not None:
            yield between(segment.at, arrival.at)


def _without_repeats(segments: Sequence[Segment]) -> dict[Identity, Segment]:
    by_identity = [(identity(segment), segment) for segment in segments]
    times = Counter(key for key, _ in by_identity)
    return {key: segment for key, segment in by_identity if times[key] == 1}
