"""Who reset the connection, and when.

A RST's TTL, IPID or missing options alone prove no middlebox: who sent it is asked of
the server's own capture, or of time.
"""

from collections.abc import Sequence
from enum import StrEnum

from msgspec.structs import replace

from bothways.connections.delivery import ran_when
from bothways.connections.exchange import Exchange, Seen
from bothways.connections.handshake import refuses
from bothways.connections.observer import Observer, Place
from bothways.connections.outcome import SEVERAL
from bothways.connections.packet_class import PacketClass
from bothways.connections.quality import Shows
from bothways.evidence.segment import Flags, Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.stretches import proven
from bothways.facts.subject import Subject, cite, seen_at
from bothways.facts.trust import resting_on_absence
from bothways.units import Duration, between, plain
from bothways.way import Way
from bothways.wire.sequence import advance, distance

TOO_SOON = 4
"""A RST that comes in a quarter of the fastest round trip to the server did not come from there; nearer to it, a slow
first
packet (a neighbour lookup, a cold cache) could mislead."""


class Moment(StrEnum):
    """What the reset answers."""

    NONE = "none"
    """No reset came."""
    AFTER_SYN = "after-syn"
    AFTER_ACK = "after-ack"
    """After the handshake, before the client sent data."""
    AFTER_DATA = "after-data"
    """After the client's first data, before any data of the server."""
    LATER = "later"


class Sender(StrEnum):
    """Whose reset it is."""

    SERVER = "server"
    NOT_SERVER = "not-server"


RESET_MOMENT = Kind(id="reset-moment", asks="What did the RST answer?", family="opening", answers=Moment)
RESET_SENDER = Kind(id="reset-sender", asks="Did the server send the RST?", family="reset-sender", answers=Sender)


def reset_moment(subject: Subject) -> Fact:
    """When the first RST of the server's side came.

    That the client had sent no data is sure only where several connections show it: of one, a capture may have missed
    the packet.
    """
    measured = [_moment_in(exchange) for exchange in subject.exemplars]
    if not measured:
        return unknown(RESET_MOMENT, "no failed connection was captured")
    fact, alone = agreed(measured), sum(one.known for one in measured) < SEVERAL
    return replace(fact, sure=False) if fact.answer is Moment.AFTER_ACK and alone else fact


def _first_reset(exchange: Exchange) -> tuple[Seen, Segment] | None:
    for seen in exchange.seen:
        reset = next((segment for segment in seen.back if segment.is_reset), None)
        if reset is not None:
            return seen, reset
    return None


def _no_reset(exchange: Exchange) -> Fact:
    """No reset came, where the way back is in view."""
    seen = exchange.seen[0]
    if not seen.back:
        return unknown(RESET_MOMENT, "the way back is not in view, or nothing came along it", moot=True)
    none = Fact(
        kind=RESET_MOMENT,
        answer=Moment.NONE,
        says="no reset came",
        way=Way.BACK,
        vantage=seen.observer.vantage,
        cites=cite(seen, *seen.back[-1:]),
    )
    return resting_on_absence(none, seen, Way.BACK, PacketClass.RESET)


def _moment_in(exchange: Exchange) -> Fact:
    found = _first_reset(exchange)
    if found is None:
        return _no_reset(exchange)
    seen, reset = found
    sent, before = _ahead_of_reset(exchange, Way.THERE), _ahead_of_reset(exchange, Way.BACK)
    if not any(segment.is_syn for segment in sent):
        return unknown(RESET_MOMENT, "the capture does not show how the connection began")
    opened = any(segment.is_syn_ack for segment in before) or not all(segment.is_syn for segment in sent)
    if not opened and not any(refuses(reset, syn) for syn in sent):
        return unknown(RESET_MOMENT, "the RST cannot answer the SYN, and what it answers is not in view")
    if not opened:
        moment, says = Moment.AFTER_SYN, "a RST answered the SYN"
    elif any(segment.payload for segment in before):
        moment, says = Moment.LATER, "a RST came after data of the server"
    elif any(segment.payload for segment in sent):
        moment, says = Moment.AFTER_DATA, "a RST answered the client's first data"
    else:
        moment, says = Moment.AFTER_ACK, "a RST answered the handshake's ACK"
    fact = Fact(
        kind=RESET_MOMENT,
        answer=moment,
        says=f"{says} (it arrived with TTL {reset.ttl}; TTLs prove nothing)",
        way=Way.BACK,
        vantage=seen.observer.vantage,
        cites=cite(seen, reset),
    )
    # Data that a capture does not show may have come before the RST all the same.
    return resting_on_absence(fact, seen, *_LACKS[moment])


_LACKS: dict[Moment, tuple[Way, PacketClass]] = {
    Moment.AFTER_SYN: (Way.BACK, PacketClass.SYN_ACK),
    Moment.AFTER_ACK: (Way.THERE, PacketClass.DATA),
    Moment.AFTER_DATA: (Way.BACK, PacketClass.DATA),
    Moment.LATER: (Way.BACK, PacketClass.RESET),
}
"""Whose absence makes it this moment and no later one."""


def _ahead_of_reset(exchange: Exchange, way: Way) -> list[Segment]:
    """What anybody who saw the RST saw ahead of it: so it left the client, or came there, before the RST came."""
    ahead = []
    for seen in exchange.seen:
        reset = next((segment for segment in seen.back if segment.is_reset), None)
        ahead += [segment for segment in seen.segments(way) if reset is not None and _precedes(segment, reset)]
    return ahead


def _precedes(segment: Segment, reset: Segment) -> bool:
    """Whether *segment* came ahead of *reset*: by time, for two queues may stand in a file out of order."""
    return (segment.at, segment.number) < (reset.at, reset.number)


def reset_sender(subject: Subject) -> Fact:
    """Whether the server sent the RST, by its own capture, else by the time that the RST took."""
    measured = [_sender_in(subject, exchange) for exchange in subject.exemplars]
    return agreed(measured) if measured else unknown(RESET_SENDER, "no failed connection was captured")


def _sender_in(subject: Subject, exchange: Exchange) -> Fact:
    found = _first_reset(exchange)
    if found is None:
        return unknown(RESET_SENDER, "no reset was seen", moot=True)
    seen, reset = found
    server = subject.observer_at(Place.SERVER)
    at_server = seen_at(exchange, Place.SERVER)
    if at_server is not None and any(segment.is_reset for segment in at_server.back):
        sent = next(segment for segment in at_server.back if segment.is_reset)
        return _sender(at_server, Sender.SERVER, "the RST left the server's own interface", sent)
    if server is not None and seen is not at_server and _would_have_shown(subject, exchange, server, reset):
        says = f"the RST arrived at the {seen.observer.vantage}, and the server's capture shows that it never sent one"
        return _sender(seen, Sender.NOT_SERVER, says, reset, sure=server.sure)
    return _by_time(subject, seen, reset)


def _would_have_shown(subject: Subject, exchange: Exchange, server: Observer, reset: Segment) -> bool:
    """Whether the server's capture ran as *reset* was sent and keeps what the server sends."""
    if server.quality.shows(Way.BACK, PacketClass.RESET) is not Shows.YES or server.quality.lossy:
        return False
    at_server = seen_at(exchange, Place.SERVER)
    if at_server is None:
        return proven(subject, exchange, server)
    found = _first_reset(exchange)
    due = subject.reckon(reset.at, found[0].observer, server) if found else None
    if not at_server.back or due is None:
        return False
    return ran_when(server, due)


def _sender(seen: Seen, answer: Sender, says: str, segment: Segment, *, sure: bool = True) -> Fact:
    return Fact(
        kind=RESET_SENDER,
        answer=answer,
        says=says,
        way=Way.BACK,
        vantage=seen.observer.vantage,
        cites=cite(seen, segment),
        sure=sure and seen.observer.sure,
    )


def _by_time(subject: Subject, seen: Seen, reset: Segment) -> Fact:
    """A packet cannot have been at the server and back sooner than the fastest round trip ever seen."""
    cause = _earliest_cause([segment for segment in seen.there if _precedes(segment, reset)], reset)
    fastest = _fastest_round_trip(subject, seen)
    if cause is None or fastest is None or seen.observer.place is not Place.CLIENT:
        return unknown(RESET_SENDER, "no capture at the server, and no round trip to compare the RST with")
    took = between(cause.at, reset.at)
    if took * TOO_SOON >= fastest:
        return unknown(RESET_SENDER, f"the RST came after {plain(took)}, which the server could have done")
    says = f"the RST came after {plain(took)}, where the server is {plain(fastest)} away at best"
    return _sender(seen, Sender.NOT_SERVER, says, reset)


def _earliest_cause(sent: Sequence[Segment], reset: Segment) -> Segment | None:
    """The first of the client's packets after which the server can have sent *reset*, for whatever reason.

    A RST with ACK acknowledges what was received; one without bears the acknowledgement number of what it answers (RFC
    9293 section 3.10.7). A server that gives up by itself knows no more than that, and may have known it for long.
    """
    for segment in sent:
        end = advance(segment.seq, segment.payload + segment.is_syn + segment.is_fin)
        if distance(reset.ack, end) >= 0 if reset.flags & Flags.ACK else segment.ack == reset.seq:
            return segment
    return None


def _fastest_round_trip(subject: Subject, seen: Seen) -> Duration | None:
    """The fastest answer of this server that anybody at the client measured."""
    spans: list[Duration] = []
    for exchange in subject.captured:
        for view in exchange.seen:
            offer = next((segment for segment in view.back if segment.is_syn_ack), None)
            if (
                view.observer is seen.observer
                and offer is not None
                and exchange.server.address == subject.server.address
            ):
                spans.extend(between(syn.at, offer.at) for syn in view.there if syn.is_syn and syn.at < offer.at)
    spans.extend(_by_longest_trace(subject))
    return min(spans, default=None)


def _by_longest_trace(subject: Subject) -> list[Duration]:
    """Round trips to the last hop of the longest report that reaches the server.

    A shorter one may have met the resetter.
    """
    reports = [path for path in subject.paths if path.way is Way.THERE and not path.control and path.reached]
    if not reports:
        return []
    longest = max(reports, key=lambda path: path.hops[-1].index)
    return [trip for reply in longest.hops[-1].replies for trip in reply.round_trips if trip > 0]
