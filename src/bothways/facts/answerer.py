"""Who answered the SYN: the server itself, or a device before it in the server's name.

SYN proxies, load balancers and scrubbers complete the handshake themselves and only then turn to the server (Linux
net/netfilter/nf_synproxy_core.c). That the server never sent the SYN+ACK which the client got is physical proof; where
it came from by its TTL, and its window, are hints.
"""

from collections.abc import Sequence
from enum import StrEnum

from msgspec.structs import replace

from bothways.connections.delivery import ran_when
from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Observer, Place
from bothways.connections.packet_class import PacketClass
from bothways.connections.quality import Shows
from bothways.connections.ttl import routers_passed
from bothways.evidence.citation import Citation
from bothways.evidence.segment import Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.stretches import may_be
from bothways.facts.subject import Subject, cite, seen_at
from bothways.way import Way


class Answerer(StrEnum):
    """Who sent the SYN+ACK that the client got."""

    SERVER = "server"
    ANOTHER = "another"
    """The server's own capture, which shows what the server answers this client otherwise, shows none."""


class Offered(StrEnum):
    """What window the SYN+ACK offers."""

    ZERO = "zero"
    """Linux's SYN proxy lets the client wait so, until the server behind it has answered, too."""
    OPEN = "open"


class From(StrEnum):
    """How far the SYN+ACK came, by its TTL, against the server's other packets."""

    NEARER = "nearer"
    SAME = "same"
    FARTHER = "farther"


_FAMILY = "answerer"
ANSWERED_BY = Kind(
    id="answered-by",
    asks="Did the server itself send the SYN+ACK that the client got?",
    family=_FAMILY,
    answers=Answerer,
)
SYN_ACK_WINDOW = Kind(
    id="syn-ack-window", asks="Does the SYN+ACK offer a window?", family="syn-ack-window", answers=Offered
)
ANSWERED_FROM = Kind(
    id="answered-from",
    asks="Did the SYN+ACK come from as far as the server's other packets?",
    family="ttl-of-answer",
    answers=From,
    decisive=False,
)


def _offer(exchange: Exchange) -> tuple[Seen, Segment] | None:
    """The SYN+ACK as the observer nearest to the client saw it, who is not the server's."""
    return next(
        (
            (seen, segment)
            for seen in exchange.seen
            if seen.observer.place is not Place.SERVER
            for segment in seen.back
            if segment.is_syn_ack
        ),
        None,
    )


def answered_by(subject: Subject) -> Fact:
    """Who sent the SYN+ACK, by the server's own capture."""
    server = subject.observer_at(Place.SERVER)
    if server is None:
        return unknown(ANSWERED_BY, "there is no capture at the server")
    measured = [_by(subject, exchange, server) for exchange in subject.exemplars]
    return agreed(measured) if measured else unknown(ANSWERED_BY, "no failed connection was captured")


def _by(subject: Subject, exchange: Exchange, server: Observer) -> Fact:
    at_server = seen_at(exchange, Place.SERVER)
    own = next((one for one in at_server.back if one.is_syn_ack), None) if at_server else None
    if at_server is not None and own is not None:
        says = "the server's own capture shows that it sent a SYN+ACK"
        cites = cite(at_server, own)
        return replace(_fact(ANSWERED_BY, Answerer.SERVER, says, cites, server.vantage), sure=server.sure)
    offered = _offer(exchange)
    if offered is None:
        return unknown(ANSWERED_BY, "nobody saw a SYN+ACK before the server", moot=True)
    seen, offer = offered
    due = subject.reckon(offer.at, seen.observer, server)
    shows = server.quality.shows(Way.BACK, PacketClass.SYN_ACK)
    if due is None or exchange.rivals or shows is not Shows.YES or server.quality.lossy:
        return unknown(ANSWERED_BY, "the server's capture cannot be trusted to show what the server answered")
    if not ran_when(server, due) or not _answers_others(subject, exchange, server):
        return unknown(ANSWERED_BY, "the server's capture shows no other answer of this server to this client")
    if any(seen.sides.back.syn_acks and may_be(other, exchange) for other, seen in _shown(subject, server)):
        return unknown(ANSWERED_BY, "the server answered a connection that may be this one under other addresses")
    says = (
        f"a SYN+ACK arrived at the {seen.observer.vantage}, and the server's own capture shows that it never sent one"
    )
    cites = cite(seen, offer)
    return replace(_fact(ANSWERED_BY, Answerer.ANOTHER, says, cites, seen.observer.vantage), sure=server.sure)


def _answers_others(subject: Subject, exchange: Exchange, server: Observer) -> bool:
    """Whether the server's capture shows SYN+ACKs of this very host to this client, on whatever port."""
    return any(
        seen.sides.back.syn_acks
        for other, seen in _shown(subject, server)
        if (other.client.address, other.server.address) == (exchange.client.address, exchange.server.address)
    )


def _shown(subject: Subject, observer: Observer) -> Sequence[tuple[Exchange, Seen]]:
    return subject.seen_by.get(id(observer), ())


def syn_ack_window(subject: Subject) -> Fact:
    """The window of the first SYN+ACK that came to the client's side."""
    measured = []
    for exchange in subject.exemplars:
        offered = _offer(exchange)
        if offered is not None:
            seen, offer = offered
            answer = Offered.OPEN if offer.window else Offered.ZERO
            says = f"the SYN+ACK offers a window of {offer.window}"
            measured.append(_fact(SYN_ACK_WINDOW, answer, says, cite(seen, offer), seen.observer.vantage))
    return agreed(measured) if measured else unknown(SYN_ACK_WINDOW, "no SYN+ACK was seen before the server")


def answered_from(subject: Subject) -> Fact:
    """Routers that the SYN+ACK passed, against those that the server's data passed to the same observer."""
    for exchange in subject.exemplars:
        offered = _offer(exchange)
        later = _later_packet(subject, exchange, offered[0].observer) if offered else None
        if offered is None or later is None:
            continue
        seen, offer = offered
        came, usual = routers_passed(offer.ttl), routers_passed(later[1].ttl)
        answer = From.SAME if came == usual else From.NEARER if came < usual else From.FARTHER
        says = (
            f"the SYN+ACK passed {came} routers and the server's other packets {usual}, if initial TTLs are the usual"
        )
        cites = (*cite(seen, offer), *cite(*later))
        return _fact(ANSWERED_FROM, answer, says, cites, seen.observer.vantage)
    return unknown(ANSWERED_FROM, "no other packet of the server was seen where its SYN+ACK was")


def _later_packet(subject: Subject, exchange: Exchange, observer: Observer) -> tuple[Seen, Segment] | None:
    """A packet of the server's address that no proxy answers a SYN with."""
    others = (exchange, *subject.captured)
    return next(
        (
            (seen, segment)
            for other in others
            if other.server.address == exchange.server.address
            for seen in other.seen
            if seen.observer is observer
            for segment in seen.back
            if segment.payload
        ),
        None,
    )


def _fact(kind: Kind, answer: StrEnum, says: str, cites: tuple[Citation, ...], vantage: str) -> Fact:
    return Fact(kind=kind, answer=answer, says=says, way=Way.BACK, vantage=vantage, cites=cites)
