"""Whether an end's receive window stayed closed while the other wanted to send.

The window field of a segment that is no SYN is shifted by the scale of the handshake (RFC 7323 section 2.3); zero is
zero at any scale, so that a closed window is known also where the handshake was missed. Who may not send probes, and
the probed must answer (RFC 9293 section 3.8.6.1): answered probes show that both ways work.
"""

from enum import StrEnum

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.outcome import REFUSALS
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject, cite
from bothways.units import between, plain
from bothways.way import Way


class Room(StrEnum):
    """Whose window stayed closed."""

    CLIENT_CLOSED = "client-closed"
    SERVER_CLOSED = "server-closed"
    OPEN = "open"
    """Nobody's, to the last."""


RECEIVE_WINDOW = Kind(
    id="receive-window", asks="Did an end's receive window stay closed?", family="receive-window", answers=Room
)


def receive_window(subject: Subject) -> Fact:
    """Whose receive window was closed when the failing connections ended."""
    measured = [_in(exchange) for exchange in subject.exemplars]
    return agreed(measured) if measured else unknown(RECEIVE_WINDOW, "no failed connection was captured")


def _in(exchange: Exchange) -> Fact:
    for seen in exchange.seen:
        for way, answer in ((Way.BACK, Room.SERVER_CLOSED), (Way.THERE, Room.CLIENT_CLOSED)):
            fact = _closed(seen, way, answer)
            if fact is not None:
                return fact
    for seen in exchange.seen:
        heard = [one for way in Way for one in seen.segments(way) if not one.is_reset and not one.is_syn]
        if heard and not any(one.is_syn_ack for one in heard[-1:]):
            says = "no window stayed closed"
            return Fact(
                kind=RECEIVE_WINDOW,
                answer=Room.OPEN,
                says=says,
                vantage=seen.observer.vantage,
                cites=cite(seen, heard[-1]),
            )
    return unknown(RECEIVE_WINDOW, "nothing after the handshake is in view", moot=True)


def _closed(seen: Seen, way: Way, answer: Room) -> Fact | None:
    """Whether the sender of *way* says of its window, up to the last, that there is no room."""
    counters = seen.sides.back if way is Way.BACK else seen.sides.there
    if counters.shut < REFUSALS or counters.shut_since is None or counters.last is None:
        return None
    who, other = ("server", "client") if way is Way.BACK else ("client", "server")
    shut = [one for one in seen.segments(way) if not one.window and not one.is_reset and not one.is_syn]
    for_long = plain(between(counters.shut_since, counters.last))
    says = (
        f"the {who} announced a window of 0 and said so {counters.shut - 1} times more in {for_long}, "
        f"whenever the {other} asked"
    )
    cites = cite(seen, shut[0], shut[-1]) if shut else (seen.begins,)
    return Fact(kind=RECEIVE_WINDOW, answer=answer, says=says, way=way, vantage=seen.observer.vantage, cites=cites)
