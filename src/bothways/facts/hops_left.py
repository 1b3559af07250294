"""Whether packets of the connection were seen to use up their hops."""

from enum import StrEnum

from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.loops import FALLS
from bothways.facts.subject import Subject, cite
from bothways.way import Way


class Hops(StrEnum):
    """How far a packet that comes by again and again gets."""

    USED_UP = "used-up"
    """To its last hop: the next router throws it away (RFC 1812 section 5.3.1)."""
    SOME_LEFT = "some-left"


HOPS_LEFT = Kind(id="hops-left", asks="Were packets seen to use up their hops?", family="hops-left", answers=Hops)

LAST = 2
"""TTL with which whoever captures on one side of a router sees a packet's last hop, or the last but one."""


def hops_left(subject: Subject) -> Fact:
    """With which TTL a packet was last seen that came by again and again."""
    for exchange in subject.exemplars:
        for seen in exchange.seen:
            for way, counted in ((Way.THERE, seen.sides.there), (Way.BACK, seen.sides.back)):
                shown = seen.segments(way)[:1]
                if counted.falls >= FALLS and counted.fell_to is not None and shown:
                    vantage, left = seen.observer.vantage, counted.fell_to
                    return Fact(
                        kind=HOPS_LEFT,
                        answer=Hops.USED_UP if left <= LAST else Hops.SOME_LEFT,
                        says=f"a packet that came by the {vantage} again and again was last seen with TTL {left}",
                        way=way,
                        vantage=vantage,
                        cites=cite(seen, *shown),
                    )
    return unknown(HOPS_LEFT, "no packet is seen to come by again and again", moot=True)
