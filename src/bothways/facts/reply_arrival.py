"""Whether the server's SYN+ACK reached the client's own card, and whether somebody told the server that it cannot."""

from enum import StrEnum

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.connections.outcome import PATIENCE, SEVERAL
from bothways.connections.packet_class import PacketClass
from bothways.connections.quality import Shows
from bothways.evidence.citation import Citation
from bothways.evidence.icmp_error import Unreachable
from bothways.evidence.segment import Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject, cite, seen_at
from bothways.facts.trust import resting_on_absence
from bothways.units import between
from bothways.way import Way


class Arrived(StrEnum):
    """Did a SYN+ACK come in at the client?"""

    YES = "yes"
    NO = "no"


class Returned(StrEnum):
    """Did an ICMP error tell the server that its SYN+ACK cannot be delivered?"""

    UNREACHABLE = "unreachable"
    """A router has no way to the client."""
    NO = "no"


REPLY_AT_CLIENT = Kind(
    id="reply-at-client",
    asks="Did a SYN+ACK reach the client's own card?",
    family="reply-at-client",
    answers=Arrived,
)
REPLY_RETURNED = Kind(
    id="reply-returned",
    asks="Did an ICMP error answer the server's SYN+ACK?",
    family="reply-returned",
    answers=Returned,
)


_NO_WAY = frozenset({Unreachable.NETWORK, Unreachable.HOST})
_FORBIDDEN = frozenset({Unreachable.PROHIBITED, Unreachable.PORT})
"""By address, or because the filter never saw the SYN: that is not told."""


def reply_at_client(subject: Subject) -> Fact:
    """What the client's own capture shows."""
    if subject.observer_at(Place.CLIENT) is None:
        return unknown(REPLY_AT_CLIENT, "there is no capture at the client")
    measured = [_arrived(exchange) for exchange in subject.exemplars]
    return agreed(measured) if measured else unknown(REPLY_AT_CLIENT, "no failed connection was captured")


def _arrived(exchange: Exchange) -> Fact:
    seen = seen_at(exchange, Place.CLIENT)
    syns = [segment for segment in seen.there if segment.is_syn] if seen is not None else []
    if seen is None or not syns:
        return unknown(REPLY_AT_CLIENT, "the client's capture shows no SYN of it")
    reply = next((segment for segment in seen.back if segment.is_syn_ack), None)
    reset = next((segment for segment in seen.there if segment.is_reset), None)
    if reply is not None and reset is not None and not any(segment.is_bare_ack for segment in seen.there):
        return unknown(REPLY_AT_CLIENT, "a SYN+ACK reached the client's TCP, which reset it")
    if reply is not None:
        return _fact(seen, Arrived.YES, "a SYN+ACK reached the client's own card", syns[0], reply)
    if len(syns) < SEVERAL or between(syns[0].at, seen.observer.survey.end or syns[0].at) < PATIENCE:
        return unknown(REPLY_AT_CLIENT, "the client's capture ends too soon after the SYN to show an answer")
    says = f"the client sent its SYN {len(syns)} times, and no SYN+ACK reached its card"
    fact = _fact(seen, Arrived.NO, says, syns[0], syns[-1])
    if seen.observer.quality.shows(Way.BACK, PacketClass.SYN_ACK) is Shows.PERHAPS:
        why = seen.observer.quality.why_not(Way.BACK, PacketClass.SYN_ACK)
        return unknown(REPLY_AT_CLIENT, f"the capture of the {seen.observer.vantage} {why}")
    return resting_on_absence(fact, seen, Way.BACK, PacketClass.SYN_ACK)


def _fact(seen: Seen, answer: Arrived, says: str, *shown: Segment) -> Fact:
    return Fact(
        kind=REPLY_AT_CLIENT,
        answer=answer,
        says=says,
        way=Way.BACK,
        vantage=seen.observer.vantage,
        cites=cite(seen, *shown),
        sure=seen.observer.sure,
    )


def reply_returned(subject: Subject) -> Fact:
    """ICMP errors about the server's SYN+ACKs, wherever they were seen."""
    measured = [fact for exchange in subject.exemplars if (fact := _returned(exchange)) is not None]
    if any(fact.answer is Returned.UNREACHABLE for fact in measured):
        measured = [fact for fact in measured if fact.answer is Returned.UNREACHABLE]
    return agreed(measured) if measured else unknown(REPLY_RETURNED, "no capture shows the server's SYN+ACK leave")


def _returned(exchange: Exchange) -> Fact | None:
    for seen in exchange.seen:
        told = [error for error in seen.errors if error.source == seen.sides.server]
        error = next((error for error in told if error.says in _NO_WAY), None)
        if error is None and any(error.says in _FORBIDDEN for error in told):
            return unknown(REPLY_RETURNED, "a filter says by ICMP that it forbids the SYN+ACK, and not why")
        if error is not None and seen.sides.back.syn_acks and not seen.sides.back.data:
            says = f"{error.reporter} answered the SYN+ACK with ICMP type {error.type} code {error.code} ({error.says})"
            return _told(seen, Returned.UNREACHABLE, says, seen.cite(error))
    seen_there = seen_at(exchange, Place.SERVER)
    sent = next((segment for segment in seen_there.back if segment.is_syn_ack), None) if seen_there else None
    if seen_there is None or sent is None:
        return None
    return _told(seen_there, Returned.NO, "no ICMP error answered the SYN+ACK", seen_there.cite(sent))


def _told(seen: Seen, answer: Returned, says: str, shown: Citation) -> Fact:
    return Fact(
        kind=REPLY_RETURNED,
        answer=answer,
        says=says,
        way=Way.BACK,
        vantage=seen.observer.vantage,
        cites=(shown,),
        # A capture may have been told to keep TCP only.
        sure=answer is not Returned.NO,
        decisive=answer is not Returned.NO,
    )
