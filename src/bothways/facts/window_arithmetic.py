"""Whether what is stuck lies beyond the window that its receiver announced, read without the window scale.

A window is counted in units of two to the scale, which is agreed in the handshake (RFC 7323 section 2.2). A device that
has not learned it reads 64 KiB as a few hundred bytes, and drops what is sent into the rest. The windows of SYN and
SYN+ACK are never scaled: so much passes before the stall.
"""

from enum import StrEnum

from msgspec import Struct

from bothways.connections.exchange import Exchange, Seen
from bothways.evidence.segment import Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.stuck import Stuck, segment_size, stuck_in
from bothways.facts.subject import Subject, cite
from bothways.way import Way
from bothways.wire.sequence import advance, distance, later


class Beyond(StrEnum):
    """Where the stuck data lies."""

    UNSCALED = "beyond-unscaled"
    """Beyond the unscaled window, within the scaled one; and nothing that passed lay there."""
    WITHIN = "within"
    """Within even the unscaled window; or other data beyond it passed."""


WINDOW_ARITHMETIC = Kind(
    id="window-arithmetic",
    asks="Does the data that is stuck lie beyond the window, read without its scale?",
    family="window-arithmetic",
    answers=Beyond,
)


def window_arithmetic(subject: Subject) -> Fact:
    """Where the stuck data lies, by the capture nearest to its sender."""
    measured = [_in(exchange) for exchange in subject.exemplars]
    return agreed(measured) if measured else unknown(WINDOW_ARITHMETIC, "no failed connection was captured")


def _in(exchange: Exchange) -> Fact:
    stuck = stuck_in(exchange)
    if stuck is None:
        return unknown(WINDOW_ARITHMETIC, "no data is seen to be sent again and again")
    seen, way = stuck.seen, stuck.way
    syn = next((one for one in seen.there if one.is_syn), None)
    offer = next((one for one in seen.back if one.is_syn_ack), None)
    if syn is None or offer is None or syn.options.cut or offer.options.cut:
        return unknown(WINDOW_ARITHMETIC, "the handshake, which agrees on the scale, is not in view")
    scales = (syn.options.window_scale, offer.options.window_scale)
    if None in scales or not (scales[1] if way is Way.THERE else scales[0]):
        return unknown(WINDOW_ARITHMETIC, "windows are not scaled in this connection", moot=True)
    start = advance(offer.ack, offer.window) if way is Way.THERE else advance(offer.seq, 1 + syn.window)
    return _measured(stuck, _walked(seen, way, reach=start, acknowledged=stuck.tries[0].seq))


class _Walk(Struct, frozen=True, kw_only=True):
    reach: int
    """How far the unscaled windows reached at last."""

    passed_beyond: Segment | None
    """Data that was sent beyond their reach of the moment, once, and acknowledged."""


def _walked(seen: Seen, way: Way, *, reach: int, acknowledged: int) -> _Walk:
    """Follow the windows and the data through the connection, in the order of the capture."""
    data = [one for one in seen.segments(way) if one.payload]
    passed = None
    for segment in sorted((*seen.there, *seen.back), key=lambda one: one.number):
        if segment.is_syn or segment.is_syn_ack or segment.is_reset:
            continue
        if segment.source == seen.segments(way)[0].source:
            beyond = segment.payload > 0 and distance(reach, segment.seq) > 0
            came = distance(segment.seq, acknowledged) >= segment.payload
            if passed is None and beyond and came and _sent_once(segment, data):
                passed = segment
        elif segment.has_ack:
            reach = later(reach, advance(segment.ack, segment.window))
    return _Walk(reach=reach, passed_beyond=passed)


def _sent_once(segment: Segment, data: list[Segment]) -> bool:
    end = advance(segment.seq, segment.payload)
    overlapping = (
        one for one in data if distance(one.seq, end) > 0 and distance(segment.seq, advance(one.seq, one.payload)) > 0
    )
    return sum(1 for _ in overlapping) == 1


def _measured(stuck: Stuck, walk: _Walk) -> Fact:
    smallest = min(stuck.tries, key=lambda one: one.payload)
    size = min(smallest.payload, segment_size(stuck.seen) or smallest.payload)
    over = distance(walk.reach, advance(smallest.seq, size))
    if walk.passed_beyond is not None:
        answer, shown = Beyond.WITHIN, walk.passed_beyond
        says = "data beyond the unscaled window passed"
    elif over > 0:
        answer, shown = Beyond.UNSCALED, smallest
        says = (
            f"what is stuck ends {over} bytes beyond the window read without its scale; nothing that passed lay there"
        )
    else:
        answer, shown = Beyond.WITHIN, smallest
        says = "what is stuck lies within the window, read without its scale"
    return Fact(
        kind=WINDOW_ARITHMETIC,
        answer=answer,
        says=says,
        way=stuck.way,
        vantage=stuck.seen.observer.vantage,
        cites=cite(stuck.seen, shown, stuck.tries[-1]),
    )
