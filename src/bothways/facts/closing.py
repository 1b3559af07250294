"""Who ended the connection, where nobody had answered: the program, or somebody on the way in its name.

A FIN or RST that arrives bears the server's address, whoever sent it. The server's own capture shows that it left
there, and what it acknowledges shows that the server's TCP had the request: a filter on the server's host answers a
packet and takes none (a RST in answer to a segment with ACK bears no ACK, RFC 9293 section 3.10.7.1; one by which a
program breaks off does, Linux tcp_send_active_reset).
"""

from enum import StrEnum

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.connections.outcome import PATIENCE
from bothways.connections.packet_class import PacketClass
from bothways.evidence.segment import Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject, cite, seen_at
from bothways.facts.trust import resting_on_absence
from bothways.units import between, plain
from bothways.way import Way
from bothways.wire.sequence import distance


class Closed(StrEnum):
    """Who ended it first."""

    SERVER_PROGRAM = "server-program"
    """The server's own capture shows it: its TCP had the request, and closed or reset without an answer."""
    SERVER_GAVE_UP = "server-gave-up"
    """The same, long after the request: it had kept the client waiting."""
    CLIENT = "client"
    NOBODY = "nobody"


WHO_CLOSED = Kind(id="who-closed", asks="Who ended the connection without an answer?", family="closing", answers=Closed)


def who_closed(subject: Subject) -> Fact:
    """Who ended the failing connections, if the server never said a word."""
    measured = [_in(exchange) for exchange in subject.exemplars]
    return agreed(measured) if measured else unknown(WHO_CLOSED, "no failed connection was captured")


def _in(exchange: Exchange) -> Fact:
    if any(seen.sides.back.data for seen in exchange.seen):
        return unknown(WHO_CLOSED, "the server had spoken before", moot=True)
    at_server = seen_at(exchange, Place.SERVER)
    if at_server is not None:
        ended = _first_end(at_server)
        asked = _request_before(at_server, ended[1]) if ended is not None and ended[0] is Way.BACK else None
        if ended is not None and asked is not None:
            return _by_program(at_server, asked, ended[1])
    for seen in exchange.seen:
        ended = _first_end(seen)
        if ended is not None and seen.there and seen.back:
            return _in_view(seen, *ended)
    return _by_nobody(exchange)


def _in_view(seen: Seen, way: Way, end: Segment) -> Fact:
    """By one who saw both ways, elsewhere than at the server."""
    if way is Way.THERE:
        fact = _fact(seen, Closed.CLIENT, "the client ended it first", way, end)
        return resting_on_absence(fact, seen, Way.BACK, PacketClass.FIN, PacketClass.RESET)
    what = "RST" if end.is_reset else "FIN"
    return unknown(WHO_CLOSED, f"a {what} that bears the server's address ended it, and who sent that is not seen")


def _by_nobody(exchange: Exchange) -> Fact:
    seen = exchange.seen[0]
    if any(_first_end(other) for other in exchange.seen):
        return unknown(WHO_CLOSED, "whoever saw it end saw one way only")
    last = next((segment for segment in reversed(seen.there or seen.back)), None)
    if last is None:
        return unknown(WHO_CLOSED, "the packets of the failed connection are not at hand")
    fact = _fact(seen, Closed.NOBODY, "nobody ended it in view", Way.THERE, last)
    for way in Way:
        fact = resting_on_absence(fact, seen, way, PacketClass.FIN, PacketClass.RESET) if fact.known else fact
    return fact


def _first_end(seen: Seen) -> tuple[Way, Segment] | None:
    ends = [(way, segment) for way in Way for segment in seen.segments(way) if segment.is_fin or segment.is_reset]
    return min(ends, key=lambda item: (item[1].at, item[1].number), default=None)


def _by_program(at_server: Seen, asked: Segment, end: Segment) -> Fact:
    took = between(asked.at, end.at)
    how = "reset the connection" if end.is_reset else "closed in good order"
    says = f"the server's TCP had the request, and {plain(took)} later its program {how} without an answer"
    answer = Closed.SERVER_PROGRAM if took < PATIENCE else Closed.SERVER_GAVE_UP
    return _fact(at_server, answer, says, Way.BACK, end)


def _request_before(at_server: Seen, end: Segment) -> Segment | None:
    """The first data of the client that came before *end* and that it acknowledges; None where it does not."""
    asked = next((segment for segment in at_server.there if segment.payload and segment.number < end.number), None)
    taken = asked is not None and end.has_ack and distance(asked.seq, end.ack) > 0
    return asked if taken else None


def _fact(seen: Seen, answer: Closed, says: str, way: Way, segment: Segment) -> Fact:
    sure = answer not in {Closed.SERVER_PROGRAM, Closed.SERVER_GAVE_UP} or seen.observer.sure
    vantage = seen.observer.vantage
    return Fact(
        kind=WHO_CLOSED, answer=answer, says=says, way=way, vantage=vantage, cites=cite(seen, segment), sure=sure
    )
