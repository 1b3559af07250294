"""Whether connections that lose everything and connections that lose nothing are carried at the same time.

A fault that begins, ends or comes and goes hits whatever is carried then. Where packets of some connections arrive
between the lost packets of others, no moment decides but the connection: by its ports, or by where it is led.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum

from bothways.connections.outcome import SEVERAL
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.loss import Pattern, is_missing, patterns
from bothways.facts.stretches import Crossed
from bothways.facts.subject import Subject, cite
from bothways.way import Way


class Meanwhile(StrEnum):
    """How connections with and without losses follow each other."""

    SIDE_BY_SIDE = "side-by-side"
    """While packets of some connections are lost again and again, those of others arrive."""
    IN_TURN = "in-turn"
    """No packet of a spared connection arrives between lost ones of another."""


LOST_BESIDE = Kind(
    id="lost-beside",
    asks="Do packets of some connections arrive while those of others are lost?",
    family="lost-beside",
    answers=Meanwhile,
)


def lost_beside(subject: Subject) -> Fact:
    """How connections that lose nearly everything and those that lose nothing follow each other."""
    for way in Way:
        for stretch, pattern in patterns(subject, way):
            if pattern is Pattern.BY_CONNECTION:
                members = tuple(_by_connection(stretch.crossed))
                sure = stretch.sure and not stretch.downstream.quality.lossy
                return _told(members, way, stretch.downstream.vantage, sure=sure)
    return unknown(LOST_BESIDE, "no connections are seen to lose everything beside others that lose nothing")


def _told(members: Sequence[Sequence[Crossed]], way: Way, vantage: str, *, sure: bool) -> Fact:
    spared = [items for items in members if not any(map(is_missing, items))]
    pairs = [(bad, good) for bad in members for good in spared if _between(bad, good)]
    bad, good = {id(one) for one, _ in pairs}, {id(other) for _, other in pairs}
    met = len(bad) >= SEVERAL and len(good) >= SEVERAL
    answer = Meanwhile.SIDE_BY_SIDE if met else Meanwhile.IN_TURN
    says = (
        f"while {len(bad)} connections lost packet after packet, those of {len(good)} others arrived"
        if met
        else "connections that lose everything and those that lose nothing follow each other"
    )
    shown = pairs[0] if met else (members[0], members[-1])
    cites = tuple(where for items in shown for where in cite(items[0][0], items[0][1].segment))
    return Fact(kind=LOST_BESIDE, answer=answer, says=says, way=way, vantage=vantage, cites=cites, sure=sure)


def _by_connection(crossed: Sequence[Crossed]) -> Iterator[Sequence[Crossed]]:
    found: defaultdict[int, list[Crossed]] = defaultdict(list)
    for item in crossed:
        found[id(item[0])].append(item)
    yield from found.values()


def _between(bad: Sequence[Crossed], good: Sequence[Crossed]) -> bool:
    """Whether a packet of *good* was sent, and arrived, between two of *bad* that did not.

    Both are told by the same observer's clock.
    """
    lost = [crossing.segment.at for _, crossing in bad if not crossing.arrived]
    return len(lost) >= SEVERAL and any(min(lost) < crossing.segment.at < max(lost) for _, crossing in good)
