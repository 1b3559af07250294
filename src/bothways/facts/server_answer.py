"""What left the server's own network card in answer to the client's SYN."""

from enum import StrEnum

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.connections.outcome import PATIENCE, SEVERAL
from bothways.connections.packet_class import PacketClass
from bothways.evidence.segment import Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject, cite, seen_at
from bothways.facts.trust import resting_on_absence
from bothways.units import between
from bothways.way import Way


class Sent(StrEnum):
    """What the server's host sent."""

    SYN_ACK = "syn-ack"
    RESET = "reset"
    OTHER = "other"
    """A packet of the connection that answers no SYN: a challenge ACK (RFC 5961 section 4.2)."""
    NOTHING = "nothing"


SERVER_ANSWER = Kind(
    id="server-answer",
    asks="What did the server's own card send in answer to the SYN?",
    family="server-answer",
    answers=Sent,
)

ALL_INTERFACES = "linux-cooked"
"""Beginning of the link types with which Linux captures on all interfaces at once (pcap-linktype(7), LINUX_SLL)."""


def server_answer(subject: Subject) -> Fact:
    """What the server's own capture shows of its first answer."""
    if subject.observer_at(Place.SERVER) is None:
        return unknown(SERVER_ANSWER, "there is no capture at the server")
    measured = [_answered(exchange) for exchange in subject.exemplars]
    return agreed(measured) if measured else unknown(SERVER_ANSWER, "no failed connection was captured")


def _answered(exchange: Exchange) -> Fact:
    seen = seen_at(exchange, Place.SERVER)
    syns = [segment for segment in seen.there if segment.is_syn] if seen is not None else []
    if seen is None or not syns:
        return unknown(SERVER_ANSWER, "the server's capture shows no SYN of it")
    # By time: two queues of a card may stand in a file out of order.
    answers = (segment for segment in seen.back if segment.at >= syns[0].at)
    first = min(answers, key=lambda segment: (segment.at, segment.number), default=None)
    if first is None:
        return _nothing(seen, syns)
    if first.is_syn_ack:
        return _fact(seen, Sent.SYN_ACK, "the server's own card sent a SYN+ACK", syns[0], first)
    if first.is_reset:
        return _fact(seen, Sent.RESET, "the server's own card sent a RST", syns[0], first)
    return _fact(seen, Sent.OTHER, "the server's own card sent something else than a SYN+ACK", syns[0], first)


def _nothing(seen: Seen, syns: list[Segment]) -> Fact:
    """A client that repeats its SYN shows by itself that it got nothing, and time that an answer was due."""
    if len(syns) < SEVERAL or between(syns[0].at, seen.observer.survey.end or syns[0].at) < PATIENCE:
        return unknown(SERVER_ANSWER, "the server's capture ends too soon after the SYN to show an answer")
    everywhere = all(kind.startswith(ALL_INTERFACES) for kind in seen.observer.survey.link_types)
    where = "any card of the server" if everywhere else "this card of the server"
    says = f"{len(syns)} SYNs reached the server's host, and nothing left {where}"
    fact = _fact(seen, Sent.NOTHING, says, syns[0], syns[-1], decisive=everywhere)
    return resting_on_absence(fact, seen, Way.BACK, PacketClass.SYN_ACK)


def _fact(seen: Seen, answer: Sent, says: str, *shown: Segment, decisive: bool = True) -> Fact:
    """By one card alone it is not known what left by another one."""
    return Fact(
        kind=SERVER_ANSWER,
        answer=answer,
        says=says,
        way=Way.BACK,
        vantage=seen.observer.vantage,
        cites=cite(seen, *shown),
        sure=seen.observer.sure,
        decisive=decisive,
    )
