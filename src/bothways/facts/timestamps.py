"""Whether an end's TCP timestamps run forward.

Within a connection a sender's TSval never decreases (RFC 7323 section 4.1); packets that overtake each other show it a
little smaller. One that goes back by much comes from another clock: another host behind the same address, or a device
that answers in the host's name. A receiver discards such packets (PAWS, section 5).
"""

from enum import StrEnum

from bothways.connections.exchange import Exchange, Seen
from bothways.evidence.segment import Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject, cite
from bothways.way import Way
from bothways.wire.sequence import distance

OVERTAKEN = 1000
"""Ticks by which a packet that was overtaken may be older: clocks tick once a millisecond to once a second (RFC 7323
section 5.4), Linux's every millisecond."""


class Stamps(StrEnum):
    """How the timestamps run."""

    BACK = "back"
    OK = "ok"


TIMESTAMPS = Kind(
    id="timestamps",
    asks="Do the timestamps of an end go backwards within a connection?",
    family="timestamps",
    answers=Stamps,
)


def timestamps(subject: Subject) -> Fact:
    """Whether any end's timestamps go back in the failing connections."""
    measured = [_in(exchange) for exchange in subject.exemplars]
    known = [fact for fact in measured if fact.known]
    back = [fact for fact in known if fact.answer is Stamps.BACK]
    if back or known:
        return agreed(back or known)
    return unknown(TIMESTAMPS, "no packets with timestamps are at hand", moot=not subject.exemplars)


def _in(exchange: Exchange) -> Fact:
    shown = None
    for seen in exchange.seen:
        for way in Way:
            fact = _on(seen, way)
            if fact is not None and fact.answer is Stamps.BACK:
                return fact
            shown = shown or fact
    return shown or unknown(TIMESTAMPS, "the packets of the failed connections have no timestamps")


def _on(seen: Seen, way: Way) -> Fact | None:
    stamped = [(one, one.options.ts_value) for one in seen.segments(way) if one.options.ts_value and not one.is_reset]
    newest: tuple[Segment, int] | None = None
    for segment, value in stamped:
        if newest is not None and distance(value, newest[1]) > OVERTAKEN:
            who = "client" if way is Way.THERE else "server"
            says = f"the timestamps of the {who} go back by {distance(value, newest[1])}"
            return _fact(seen, way, Stamps.BACK, says, newest[0], segment)
        if newest is None or distance(newest[1], value) > 0:
            newest = (segment, value)
    if newest is None:
        return None
    return _fact(seen, way, Stamps.OK, "timestamps run forward", newest[0])


def _fact(seen: Seen, way: Way, answer: Stamps, says: str, *segments: Segment) -> Fact:
    vantage = seen.observer.vantage
    return Fact(kind=TIMESTAMPS, answer=answer, says=says, way=way, vantage=vantage, cites=cite(seen, *segments))
