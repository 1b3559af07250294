"""How far the client's packets got: which classes of them the server's side saw, and between whom the rest was lost."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import takewhile

from bothways.connections.delivery import ran_when
from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Observer, Place
from bothways.connections.outcome import PATIENCE, SEVERAL
from bothways.connections.packet_class import PacketClass
from bothways.evidence.citation import Citation
from bothways.evidence.segment import Segment
from bothways.facts.acceptance import Took, took
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.receipts import receipt
from bothways.facts.stretches import Stretch, proven, stretches
from bothways.facts.subject import Subject, cite, seen_at
from bothways.facts.trust import resting_on_absence
from bothways.units import between
from bothways.way import Way
from bothways.wire.sequence import distance


class Reached(StrEnum):
    """What of the client's packets was seen at the server's own interface."""

    NOTHING = "nothing"
    SYN = "syn"
    """SYNs only."""
    BARE_ACK = "bare-ack"
    """The handshake's ACK, and none of the data that the client is known to have sent."""
    ACK_ONLY = "ack-only"
    """The handshake's ACK and no data; nobody saw whether the client sent any."""
    SOME_DATA = "some-data"
    DATA = "data"
    """All data that is known to have been sent."""


class Lost(StrEnum):
    """Where what is missing was lost."""

    AT_DEVICE = "at-device"
    """It was seen to enter one device on the path and not to leave it."""
    ON_PATH = "on-path"
    """It was seen to leave one observer and not to reach the next one."""
    AT_SERVER = "at-server"
    """It reached the server's host, which ignored it."""
    ON_WAY_BACK = "on-way-back"


class AckFate(StrEnum):
    """What became of the client's bare ACKs."""

    ARRIVES = "arrives"
    LOST = "lost"
    """Every one of them, on one stretch of the path."""


SEEN_AT_SERVER = Kind(
    id="seen-at-server",
    asks="Which of the client's packets reached the server's host?",
    family="reach",
    answers=Reached,
)
ACK_FATE = Kind(id="ack-fate", asks="Do the client's bare ACKs arrive?", family="reach", answers=AckFate)
PLACE_OF_LOSS = Kind(id="place-of-loss", asks="Between which observers was it lost?", family="reach", answers=Lost)


def seen_at_server(subject: Subject) -> Fact:
    """Which of the client's packets the server's own capture shows."""
    server = subject.observer_at(Place.SERVER)
    if server is None:
        return unknown(SEEN_AT_SERVER, "there is no capture at the server")
    if not subject.exemplars:
        return unknown(SEEN_AT_SERVER, "no failed connection was captured")
    return agreed([_reached(subject, exchange, server) for exchange in subject.exemplars])


def _reached(subject: Subject, exchange: Exchange, server: Observer) -> Fact:
    seen = seen_at(exchange, Place.SERVER)
    if seen is None:
        return _nothing(subject, exchange, server)
    data = [segment for segment in seen.there if segment.payload]
    acks = [segment for segment in seen.there if segment.is_bare_ack]
    syns = [segment for segment in seen.there if segment.is_syn]
    if data:
        return _some_or_all(subject, exchange, seen, data)
    if not acks and not syns:
        return unknown(SEEN_AT_SERVER, "the server's capture shows nothing that the client sent")
    if receipt(exchange, Way.THERE) is not None or (not acks and took(exchange).answer is Took.TAKEN):
        return unknown(SEEN_AT_SERVER, "the server's capture does not show all that the server took")
    return _watched(subject, exchange, seen, acks=acks, syns=syns)


def _watched(
    subject: Subject, exchange: Exchange, seen: Seen, *, acks: Sequence[Segment], syns: Sequence[Segment]
) -> Fact:
    """What the lack of data at the server says, if the capture there was watched for long enough."""
    if not acks and len(syns) >= SEVERAL:
        return _no_data(seen, acks, syns, (), sure=True)
    for probably in (False, True):
        if _watched_on(subject, exchange, seen, probably=probably):
            sent = _data(_due(subject, exchange, seen, probably=probably))
            return _no_data(seen, acks, syns, sent, sure=not probably)
    return unknown(SEEN_AT_SERVER, "the server's capture ends before anything else of the client was due")


def _some_or_all(subject: Subject, exchange: Exchange, seen: Seen, data: Sequence[Segment]) -> Fact:
    """Whether the client's bytes all arrived: in *data*, or acknowledged although the server's capture missed them."""
    missing = _missing_bytes(
        data, _data(_due(subject, exchange, seen, probably=False)), exchange.acknowledged(Way.THERE)
    )
    answer = Reached.SOME_DATA if missing else Reached.DATA
    says = f"{missing} bytes of the client's data never arrived" if missing else "the client's data arrived"
    return _at_server(seen, answer, says, (data[0], data[-1]))


def _no_data(
    seen: Seen, acks: Sequence[Segment], syns: Sequence[Segment], sent: Sequence[Segment], *, sure: bool
) -> Fact:
    """The server's capture, watched for long enough, shows nothing after the handshake, or after the SYN."""
    if acks and sent:
        says = f"the handshake's ACK arrived, none of the client's {len(sent)} data packets did"
        fact = _at_server(seen, Reached.BARE_ACK, says, (acks[0],), sure=sure)
    elif acks:
        says = "the handshake's ACK arrived and nothing else"
        fact = _at_server(seen, Reached.ACK_ONLY, says, (acks[0],), sure=sure)
    else:
        arrived = f"{len(syns)} SYNs arrived" if len(syns) > 1 else "one SYN arrived"
        says = f"{arrived}, and no other packet of the client ever"
        fact = _at_server(seen, Reached.SYN, says, (syns[0],), sure=sure)
    if not acks and len(syns) >= SEVERAL:
        return fact  # A client that repeats its SYN has sent nothing else, whatever this capture would show.
    return resting_on_absence(fact, seen, Way.THERE, PacketClass.DATA, *([] if acks else [PacketClass.ACK]))


def _at_server(seen: Seen, answer: Reached, says: str, segments: tuple[Segment, ...], *, sure: bool = True) -> Fact:
    return Fact(
        kind=SEEN_AT_SERVER,
        answer=answer,
        says=says,
        way=Way.THERE,
        vantage=seen.observer.vantage,
        cites=cite(seen, *segments),
        sure=sure and seen.observer.sure,
    )


def _data(segments: Sequence[Segment] | None) -> list[Segment]:
    return [segment for segment in segments or () if segment.payload]


def _nothing(subject: Subject, exchange: Exchange, server: Observer) -> Fact:
    """The server's capture does not know this connection.

    Absent only if it knows others of the same hosts meanwhile.
    """
    if not proven(subject, exchange, server):
        return unknown(
            SEEN_AT_SERVER, "the server's capture shows no packet of these hosts: it may have been filtered or idle"
        )
    first = exchange.seen[0].there[:1]
    return Fact(
        kind=SEEN_AT_SERVER,
        answer=Reached.NOTHING,
        says="the server's capture shows other packets of the same hosts meanwhile, and none of this connection",
        way=Way.THERE,
        vantage=server.vantage,
        cites=(*cite(exchange.seen[0], *first), Citation(file=server.file)),
        sure=server.sure,
    )


def _due(subject: Subject, exchange: Exchange, at_server: Seen, *, probably: bool) -> list[Segment] | None:
    """What an observer before the server's saw of the client and was due at the server while its capture ran.

    None where nobody saw it whose clock can be compared.
    """
    views = [seen for seen in exchange.seen if seen.observer.place is not Place.SERVER and seen.there]
    for seen in sorted(views, key=lambda seen: not any(segment.payload for segment in seen.there)):
        watching = at_server.observer
        moments = [(segment, subject.reckon(segment.at, seen.observer, watching)) for segment in seen.there]
        if any(moment is not None for _, moment in moments):
            return [
                segment
                for segment, moment in moments
                if moment is not None and ran_when(watching, moment, probably=probably)
            ]
    return None


def _watched_on(subject: Subject, exchange: Exchange, at_server: Seen, *, probably: bool) -> bool:
    """Whether the server's capture ran on long enough after the client's last packet in it to miss something.

    Until something was due that did not arrive; where nobody else saw the client, as long as one is patient. After a
    RST nothing more is due.
    """
    if any(segment.is_reset for segment in at_server.back):
        return True
    due = _due(subject, exchange, at_server, probably=probably)
    if due is not None and any(segment.payload for seen in exchange.seen for segment in seen.there):
        opened = any(segment.is_bare_ack for segment in at_server.there)
        return any(segment.payload if opened else not segment.is_syn for segment in due)
    last = at_server.observer.survey.end
    return last is not None and between(at_server.there[-1].at, last) >= PATIENCE if at_server.there else True


def _missing_bytes(arrived: Sequence[Segment], sent: Sequence[Segment], acknowledged: int | None) -> int:
    """Bytes sent that never arrived in any sending; without a sender's capture, holes between what arrived."""
    origin = (sent or arrived)[0].seq
    end = max(distance(origin, segment.seq) + segment.payload for segment in (sent or arrived))
    missing = 0
    reached = 0 if acknowledged is None else max(0, distance(origin, acknowledged))
    for start, stop in sorted((distance(origin, s.seq), distance(origin, s.seq) + s.payload) for s in arrived):
        missing += max(0, start - max(reached, 0))
        reached = max(reached, stop)
    return missing + max(0, end - reached)


def ack_fate(subject: Subject) -> Fact:
    """Whether bare ACKs, the smallest packets after the handshake's, get through."""
    measured = stretches(subject, Way.THERE)
    for stretch in measured:
        if PacketClass.ACK in stretch.lost:
            says = f"from {stretch.upstream.vantage} to {stretch.downstream.vantage}: {stretch.tally()}"
            return _fate(stretch.downstream.vantage, AckFate.LOST, says, stretch.witnesses, sure=stretch.sure)
    for exchange in subject.exemplars:
        seen = seen_at(exchange, Place.SERVER)
        ack = next((segment for segment in seen.there if segment.is_bare_ack), None) if seen else None
        if seen is not None and ack is not None:
            says = "a bare ACK of the client arrived at the server"
            return _fate(seen.observer.vantage, AckFate.ARRIVES, says, cite(seen, ack), sure=seen.observer.sure)
    return unknown(ACK_FATE, "no capture shows whether the client's ACKs arrive")


def _fate(vantage: str, answer: AckFate, says: str, cites: tuple[Citation, ...], *, sure: bool) -> Fact:
    return Fact(kind=ACK_FATE, answer=answer, says=says, way=Way.THERE, vantage=vantage, cites=cites, sure=sure)


def place_of_loss(subject: Subject) -> Fact:
    """The first pair of observers between which something was lost for good, else the server itself."""
    if not subject.exemplars:
        return unknown(PLACE_OF_LOSS, "no failed connection was captured")
    for way in (Way.THERE, Way.BACK):
        for stretch in stretches(subject, way):
            if stretch.lost:
                return _lost_between(stretch)
    return _ignored_by_server(subject)


def _lost_between(stretch: Stretch) -> Fact:
    there = stretch.way is Way.THERE
    answer = Lost.ON_WAY_BACK if not there else Lost.AT_DEVICE if stretch.at_device else Lost.ON_PATH
    return Fact(
        kind=PLACE_OF_LOSS,
        answer=answer,
        says=f"from {stretch.upstream.vantage} to {stretch.downstream.vantage}: {stretch.tally()}",
        way=stretch.way,
        vantage=stretch.downstream.vantage,
        cites=stretch.witnesses,
        sure=stretch.sure,
    )


def _ignored_by_server(subject: Subject) -> Fact:
    """Everything reached the server's host and the client's wait is for what the server ignores."""
    for exchange in subject.exemplars:
        seen = seen_at(exchange, Place.SERVER)
        if seen is None:
            continue
        waiting = [segment for segment in takewhile(lambda one: not one.is_reset, seen.there) if not segment.is_syn]
        answered = any(not segment.is_syn_ack for segment in seen.back) or took(exchange).answer is Took.TAKEN
        if seen.back and not answered and len(waiting) >= SEVERAL and _outlasted(seen, waiting[SEVERAL - 1]):
            fact = Fact(
                kind=PLACE_OF_LOSS,
                answer=Lost.AT_SERVER,
                says=f"{len(waiting)} packets after the SYN reached the server's host, which answered none of them",
                way=Way.THERE,
                vantage=seen.observer.vantage,
                cites=cite(seen, waiting[0], waiting[-1]),
                sure=seen.observer.sure,
            )
            return resting_on_absence(fact, seen, Way.BACK, PacketClass.ACK, PacketClass.DATA)
    return unknown(PLACE_OF_LOSS, "no two captures bound a stretch on which packets were lost")


def _outlasted(seen: Seen, segment: Segment) -> bool:
    """Whether the capture ran on after *segment* for long enough to show an answer to it."""
    return between(segment.at, seen.observer.survey.end or segment.at) >= PATIENCE
