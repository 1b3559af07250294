"""Whether data that was lost between two captures comes across when it is sent again.

A filter, a narrow link or a device without state loses the same bytes each time that they are sent; a bad or a full
line loses a repeat by the same chance as anything else, so that it mostly arrives (RFC 9293 section 3.8 has a sender
repeat until then).
"""

from enum import StrEnum

from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.loss import FEWEST, Pattern, patterns
from bothways.facts.stretches import Stretch
from bothways.facts.subject import Subject, cite
from bothways.way import Way


class Repaired(StrEnum):
    """How much of the data that was lost came across in another sending."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


LOST_DATA = Kind(
    id="lost-data", asks="Does data that was lost arrive when it is sent again?", family="lost-data", answers=Repaired
)


def lost_data(subject: Subject) -> Fact:
    """The fate of repeats on the first stretch of either way on which more data is lost than is healthy."""
    for way in Way:
        for stretch, pattern in patterns(subject, way):
            fact = None if pattern is Pattern.NONE else _fact(stretch)
            if fact is not None:
                return fact
    return unknown(LOST_DATA, f"no two captures show {FEWEST} packets of data get lost between them")


def _fact(stretch: Stretch) -> Fact | None:
    """None where too little data was lost there to tell."""
    lost = [(seen, item) for seen, item in stretch.crossed if item.segment.payload and not item.arrived]
    if len(lost) < FEWEST:
        return None
    came = sum(item.delivered for _, item in lost)
    answer = Repaired.NONE if not came else Repaired.ALL if came == len(lost) else Repaired.SOME
    where = f"between {stretch.upstream.vantage} and {stretch.downstream.vantage}"
    seen, first = lost[0]
    return Fact(
        kind=LOST_DATA,
        answer=answer,
        says=f"of {len(lost)} packets of data lost {where}, what {came} carried came across in another sending",
        way=stretch.way,
        vantage=stretch.downstream.vantage,
        cites=cite(seen, first.segment),
        sure=stretch.sure and not stretch.downstream.quality.lossy,
    )
