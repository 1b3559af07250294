"""What came back to the client's SYN."""

from enum import StrEnum

from msgspec.structs import replace

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.flow_outcome import LoggedFlow
from bothways.connections.handshake import refuses
from bothways.connections.observer import Place
from bothways.connections.outcome import SEVERAL, Outcome
from bothways.evidence.attempt import Outcome as AttemptOutcome
from bothways.evidence.citation import Citation
from bothways.evidence.icmp_error import Unreachable
from bothways.evidence.socket import SocketState
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.stuck_sockets import End, HostSocket, Stuck, sockets_of
from bothways.facts.subject import Subject, Tried, cite
from bothways.way import Way


class Answer(StrEnum):
    """What answered the SYN, as the client got it."""

    SYN_ACK = "syn-ack"
    RESET = "reset"
    PROHIBITED = "icmp-prohibited"
    UNREACHABLE = "icmp-unreachable"
    IGNORED = "ignored-by-client"
    """A SYN+ACK arrived at the client's interface, and the client repeats its SYN as if none had."""
    NOTHING = "nothing"


ANSWER_TO_SYN = Kind(id="answer-to-syn", asks="What came back to the client's SYN?", family="opening", answers=Answer)


def answer_to_syn(subject: Subject) -> Fact:
    """What came back to the client: from captures, else from a program's or a monitor's log, else its own sockets."""
    measured = [_of_exchange(exchange) for exchange in subject.exemplars]
    if any(fact.known for fact in measured):
        return agreed(measured)
    told = [fact for tried in subject.tried() if (fact := _of_attempt(tried)) is not None]
    told = told or [fact for logged in subject.flow_exemplars if (fact := _of_flow(logged)) is not None]
    if told:
        return agreed(told)
    own = [fact for item in sockets_of(subject, End.CLIENT) if (fact := _of_socket(item)) is not None]
    if own:
        return agreed(own)
    return unknown(ANSWER_TO_SYN, "no capture, log or list of sockets shows what came back to the client")


def _of_exchange(exchange: Exchange) -> Fact:
    for measure in (_acknowledged, _offered, _refused, _icmp, _repeated):
        for seen in exchange.seen:
            fact = measure(seen)
            if fact is not None:
                return fact
    return unknown(ANSWER_TO_SYN, "no observer stood where the answer to the SYN could be seen to arrive")


def _fact(seen: Seen, answer: Answer, says: str, cites: tuple[Citation, ...]) -> Fact:
    return Fact(kind=ANSWER_TO_SYN, answer=answer, says=says, way=Way.BACK, vantage=seen.observer.vantage, cites=cites)


def _acknowledged(seen: Seen) -> Fact | None:
    """The client acknowledges a SYN+ACK: whoever sees that ACK knows that the SYN+ACK arrived."""
    opened = next((segment.at for segment in seen.there if segment.is_syn), None)
    if opened is None:
        return None
    # In a file in no order packets of an earlier connection of the same ports may stand behind the SYN.
    later = (segment for segment in seen.there if segment.at >= opened and not segment.is_syn)
    acked = next((segment for segment in later if segment.ack and not segment.is_reset), None)
    if acked is None:
        return None
    offered = next((segment for segment in seen.back if segment.is_syn_ack), None)
    if offered is None:
        says = "the client acknowledges a SYN+ACK that passed elsewhere"
        return _fact(seen, Answer.SYN_ACK, says, cite(seen, acked))
    return _fact(seen, Answer.SYN_ACK, "a SYN+ACK arrived and the client acknowledged it", cite(seen, offered, acked))


def _offered(seen: Seen) -> Fact | None:
    if seen.observer.place is not Place.CLIENT:
        return None
    offered = next((segment for segment in seen.back if segment.is_syn_ack), None)
    if offered is None:
        return None
    syns = [segment for segment in seen.there if segment.is_syn]
    again = next((syn for syn in syns if syn.at > offered.at), None)
    # A file in no order, or a clock that was set: which came first is not sure.
    ordered = all((syn.at > offered.at) == (syn.number > offered.number) for syn in syns)
    if again is not None:
        says = "a SYN+ACK arrived at the client, which repeats its SYN all the same"
        # Nearer than the client's own host, an observer sees a SYN+ACK that is lost behind it.
        sure = seen.observer.sure and ordered
        return replace(_fact(seen, Answer.IGNORED, says, cite(seen, offered, again)), sure=sure)
    # Without a SYN in view it may answer a path tool, or an earlier connection of the same ports.
    return replace(_fact(seen, Answer.SYN_ACK, "a SYN+ACK arrived", cite(seen, offered)), sure=bool(syns) and ordered)


def _refused(seen: Seen) -> Fact | None:
    if seen.sides.back.syn_acks:
        return None
    syns = [segment for segment in seen.there if segment.is_syn]
    resets = (segment for segment in seen.back if segment.is_reset)
    reset = next((segment for segment in resets if any(refuses(segment, syn) for syn in syns)), None)
    return None if reset is None else _fact(seen, Answer.RESET, "a RST answered the SYN", cite(seen, reset))


def _icmp(seen: Seen) -> Fact | None:
    errors = [error for error in seen.errors if error.source == seen.sides.client]
    if not errors or seen.sides.back.syn_acks:
        return None
    error = errors[0]
    forbidden = error.says in {Unreachable.PROHIBITED, Unreachable.PORT}
    says = f"{error.reporter} answered with ICMP type {error.type} code {error.code} ({error.says})"
    cites = (seen.cite(error),)
    return _fact(seen, Answer.PROHIBITED if forbidden else Answer.UNREACHABLE, says, cites)


def _repeated(seen: Seen) -> Fact | None:
    """A client that repeats its SYN got no answer: its own behaviour proves the absence, at any observer.

    At the server it may be a proxy in the client's name that repeats it, which has answered the client long before.
    """
    syns = [segment for segment in seen.there if segment.is_syn]
    if len(syns) < SEVERAL:
        return None
    says = f"the client sent its SYN {len(syns)} times: no answer reached it"
    beyond = seen.observer.place is Place.SERVER
    return replace(_fact(seen, Answer.NOTHING, says, cite(seen, syns[0], syns[-1])), decisive=not beyond)


_TOLD = {
    AttemptOutcome.NO_CONNECTION: (Answer.NOTHING, "the program timed out before it was connected"),
    AttemptOutcome.REFUSED: (Answer.RESET, "the program was told that the connection was refused"),
    AttemptOutcome.STALLED: (Answer.SYN_ACK, "the program was connected"),
    AttemptOutcome.RESET: (Answer.SYN_ACK, "the program was connected"),
    AttemptOutcome.CLOSED: (Answer.SYN_ACK, "the program was connected"),
}
"""UNREACHABLE is missing: "no route to host" stands for prohibited and unreachable alike (Linux maps ICMP codes 1, 9,
10
and 13 to EHOSTUNREACH, net/ipv4/icmp.c)."""


def _of_flow(logged: LoggedFlow) -> Fact | None:
    """What a record proves: a client that repeats its SYN got no answer, wherever the monitor stood.

    As far as the monitor missed nothing, which the record cannot show: so it contradicts nothing physically.
    """
    letters = set(logged.flow.history)
    if logged.outcome is Outcome.UNANSWERED:
        answer, says = Answer.NOTHING, "the client repeated its SYN and sent nothing else: no answer reached it"
    elif logged.outcome is Outcome.REFUSED:
        answer, says = Answer.RESET, "a RST answered the SYN"
    elif logged.outcome is Outcome.RESET and "h" in letters and letters & {"A", "D"}:
        answer, says = Answer.SYN_ACK, "a SYN+ACK was sent and the client acknowledged something"
    else:
        return None
    return Fact(kind=ANSWER_TO_SYN, answer=answer, says=says, way=Way.BACK, cites=(logged.cite(),), sure=False)


def _of_attempt(tried: Tried) -> Fact | None:
    told = _TOLD.get(tried.attempt.outcome)
    if told is None:
        return None
    answer, says = told
    return Fact(kind=ANSWER_TO_SYN, answer=answer, says=says, way=Way.BACK, vantage="client", cites=(tried.cite(),))


def _of_socket(item: HostSocket) -> Fact | None:
    """The client's own kernel knows what it heard."""
    if item.stuck is Stuck.UNANSWERED:
        answer, says = Answer.NOTHING, "the client's socket repeats its SYN: no answer reached it"
    elif item.socket.state is SocketState.ESTABLISHED:
        answer, says = Answer.SYN_ACK, "the client's kernel holds the connection for made"
    else:
        return None
    return Fact(kind=ANSWER_TO_SYN, answer=answer, says=says, way=Way.BACK, vantage="client", cites=(item.cite(),))
