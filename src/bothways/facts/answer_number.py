"""Which number the SYN+ACK acknowledges, and whether the client's own TCP resets it for that."""

from enum import StrEnum

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.evidence.segment import Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.strange_blocks import strangers
from bothways.facts.subject import Subject, cite
from bothways.way import Way
from bothways.wire.sequence import advance


class Acknowledges(StrEnum):
    """What comes back acknowledges where the client stands: the SYN+ACK, and what follows it."""

    THE_SYN = "the-syn"
    ANOTHER_NUMBER = "another-number"
    """One that none of the client's SYNs asks for: its TCP answers with a RST (RFC 9293 section 3.10.7.3)."""
    STRANGE_BLOCKS = "strange-blocks"
    """The SYN, and later selective acknowledgements name numbers that nobody sent."""


class Resets(StrEnum):
    """Does the client reset the SYN+ACK instead of acknowledging it?"""

    YES = "yes"
    NO = "no"


ANSWER_ACKNOWLEDGES = Kind(
    id="answer-acknowledges",
    asks="Does what comes back acknowledge what the client sent?",
    family="answer-number",
    answers=Acknowledges,
)
CLIENT_RESETS_ANSWER = Kind(
    id="client-resets-answer", asks="Does the client reset the SYN+ACK?", family="answer-number", answers=Resets
)


def answer_acknowledges(subject: Subject) -> Fact:
    """Which number the SYN+ACKs acknowledge, by the observer nearest to the client."""
    strange = next((fact for one in subject.exemplars for seen in one.seen if (fact := _strange(seen))), None)
    if strange is not None:
        return strange
    measured = [_acknowledges(exchange) for exchange in subject.exemplars]
    return agreed(measured) if measured else unknown(ANSWER_ACKNOWLEDGES, "no failed connection was captured")


def _strange(seen: Seen) -> Fact | None:
    """Blocks of selective acknowledgements that fit nothing that passed the observer of *seen*."""
    found = strangers(seen)
    if found is None:
        return None
    way, segments = found
    return Fact(
        kind=ANSWER_ACKNOWLEDGES,
        answer=Acknowledges.STRANGE_BLOCKS,
        says=f"{len(segments)} selective acknowledgements at the {seen.observer.vantage} name numbers that nobody sent",
        way=way,
        vantage=seen.observer.vantage,
        cites=cite(seen, segments[0], segments[-1]),
        sure=not seen.observer.quality.lossy,
    )


def _opening(exchange: Exchange) -> tuple[Seen, list[Segment], list[Segment]] | None:
    """SYNs and SYN+ACKs where somebody saw both, nearest to the client."""
    for seen in exchange.seen:
        syns = [segment for segment in seen.there if segment.is_syn]
        offers = [segment for segment in seen.back if segment.is_syn_ack]
        if syns and offers and seen.observer.place is not Place.SERVER:
            return seen, syns, offers
    return None


def _acknowledges(exchange: Exchange) -> Fact:
    found = _opening(exchange)
    if found is None:
        return unknown(ANSWER_ACKNOWLEDGES, "nobody before the server saw both the SYN and a SYN+ACK")
    seen, syns, offers = found
    # A SYN may carry data (RFC 7413), of which the server may take all or nothing.
    asked = {advance(syn.seq, 1 + size) for syn in syns for size in {0, syn.payload}}
    right = next((offer for offer in offers if offer.ack in asked), None)
    shown = right or offers[0]
    says = f"the SYN asks for {advance(syns[0].seq, 1)} to be acknowledged, and the SYN+ACK acknowledges {shown.ack}"
    return Fact(
        kind=ANSWER_ACKNOWLEDGES,
        answer=Acknowledges.THE_SYN if right else Acknowledges.ANOTHER_NUMBER,
        says="the SYN+ACK acknowledges the SYN" if right else says,
        way=Way.BACK,
        vantage=seen.observer.vantage,
        cites=cite(seen, syns[0], shown),
        # A device nearer to the client than this observer may rewrite both ways.
        sure=seen.observer.place is Place.CLIENT and seen.observer.sure,
    )


def client_resets_answer(subject: Subject) -> Fact:
    """Whether the client's first word after the SYN+ACK is a RST of just that number."""
    measured = [_resets(exchange) for exchange in subject.exemplars]
    return agreed(measured) if measured else unknown(CLIENT_RESETS_ANSWER, "no failed connection was captured")


def _resets(exchange: Exchange) -> Fact:
    found = _opening(exchange)
    if found is None:
        return unknown(CLIENT_RESETS_ANSWER, "nobody before the server saw both the SYN and a SYN+ACK")
    seen, _, offers = found
    # By their times: a file may hold neighbours in another order.
    offered = (offers[0].at, offers[0].number)
    later = (segment for segment in seen.there if not segment.is_syn and (segment.at, segment.number) > offered)
    words = sorted(later, key=lambda segment: (segment.at, segment.number))
    if not words:
        return unknown(CLIENT_RESETS_ANSWER, "the client says nothing to the SYN+ACK in view")
    resets = words[0].is_reset and words[0].seq in {offer.ack for offer in offers}
    return Fact(
        kind=CLIENT_RESETS_ANSWER,
        answer=Resets.YES if resets else Resets.NO,
        says="the client answers the SYN+ACK with a RST" if resets else "the client acknowledges the SYN+ACK",
        way=Way.THERE,
        vantage=seen.observer.vantage,
        cites=cite(seen, offers[0], words[0]),
    )
