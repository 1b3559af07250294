"""What was left over when the connection failed: whose bytes were never acknowledged or never arrived."""

from enum import StrEnum

from bothways.connections.exchange import Exchange
from bothways.connections.outcome import Outcome
from bothways.evidence.citation import Citation
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.replies import Missing, missing_in
from bothways.facts.stuck import unacknowledged
from bothways.facts.stuck_sockets import End, HostSocket, Stuck, sockets_of
from bothways.facts.subject import Subject, cite
from bothways.way import Way


class Left(StrEnum):
    """Whose bytes are outstanding."""

    CLIENT_DATA = "client-data"
    SERVER_DATA = "server-data"
    NOTHING = "nothing"
    """Everything that was sent was acknowledged: both ways carry data."""


OUTSTANDING = Kind(
    id="outstanding", asks="Whose data was never acknowledged or never arrived?", family="outstanding", answers=Left
)


def outstanding(subject: Subject) -> Fact:
    """What was outstanding when the failed connections ended."""
    measured = [_in(exchange) for exchange in subject.exemplars]
    if measured:
        return agreed(measured)
    own = [fact for item in sockets_of(subject, End.CLIENT) if (fact := _by_socket(item)) is not None]
    return agreed(own) if own else unknown(OUTSTANDING, "no failed connection was captured")


def _by_socket(item: HostSocket) -> Fact | None:
    """What the client's own kernel still keeps because nobody acknowledged it."""
    if item.stuck not in {Stuck.NEVER_ACKNOWLEDGED, Stuck.NO_LONGER_ACKNOWLEDGED}:
        return None
    says = f"the client's socket keeps {item.socket.pending} bytes that were never acknowledged"
    cites = (item.cite(),)
    return Fact(kind=OUTSTANDING, answer=Left.CLIENT_DATA, says=says, way=Way.THERE, vantage="client", cites=cites)


def _in(exchange: Exchange) -> Fact:
    match exchange.outcome:
        case Outcome.STALLED_THERE:
            return _fact(exchange, Left.CLIENT_DATA, "data of the client was never acknowledged", Way.THERE)
        case Outcome.STALLED_BACK:
            return _fact(
                exchange, Left.SERVER_DATA, "data of the server never arrived or was never acknowledged", Way.BACK
            )
        case Outcome.DECLINED:
            return _fact(exchange, Left.NOTHING, "nobody waited for anything when it ended", Way.BACK)
        case Outcome.SILENT | Outcome.WINDOW_CLOSED:
            return _in_silence(exchange)
        case Outcome.HALF_OPEN | Outcome.RESET if _client_waits(exchange):
            return _fact(exchange, Left.CLIENT_DATA, "data of the client was never acknowledged", Way.THERE)
        case _:
            sent = any(segment.payload for segment in exchange.seen[0].there)
            return unknown(OUTSTANDING, "the client's data was acknowledged" if sent else "no data was sent in view")


def _in_silence(exchange: Exchange) -> Fact:
    """All that was sent in view was acknowledged; whether the server sent more, its later packets tell."""
    missing = missing_in(exchange)
    if missing.answer is Missing.NO:
        says = "everything that was sent was acknowledged"
        return _fact(exchange, Left.NOTHING, says, Way.BACK, cites=missing.cites)
    return unknown(OUTSTANDING, "whether the server sent something that was lost cannot be seen")


def _client_waits(exchange: Exchange) -> bool:
    """Data of the client that no observer saw acknowledged."""
    views = [seen for seen in exchange.seen if any(segment.payload for segment in seen.there)]
    return bool(views) and all(unacknowledged(exchange, seen) is not None for seen in views)


def _fact(exchange: Exchange, answer: Left, says: str, way: Way, cites: tuple[Citation, ...] = ()) -> Fact:
    seen = next((seen for seen in exchange.seen if seen.segments(way)), exchange.seen[0])
    data = [segment for segment in seen.segments(way) if segment.payload]
    shown = cites or cite(seen, *data[-1:])
    return Fact(kind=OUTSTANDING, answer=answer, says=says, way=way, vantage=seen.observer.vantage, cites=shown)
