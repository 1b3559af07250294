"""How many routers each way has, by TTL arithmetic. The Internet is asymmetric: this never settles anything."""

from enum import StrEnum

from bothways.connections.observer import Observer, Place
from bothways.evidence.citation import Citation
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.subject import Subject


class Counts(StrEnum):
    """Do both ways have as many routers?"""

    EQUAL = "equal"
    UNEQUAL = "unequal"


ROUTERS_EACH_WAY = Kind(
    id="routers-each-way", asks="Do both ways pass as many routers?", family="ttl", answers=Counts, decisive=False
)


def routers_each_way(subject: Subject) -> Fact:
    """Routers there by what the server's capture shows of the client's packets.

    Back by the client's of the server's.
    """
    client, server = subject.observer_at(Place.CLIENT), subject.observer_at(Place.SERVER)
    if client is None or server is None:
        return unknown(ROUTERS_EACH_WAY, "it takes captures at both ends to compare TTLs")
    if not (_saw_this(subject, client) and _saw_this(subject, server)):
        return unknown(ROUTERS_EACH_WAY, "one of the two captures shows other hosts' packets only")
    there, back = server.routers_there, client.routers_back
    if there is None or back is None:
        return unknown(ROUTERS_EACH_WAY, "one end saw no packet of the other")
    answer = Counts.EQUAL if there == back else Counts.UNEQUAL
    says = f"{there} routers there and {back} back, if both hosts use the usual initial TTLs"
    cites = (Citation(file=server.file), Citation(file=client.file))
    return Fact(kind=ROUTERS_EACH_WAY, answer=answer, says=says, cites=cites)


def _saw_this(subject: Subject, observer: Observer) -> bool:
    """Whether *observer* saw any connection to the target."""
    return any(exchange.at(observer.vantage) is not None for exchange in subject.connections)
