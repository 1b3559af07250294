"""Whether the server took the client's ACK.

Nobody's handshake is complete on its own word: only the server's later
behaviour shows it. One repeated SYN+ACK proves nothing (a server that defers accepting repeats it once), two do.
"""

from collections.abc import Sequence
from enum import StrEnum

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.connections.outcome import PATIENCE, SEVERAL
from bothways.connections.packet_class import PacketClass
from bothways.evidence.citation import Citation
from bothways.evidence.segment import Content, Segment
from bothways.evidence.socket import SocketState
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.stuck_sockets import End, HostSocket, Stuck, sockets_of
from bothways.facts.subject import Subject, cite
from bothways.facts.trust import resting_on_absence
from bothways.units import between, plain
from bothways.way import Way
from bothways.wire.sequence import distance


class Took(StrEnum):
    """Did an ACK of the client complete the connection at the server?"""

    TAKEN = "taken"
    NOT_TAKEN = "not-taken"


class Repeats(StrEnum):
    """How often the server repeated its SYN+ACK although the client did not repeat its SYN."""

    NONE = "none"
    ONE = "one"
    SEVERAL = "several"


class Acked(StrEnum):
    """Was any of the client's data acknowledged?"""

    YES = "yes"
    NO = "no"


SERVER_TOOK_ACK = Kind(
    id="server-took-ack", asks="Did an ACK of the client complete the handshake?", family="acceptance", answers=Took
)
SYN_ACK_REPEATS = Kind(
    id="syn-ack-repeats", asks="How often did the server repeat its SYN+ACK?", family="acceptance", answers=Repeats
)
CLIENT_DATA_ACKED = Kind(
    id="client-data-acked", asks="Did the server acknowledge any data?", family="acceptance", answers=Acked
)


def server_took_ack(subject: Subject) -> Fact:
    """Whether the server took an ACK, from what it did afterwards."""
    if not subject.exemplars:
        return _from_log(subject)
    return agreed([took(exchange) for exchange in subject.exemplars])


def _from_log(subject: Subject) -> Fact:
    """A program that got an answer in its connection was taken for connected by the server."""
    for tried in subject.tried_in_vain():
        if tried.attempt.tls_answered or tried.attempt.status is not None:
            return _taken("the program got an answer in the connection", "client", (tried.cite(),))
    told = [fact for end in End for item in sockets_of(subject, end) if (fact := _by_socket(item)) is not None]
    if told:
        return agreed(told)
    return unknown(SERVER_TOOK_ACK, "no capture shows what the server did after the handshake")


def _by_socket(item: HostSocket) -> Fact | None:
    """The server's kernel knows what it took; a client's, that something was acknowledged after the handshake."""
    socket = item.socket
    if item.end is End.SERVER and socket.state is SocketState.ESTABLISHED:
        return _taken("the server's kernel holds the connection for made", "server", (item.cite(),))
    if item.end is End.SERVER and item.stuck is Stuck.HALF_OPEN:
        says = f"the server's socket has repeated its SYN+ACK {socket.retries} times: no ACK completed the connection"
        cites = (item.cite(),)
        return Fact(
            kind=SERVER_TOOK_ACK, answer=Took.NOT_TAKEN, says=says, way=Way.THERE, vantage="server", cites=cites
        )
    if item.end is End.CLIENT and _acked_by_peer(item):
        return _taken("the client's kernel had data acknowledged", "client", (item.cite(),))
    return None


def _acked_by_peer(item: HostSocket) -> bool:
    """More was acknowledged than the client's SYN. After a FIN it could be that."""
    progress = item.socket.progress
    acked = progress.bytes_acked if progress else None
    return item.socket.state is SocketState.ESTABLISHED and acked is not None and acked > 1


def _taken(says: str, vantage: str, cites: tuple[Citation, ...]) -> Fact:
    return Fact(kind=SERVER_TOOK_ACK, answer=Took.TAKEN, says=says, way=Way.THERE, vantage=vantage, cites=cites)


def took(exchange: Exchange) -> Fact:
    """Whether the server took an ACK in this one connection."""
    for seen in exchange.seen:
        proof = _proof_of_taking(seen)
        if proof is not None:
            return _taken(proof[0], seen.observer.vantage, cite(seen, proof[1]))
    for seen in exchange.seen:
        fact = _not_taken(seen)
        if fact is not None:
            return fact
    return unknown(SERVER_TOOK_ACK, "the server neither acknowledged data nor repeated its SYN+ACK twice in view")


def _proof_of_taking(seen: Seen) -> tuple[str, Segment] | None:
    """A packet that only an established server sends, or a client that acknowledges such."""
    offer = next((segment for segment in seen.back if segment.is_syn_ack), None)
    for segment in seen.back:
        if segment.is_syn_ack or segment.is_reset:
            continue
        if segment.payload or segment.is_fin:
            return "the server went on in the connection", segment
        if offer is not None and distance(offer.ack, segment.ack) > 0:
            return "the server acknowledged what the client sent after the handshake", segment
    acks = [segment for segment in seen.there if segment.ack and not segment.is_reset]
    if acks and distance(acks[0].ack, acks[-1].ack) > 0:
        return "the client acknowledges data of the server that is not in view", acks[-1]
    return None


def repeats(seen: Seen) -> list[Segment]:
    """SYN+ACKs beyond the first, unless the client repeats its SYN: then the server answers each anew."""
    if sum(segment.is_syn for segment in seen.there) > 1:
        return []
    return [segment for segment in seen.back if segment.is_syn_ack][1:]


def _not_taken(seen: Seen) -> Fact | None:
    again = repeats(seen)
    if len(again) < SEVERAL:
        return None
    if seen.observer.place is Place.SERVER:
        answered, says = [], f"the server repeated its SYN+ACK {len(again)} times: no ACK completed the connection"
    else:
        answered = _answers(seen, again)
        if len(answered) < SEVERAL:
            return None
        says = f"the server repeated its SYN+ACK {len(again)} times, though the client answered each with an ACK"
    return Fact(
        kind=SERVER_TOOK_ACK,
        answer=Took.NOT_TAKEN,
        says=says,
        way=Way.THERE,
        vantage=seen.observer.vantage,
        cites=cite(seen, *again[:3], *answered[:1]),
        # Where the client answered, place does not matter; at the server it says that no answer came.
        sure=bool(answered) or seen.observer.sure,
    )


def _answers(seen: Seen, again: Sequence[Segment]) -> list[Segment]:
    """For each repeated SYN+ACK the ACK that the client sent before the next one."""
    found = []
    limits = [*(segment.at for segment in again[1:]), None]
    for offer, limit in zip(again, limits, strict=True):
        answer = next(
            (
                segment
                for segment in seen.there
                if segment.is_bare_ack and segment.at >= offer.at and (limit is None or segment.at <= limit)
            ),
            None,
        )
        if answer is not None:
            found.append(answer)
    return found


def syn_ack_repeats(subject: Subject) -> Fact:
    """How often the SYN+ACK came again, where the server's packets are in view."""
    if not subject.exemplars:
        return unknown(SYN_ACK_REPEATS, "no capture shows the server's packets")
    return agreed([_repeats_in(exchange) for exchange in subject.exemplars])


def _repeats_in(exchange: Exchange) -> Fact:
    for seen in exchange.seen:
        offers = [segment for segment in seen.back if segment.is_syn_ack]
        if not offers:
            continue
        if any(sum(segment.is_syn for segment in other.there) > 1 for other in exchange.seen):
            return unknown(SYN_ACK_REPEATS, "the client repeats its SYN, so the server answers anew")
        again = offers[1:]
        if not again and between(offers[0].at, seen.observer.survey.end or offers[0].at) < PATIENCE:
            return unknown(SYN_ACK_REPEATS, f"the capture ends within {plain(PATIENCE)} of the SYN+ACK")
        answer = Repeats.NONE if not again else Repeats.ONE if len(again) < SEVERAL else Repeats.SEVERAL
        says = f"the server sent its SYN+ACK {len(offers)} times" if again else "the SYN+ACK was not repeated"
        fact = Fact(
            kind=SYN_ACK_REPEATS,
            answer=answer,
            says=says,
            way=Way.BACK,
            vantage=seen.observer.vantage,
            cites=cite(seen, *(again or offers)[:4]),
        )
        return fact if answer is Repeats.SEVERAL else resting_on_absence(fact, seen, Way.BACK, PacketClass.SYN_ACK)
    return unknown(SYN_ACK_REPEATS, "no observer saw a SYN+ACK")


def client_data_acked(subject: Subject) -> Fact:
    """Whether any data of the client was acknowledged."""
    if not subject.exemplars:
        return _acked_by_log(subject)
    measured = agreed([_acked_in(exchange) for exchange in subject.exemplars])
    if measured.known:
        return measured
    told = _acked_by_sockets(subject)
    return agreed(told) if told else measured


def _acked_in(exchange: Exchange) -> Fact:
    """Anybody who saw an acknowledgement outweighs those who saw none: it may have been lost on its way to them."""
    why = "the client sent no data in view"
    views = [(seen, data) for seen in exchange.seen if (data := [item for item in seen.there if item.payload])]
    answers = [(seen, segment) for seen in exchange.seen for segment in seen.back]
    for seen, data in views:
        cover = next((item for item in answers if _covers(item[1], data[0])), None)
        if cover is not None:
            says = "the server acknowledged data of the client"
            return _acked(seen, Acked.YES, says, (*cite(seen, data[0]), *cite(*cover)))
    begun = any(seen.sides.opened_in_view for seen in exchange.seen)
    for seen, data in views:
        if not begun and data[0].content is not Content.CLIENT_HELLO:
            return unknown(CLIENT_DATA_ACKED, "what the client sent at first is out of view")
        tries = [segment for segment in data if segment.seq == data[0].seq]
        if len(tries) > SEVERAL and (seen.sides.back.packets or seen.sides.blind_back):
            waited = plain(between(tries[0].at, tries[-1].at))
            says = f"the client sent its first data {len(tries)} times over {waited}, and none was acknowledged"
            return _acked(seen, Acked.NO, says, cite(seen, tries[0], tries[-1]))
        why = "too little was sent to tell whether an acknowledgement is missing"
    return unknown(CLIENT_DATA_ACKED, why)


def _covers(answer: Segment, data: Segment) -> bool:
    return not answer.is_syn_ack and not answer.is_reset and distance(data.seq, answer.ack) > 0


def _acked(seen: Seen, answer: Acked, says: str, cites: tuple[Citation, ...]) -> Fact:
    vantage = seen.observer.vantage
    return Fact(kind=CLIENT_DATA_ACKED, answer=answer, says=says, way=Way.THERE, vantage=vantage, cites=cites)


def _acked_by_log(subject: Subject) -> Fact:
    for tried in subject.tried_in_vain():
        attempt = tried.attempt
        if attempt.tls_answered or attempt.status is not None:
            says = "the program got an answer to what it sent"
            return Fact(kind=CLIENT_DATA_ACKED, answer=Acked.YES, says=says, vantage="client", cites=(tried.cite(),))
    told = _acked_by_sockets(subject)
    if told:
        return agreed(told)
    return unknown(CLIENT_DATA_ACKED, "neither a program's log nor a list of sockets shows acknowledgements")


def _acked_by_sockets(subject: Subject) -> list[Fact]:
    return [fact for item in sockets_of(subject, End.CLIENT) if (fact := _acked_by_socket(item)) is not None]


def _acked_by_socket(item: HostSocket) -> Fact | None:
    """What the client's own kernel says: its handshake is complete on its own word, an acknowledgement is not."""
    if item.stuck is Stuck.NEVER_ACKNOWLEDGED:
        answer, says = (
            Acked.NO,
            f"the client's socket has {item.socket.pending} bytes waiting, and none was acknowledged",
        )
    elif _acked_by_peer(item):
        answer, says = Acked.YES, "the client's kernel had data acknowledged"
    else:
        return None
    return Fact(kind=CLIENT_DATA_ACKED, answer=answer, says=says, way=Way.THERE, vantage="client", cites=(item.cite(),))
