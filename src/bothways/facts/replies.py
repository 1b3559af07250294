"""What the server sent after it took the connection: data, nothing, or bytes that nobody saw arrive."""

from enum import StrEnum

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.connections.outcome import PATIENCE
from bothways.connections.packet_class import PacketClass
from bothways.evidence.segment import Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.receipts import receipt
from bothways.facts.subject import Subject, cite
from bothways.facts.trust import resting_on_absence
from bothways.units import between, plain
from bothways.way import Way
from bothways.wire.sequence import advance, distance


class Missing(StrEnum):
    """Did bytes that the server sent never arrive?"""

    YES = "yes"
    NO = "no"
    """The server's later packets continue where it stopped: it sent nothing more."""


class Payload(StrEnum):
    """Did data of the server arrive in this connection?"""

    YES = "yes"
    NO = "no"


SERVER_BYTES_MISSING = Kind(
    id="server-bytes-missing", asks="Did the server send bytes that never arrived?", family="replies", answers=Missing
)
SERVER_SENT_PAYLOAD = Kind(
    id="server-payload-arrived", asks="Did any data of the server arrive?", family="replies", answers=Payload
)


def server_bytes_missing(subject: Subject) -> Fact:
    """Whether the server's sequence numbers jump over bytes that never arrived, or continue without a gap."""
    measured = [missing_in(exchange) for exchange in subject.exemplars]
    return agreed(measured) if measured else unknown(SERVER_BYTES_MISSING, "no failed connection was captured")


def missing_in(exchange: Exchange) -> Fact:
    """The same for one connection, by the first observer that can tell."""
    for seen in exchange.seen:
        if seen.observer.place is Place.SERVER:
            return _sent_by_server(exchange, seen)
        jump = _jump(seen, exchange.acknowledged(Way.BACK))
        if jump is not None:
            bytes_missing, segment = jump
            says = f"the server's sequence number jumps over {bytes_missing} bytes that never arrived"
            return _missing(seen, Missing.YES, says, segment)
        later = _continues(seen)
        if later is not None:
            return _missing(seen, Missing.NO, "the server's later packets continue without a gap", later)
    return unknown(SERVER_BYTES_MISSING, "no later packet of the server shows whether it sent anything meanwhile")


def _missing(seen: Seen, answer: Missing, says: str, segment: Segment) -> Fact:
    return Fact(
        kind=SERVER_BYTES_MISSING,
        answer=answer,
        says=says,
        way=Way.BACK,
        vantage=seen.observer.vantage,
        cites=cite(seen, segment),
        # Elsewhere the packets themselves show the gap; that all the server sent is in view depends on the place.
        sure=seen.observer.place is not Place.SERVER or seen.observer.sure,
    )


def _jump(seen: Seen, acknowledged: int | None) -> tuple[int, Segment] | None:
    """Bytes before the server's latest packet that never arrived, and the packet that shows it.

    This observer never saw them, and the client acknowledged none of them.
    """
    reached: int | None = None
    waiting: list[Segment] = []
    for segment in seen.back:
        if segment.is_reset:
            continue
        waiting.append(segment)
        if reached is None:
            reached = segment.seq
        reached, waiting = _advance(reached, waiting)
    if reached is not None and acknowledged is not None and distance(reached, acknowledged) > 0:
        reached, waiting = _advance(acknowledged, waiting)
    if reached is None or not waiting:
        return None
    first = min(waiting, key=lambda segment: distance(reached, segment.seq))
    return distance(reached, first.seq), first


def _advance(reached: int, waiting: list[Segment]) -> tuple[int, list[Segment]]:
    """Move *reached* over everything that joins it without a gap; what lies beyond a gap goes on waiting."""
    moved = True
    while moved:
        moved = False
        for segment in waiting:
            if distance(reached, segment.seq) <= 0 < distance(reached, _end(segment)):
                reached = _end(segment)
                moved = True
    return reached, [segment for segment in waiting if distance(reached, segment.seq) > 0]


def _end(segment: Segment) -> int:
    return advance(segment.seq, segment.payload + segment.is_syn_ack + segment.is_fin)


def _continues(seen: Seen) -> Segment | None:
    """A packet of the server, sent long after the client's first data was acknowledged, that shows no gap."""
    asked = next((segment for segment in seen.there if segment.payload), None)
    last = next((segment for segment in reversed(seen.back) if not segment.is_reset and not segment.is_syn_ack), None)
    if asked is None or last is None or between(asked.at, last.at) < PATIENCE:
        return None
    return last


def _sent_by_server(exchange: Exchange, seen: Seen) -> Fact:
    """The server's own capture shows what it sent; how long it was watched decides whether silence is one."""
    asked = next((segment for segment in seen.there if segment.payload), None)
    data = [segment for segment in seen.back if segment.payload]
    acknowledged = exchange.acknowledged(Way.BACK)
    if asked is None:
        return unknown(SERVER_BYTES_MISSING, "the client asked nothing in view")
    unacked = next((one for one in data if acknowledged is None or distance(one.seq, acknowledged) <= 0), None)
    if unacked is not None:
        says = "the server sent data that the client never acknowledged"
        return _missing(seen, Missing.YES, says, unacked)
    watched = between(asked.at, seen.observer.survey.end or asked.at)
    if data or watched < PATIENCE or receipt(exchange, Way.BACK) is not None:
        return unknown(SERVER_BYTES_MISSING, "what the server sent was acknowledged")
    fact = _missing(seen, Missing.NO, f"the server sent no data in {plain(watched)} after the request", asked)
    return resting_on_absence(fact, seen, Way.BACK, PacketClass.DATA)


def server_payload_arrived(subject: Subject) -> Fact:
    """Whether the connection brought any data of the server before it failed."""
    measured = [_payload_in(exchange) for exchange in subject.exemplars]
    if measured:
        return agreed(measured)
    for tried in subject.tried_in_vain():
        if tried.attempt.tls_answered or tried.attempt.status is not None:
            says = "the program got data of the server"
            return Fact(
                kind=SERVER_SENT_PAYLOAD,
                answer=Payload.YES,
                says=says,
                way=Way.BACK,
                vantage="client",
                cites=(tried.cite(),),
            )
    return unknown(SERVER_SENT_PAYLOAD, "no failed connection was captured")


def _payload_in(exchange: Exchange) -> Fact:
    for seen in exchange.seen:
        if seen.sides.blind_back or seen.observer.place is Place.SERVER:
            continue
        data = next((segment for segment in seen.back if segment.payload), None)
        if not any(segment.is_syn_ack for segment in seen.back) and data is None:
            return unknown(SERVER_SENT_PAYLOAD, "there was no SYN+ACK, so no data was to be expected", moot=True)
        taken = receipt(exchange, Way.BACK)
        if data is not None:
            return _payload(seen, Payload.YES, "data of the server arrived", data)
        if taken is not None:
            return _payload(taken[0], Payload.YES, "the client acknowledged data of the server", taken[1])
        none = _payload(seen, Payload.NO, "no data of the server arrived", next(iter(seen.back), None))
        return resting_on_absence(none, seen, Way.BACK, PacketClass.DATA)
    return unknown(SERVER_SENT_PAYLOAD, "no observer before the server saw the way back")


def _payload(seen: Seen, answer: Payload, says: str, shown: Segment | None) -> Fact:
    return Fact(
        kind=SERVER_SENT_PAYLOAD,
        answer=answer,
        says=says,
        way=Way.BACK,
        vantage=seen.observer.vantage,
        cites=cite(seen, shown) if shown else (),
    )


class Window(StrEnum):
    """Did the server go on announcing room for data?"""

    OPEN = "open"
    CLOSED = "closed"
    """It announced a window of 0: its program does not read."""


SERVER_WINDOW = Kind(
    id="server-window", asks="Did the server close its receive window?", family="window", answers=Window
)


def server_window(subject: Subject) -> Fact:
    """Whether the server announced a window of 0 after the handshake."""
    measured = [_window_in(exchange) for exchange in subject.exemplars]
    return agreed(measured) if measured else unknown(SERVER_WINDOW, "no failed connection was captured")


def _window_in(exchange: Exchange) -> Fact:
    for seen in exchange.seen:
        heard = [segment for segment in seen.back if not segment.is_reset and not segment.is_syn]
        if not heard:
            continue
        closed = [segment for segment in heard if segment.window == 0]
        shown = (closed or heard)[-1]
        return Fact(
            kind=SERVER_WINDOW,
            answer=Window.CLOSED if closed else Window.OPEN,
            says="the server announced a window of 0" if closed else "the server's window stayed open",
            way=Way.BACK,
            vantage=seen.observer.vantage,
            cites=cite(seen, shown),
        )
    return unknown(SERVER_WINDOW, "no packet of the server is in view", moot=True)
