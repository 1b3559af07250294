"""Whether the failing connection carried data both ways before it failed."""

from enum import StrEnum

from bothways.connections.exchange import Exchange
from bothways.connections.observer import Place
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.receipts import receipt
from bothways.facts.subject import Subject, cite
from bothways.way import Way


class Worked(StrEnum):
    """What the connection had done when it failed."""

    BOTH_WAYS = "both-ways"
    """Data of each end was acknowledged by the other one."""
    NOT_YET = "not-yet"
    """At least one way had carried nothing when the connection failed."""


WORKED_BEFORE = Kind(
    id="worked-before",
    asks="Did the connection carry data both ways before it failed?",
    family="history",
    answers=Worked,
)


def worked_before(subject: Subject) -> Fact:
    """Whether both ends acknowledged data of the other one: then neither way was blocked from the beginning."""
    if not subject.exemplars:
        return unknown(WORKED_BEFORE, "no failed connection was captured")
    return agreed([_in(exchange) for exchange in subject.exemplars])


def _in(exchange: Exchange) -> Fact:
    there, back = (receipt(exchange, way) for way in Way)
    if there is not None and back is not None:
        return Fact(
            kind=WORKED_BEFORE,
            answer=Worked.BOTH_WAYS,
            says="each end acknowledged data of the other one before the connection failed",
            vantage=there[0].observer.vantage,
            cites=(*cite(there[0], there[1]), *cite(back[0], back[1])),
        )
    own = next((seen for seen in exchange.seen if seen.observer.place is Place.CLIENT), None)
    if own is None or own.sides.blind_back or own.sides.blind_there or not own.there:
        return unknown(WORKED_BEFORE, "no capture beside the client shows what was acknowledged")
    says = "no data of the client" if there is None else "no data of the server"
    return Fact(
        kind=WORKED_BEFORE,
        answer=Worked.NOT_YET,
        says=f"{says} was acknowledged before the connection failed",
        vantage=own.observer.vantage,
        cites=cite(own, own.there[0]),
        sure=not own.observer.quality.lossy,
    )
