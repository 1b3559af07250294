"""Which halves of the opening pass the observers in mid-path: SYN and SYN+ACK at one place, or each elsewhere."""

from enum import StrEnum

from msgspec.structs import replace

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.connections.packet_class import PacketClass
from bothways.evidence.citation import Citation
from bothways.evidence.segment import Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject, cite
from bothways.facts.trust import resting_on_absence
from bothways.way import Way


class Passes(StrEnum):
    """What passes in mid-path."""

    BOTH = "both"
    """Whoever in mid-path sees the SYN sees the SYN+ACK too."""
    SYN_ONLY = "syn-only"
    """The SYN passes, and no SYN+ACK in view of any observer in mid-path."""
    REPLY_ONLY = "reply-only"
    """A SYN+ACK passes an observer that would have shown the SYN and did not."""
    APART = "apart"
    """One observer sees the SYN and no SYN+ACK, another one the SYN+ACK and no SYN."""


OPENING_ON_PATH = Kind(
    id="opening-on-path",
    asks="Do SYN and SYN+ACK pass the same place in mid-path?",
    family="opening-on-path",
    answers=Passes,
)


def opening_on_path(subject: Subject) -> Fact:
    """Which of SYN and SYN+ACK the captures in mid-path show, the firewall's above all."""
    if not any(observer.place is Place.BETWEEN for observer in subject.observers):
        return unknown(OPENING_ON_PATH, "there is no capture in mid-path")
    if not subject.exemplars:
        return unknown(OPENING_ON_PATH, "no failed connection was captured")
    return agreed([_in(exchange) for exchange in subject.exemplars])


def _in(exchange: Exchange) -> Fact:
    between = [seen for seen in exchange.seen if seen.observer.place is Place.BETWEEN]
    syns = [(seen, syn) for seen in between if (syn := _first(seen, Way.THERE)) is not None]
    offers = [(seen, offer) for seen in between if (offer := _first(seen, Way.BACK)) is not None]
    lonely = [(seen, offer) for seen, offer in offers if _first(seen, Way.THERE) is None]
    both = [(seen, offer) for seen, offer in offers if _first(seen, Way.THERE) is not None]
    if not syns and not offers:
        return unknown(OPENING_ON_PATH, "no capture in mid-path holds a SYN or SYN+ACK of the failing connections")
    if lonely:
        seen, offer = lonely[0]
        apart = [pair for pair in syns if _first(pair[0], Way.BACK) is None]
        if apart:
            there, syn = apart[0]
            says = (
                f"the SYN passes the {there.observer.vantage}, which sees no SYN+ACK; "
                f"the SYN+ACK passes the {seen.observer.vantage}, which saw no SYN"
            )
            fact = _fact(seen, Passes.APART, says, (*cite(there, syn), *cite(seen, offer)))
            fact = resting_on_absence(fact, there, Way.BACK, PacketClass.SYN_ACK)
        else:
            says = f"a SYN+ACK passes the {seen.observer.vantage}, which saw no SYN of the connection"
            fact = _fact(seen, Passes.REPLY_ONLY, says, cite(seen, offer))
            # What stands between two who saw it let it pass: then nothing says that the device that lacks the SYN
            # keeps it back.
            fact = replace(fact, decisive=len(lonely) == 1)
        return resting_on_absence(fact, seen, Way.THERE, PacketClass.SYN) if fact.known else fact
    if both:
        seen, offer = both[0]
        return _fact(seen, Passes.BOTH, f"SYN and SYN+ACK both pass the {seen.observer.vantage}", cite(seen, offer))
    seen, syn = syns[0]
    fact = _fact(seen, Passes.SYN_ONLY, f"the SYN passes the {seen.observer.vantage}, no SYN+ACK does", cite(seen, syn))
    return resting_on_absence(fact, seen, Way.BACK, PacketClass.SYN_ACK)


def _fact(seen: Seen, answer: Passes, says: str, cites: tuple[Citation, ...]) -> Fact:
    return Fact(
        kind=OPENING_ON_PATH,
        answer=answer,
        says=says,
        way=Way.THERE if answer is Passes.SYN_ONLY else Way.BACK,
        vantage=seen.observer.vantage,
        cites=cites,
    )


def _first(seen: Seen, way: Way) -> Segment | None:
    """The first half of the opening that goes *way*, in view of one observer."""
    wanted = (segment.is_syn if way is Way.THERE else segment.is_syn_ack for segment in seen.segments(way))
    return next((segment for segment, it in zip(seen.segments(way), wanted, strict=True) if it), None)
