"""Whether the server answers the SYN as if the connection were there: the challenge ACK of RFC 5961 section 4."""

from enum import StrEnum

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.packet_class import PacketClass
from bothways.evidence.segment import Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject, cite
from bothways.facts.trust import resting_on_absence
from bothways.way import Way
from bothways.wire.sequence import advance


class Challenge(StrEnum):
    """What kind of ACK answered the SYN."""

    CHALLENGED = "challenged"
    """An ACK without SYN whose acknowledgement number belongs to another connection of the same addresses and ports."""
    NONE = "none"


CHALLENGE_ACK = Kind(
    id="challenge-ack",
    asks="Is the SYN answered with a bare ACK for another connection?",
    family="challenge",
    answers=Challenge,
)


def challenge_ack(subject: Subject) -> Fact:
    """Whether a bare ACK of the server answers the SYN.

    An end that holds a connection with the same addresses and ports for open sends one, "irrespective of the sequence
    number" of the SYN (RFC 5961 section 4.2, RFC 9293 section 3.10.7.4).
    """
    if not subject.exemplars:
        return unknown(CHALLENGE_ACK, "no failed connection was captured")
    return agreed([_in(exchange) for exchange in subject.exemplars])


def _in(exchange: Exchange) -> Fact:
    for seen in exchange.seen:
        found = _challenge(seen)
        if found is not None:
            syn, ack = found
            says = "the SYN was answered with a bare ACK that acknowledges another connection's bytes"
            return _fact(seen, Challenge.CHALLENGED, says, syn, ack)
    for seen in exchange.seen:
        opening = next((segment for segment in seen.there if segment.is_syn), None)
        if opening is not None and not seen.sides.blind_back:
            none = _fact(seen, Challenge.NONE, "no bare ACK answered the SYN", opening)
            return resting_on_absence(none, seen, Way.BACK, PacketClass.ACK)
    return unknown(CHALLENGE_ACK, "no capture shows a SYN and what came back to it")


def _fact(seen: Seen, answer: Challenge, says: str, *shown: Segment) -> Fact:
    return Fact(
        kind=CHALLENGE_ACK,
        answer=answer,
        says=says,
        way=Way.BACK,
        vantage=seen.observer.vantage,
        cites=cite(seen, *shown),
    )


def _challenge(seen: Seen) -> tuple[Segment, Segment] | None:
    """A SYN and the ACK that answered it, where the server had sent no SYN+ACK before."""
    syn: Segment | None = None
    for one in sorted((*seen.there, *seen.back), key=lambda segment: segment.number):
        if one.is_syn:
            syn = one
        elif one.is_syn_ack:
            return None
        elif syn is not None and one.source == seen.sides.server and one.is_bare_ack:
            return None if one.ack == advance(syn.seq, 1) else (syn, one)
    return None
