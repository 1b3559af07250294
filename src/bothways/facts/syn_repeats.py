"""Whether the client repeated its SYN: one that has its answer does not, whoever watches."""

from enum import StrEnum

from bothways.connections.exchange import Exchange
from bothways.connections.outcome import PATIENCE, SEVERAL
from bothways.connections.packet_class import PacketClass
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.opening import answer_to_syn
from bothways.facts.subject import Subject, cite
from bothways.facts.trust import resting_on_absence
from bothways.units import between
from bothways.way import Way


class SynAgain(StrEnum):
    """Did the SYN come again?"""

    YES = "yes"
    NO = "no"
    """Once, though whoever saw it watched on for longer than a client waits: it had its answer, or was gone."""


SYN_REPEATS = Kind(id="syn-repeats", asks="Did the client repeat its SYN?", family="opening", answers=SynAgain)


def syn_repeats(subject: Subject) -> Fact:
    """How often the SYN came, as the observer nearest to the client that saw it tells (RFC 6298 section 2.1).

    Where it is known what came back, that says more, and rests on the same repeats.
    """
    if answer_to_syn(subject).known:
        return unknown(SYN_REPEATS, "what came back to the client is known", moot=True)
    measured = [_repeats(exchange) for exchange in subject.exemplars]
    return agreed(measured) if measured else unknown(SYN_REPEATS, "no failed connection was captured")


def _repeats(exchange: Exchange) -> Fact:
    for seen in exchange.seen:
        syns = [segment for segment in seen.there if segment.is_syn]
        if not syns:
            continue
        again = len(syns) >= SEVERAL
        if not again and between(syns[0].at, seen.observer.survey.end or syns[0].at) < PATIENCE:
            continue
        says = f"the client sent its SYN {len(syns)} times" if again else "the client sent its SYN once"
        fact = Fact(
            kind=SYN_REPEATS,
            answer=SynAgain.YES if again else SynAgain.NO,
            says=says,
            way=Way.THERE,
            vantage=seen.observer.vantage,
            cites=cite(seen, syns[0], *syns[1:][-1:]),
        )
        return fact if again else resting_on_absence(fact, seen, Way.THERE, PacketClass.SYN)
    return unknown(SYN_REPEATS, "no capture shows the client's SYN, or for long enough after it")
