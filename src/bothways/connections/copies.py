"""Copies are not repeats.

A packet that one observer recorded twice (on "any", by mirroring both ways) left its sender once.
"""

from collections.abc import Iterable

from bothways.evidence.regrouped import Regrouped
from bothways.evidence.segment import Segment
from bothways.units import MILLISECOND, Duration, between

SAME_MOMENT = MILLISECOND
"""A kernel never repeats a segment sooner (TCP_RTO_MIN is 200 ms; RFC 8985 probes after 2 RTT, 10 ms at least)."""

SAME_STAMP = Duration(100 * MILLISECOND)
"""How far apart two records with the same TSval can be copies: half of the shortest retransmission timeout in wide use,
and a repeat bears a later stamp."""

SAME_PACKET = Duration(500 * MILLISECOND)
"""How far apart two records with the same IP identification can be copies: it wraps after 65,536 packets, not
sooner."""


def without_copies(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """*segments* of one way, in capture order, each packet once."""
    kept: list[Segment] = []
    latest: dict[tuple[int, int, int, int, int | None, int | None], Segment] = {}
    regrouped = Regrouped()
    for segment in segments:
        key = (segment.seq, segment.ack, segment.flags, segment.payload, segment.options.ts_value, segment.ip_id)
        earlier = latest.get(key)
        latest[key] = segment
        pieces = regrouped.saw(segment)
        if earlier is not None and between(earlier.at, segment.at) <= _longest_apart(segment):
            continue
        if earlier is None and pieces:
            continue
        kept.append(segment)
    return tuple(kept)


def _longest_apart(segment: Segment) -> Duration:
    """How long after a packet its copy may come, by what would tell a repeat from it."""
    if segment.ip_id:
        return SAME_PACKET
    return SAME_MOMENT if segment.options.ts_value is None else SAME_STAMP
