"""The fate of SYNs by the options that they offer: whether one option is in all that die and in none that is answered.

Which options a SYN bears is read from the packets. ECN is no option but two flags (RFC 3168 section 6.1.1), and devices
dislike it in the same way.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.outcome import SEVERAL, Outcome
from bothways.evidence.segment import Segment
from bothways.facts.fact import MOST_CITATIONS, Fact, Kind, unknown
from bothways.facts.subject import Subject, cite
from bothways.facts.syn_offers import offers
from bothways.way import Way


class Fate(StrEnum):
    """What SYNs share that are not answered."""

    SENSITIVE = "sensitive"
    """An option is in all SYNs that got no answer, and in none of those that got one."""
    INDIFFERENT = "indifferent"
    """SYNs with the same options were answered and not answered."""


OPTIONS_FATE = Kind(
    id="options-fate", asks="Does an option decide whether a SYN is answered?", family="options-fate", answers=Fate
)


class _Try(Struct, frozen=True, kw_only=True):
    """SYNs of one connection that offer the same, and whether a SYN+ACK came before another was tried."""

    seen: Seen
    syn: Segment
    offers: frozenset[str]
    answered: bool


def options_fate(subject: Subject) -> Fact:
    """What the SYNs of one client to this target offered, answered and not."""
    tries = sorted(_tries(subject), key=lambda one: (one.syn.at, one.syn.number))
    dead = [one for one in tries if not one.answered]
    alive = [one for one in tries if one.answered]
    if not dead or not alive:
        return unknown(OPTIONS_FATE, "no two SYNs of one client with different options had different fates")
    same = next((pair for pair in ((one, other) for one in dead for other in alive) if _alike(*pair)), None)
    if same is not None:
        return _fact(Fate.INDIFFERENT, "SYNs with the same options were answered, and were not", same, sure=True)
    blamed = frozenset.intersection(*(one.offers for one in dead)) - frozenset.union(*(one.offers for one in alive))
    if not blamed:
        return unknown(OPTIONS_FATE, "no single option is in all SYNs that died and in none that was answered")
    named = " and ".join(sorted(blamed))
    says = f"{len(dead)} SYNs with {named} had no answer, {len(alive)} without had one"
    return _fact(Fate.SENSITIVE, says, (*dead[:2], *alive[:1], *dead[-1:]), sure=_interleaved(tries))


def _alike(one: _Try, other: _Try) -> bool:
    return one.offers == other.offers


def _tries(subject: Subject) -> Iterator[_Try]:
    """Of the client whose connections fail, whoever else uses the target."""
    clients = {exchange.client.address for exchange in subject.exemplars}
    for exchange in subject.crowd.captured:
        if exchange.client.address in clients:
            yield from _tries_of(exchange)


def _tries_of(exchange: Exchange) -> Iterator[_Try]:
    seen = next((seen for seen in exchange.seen if any(one.is_syn for one in seen.there)), None)
    if seen is None:
        return
    syns = [segment for segment in seen.there if segment.is_syn]
    if any(syn.options.cut for syn in syns):
        return
    answers = [segment for segment in seen.back if segment.is_syn_ack]
    groups: list[list[Segment]] = []
    for syn in syns:
        if groups and offers(groups[-1][0]) == offers(syn):
            groups[-1].append(syn)
        else:
            groups.append([syn])
    for group, following in zip(groups, [*groups[1:], None], strict=True):
        end = following[0].number if following else None
        answered = any(answer.number > group[0].number and (end is None or answer.number < end) for answer in answers)
        given_time = answered or following is not None or exchange.outcome is Outcome.UNANSWERED
        if given_time:
            yield _Try(seen=seen, syn=group[0], offers=offers(group[0]), answered=answered)


def _interleaved(tries: Sequence[_Try]) -> bool:
    """Whether fates changed twice at least, as the options did: once, and the fault may have been mended meanwhile."""
    changes = sum(one.answered != other.answered for one, other in pairwise(tries))
    return changes >= SEVERAL


def _fact(answer: Fate, says: str, tries: Sequence[_Try], *, sure: bool) -> Fact:
    cites = tuple(dict.fromkeys(place for one in tries for place in cite(one.seen, one.syn)))
    vantage = tries[0].seen.observer.vantage
    return Fact(
        kind=OPTIONS_FATE,
        answer=answer,
        says=says,
        way=Way.THERE,
        vantage=vantage,
        cites=cites[:MOST_CITATIONS],
        sure=sure,
    )
