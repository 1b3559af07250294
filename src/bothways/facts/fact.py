"""A fact: one measured statement with its answer, or that it is unknown and why. No judgement."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from bothways.evidence.citation import Citation
from bothways.unknown import Unknown
from bothways.way import Way


class Kind(Struct, frozen=True, kw_only=True, eq=False):
    """A question with few answers. Every fact is an answer to one kind, which is only equal to itself."""

    id: str
    """Stable, in kebab case."""

    asks: str
    """The question in plain words."""

    family: str
    """Facts of one family are correlated; a family counts once in the weighing."""

    answers: type[StrEnum]
    decisive: bool = True
    """Whether an answer can settle a rivalry. TTLs cannot, and reports of ICMP probes say nothing sure about TCP."""


class Fact(Struct, frozen=True, kw_only=True):
    """The answer to one kind from this evidence."""

    kind: Kind
    answer: StrEnum | Unknown
    says: str = ""
    """What was measured, as a clause with numbers; empty for an unknown, whose reason says it."""

    way: Way | None = None
    vantage: str | None = None
    cites: tuple[Citation, ...] = ()
    sure: bool = True
    """False where it rests on a vantage that was inferred below 99 %, or on a monitor's record and no packets: then it
    contradicts nothing physically."""

    decisive: bool = True
    """False where this measurement, unlike others of its kind, must not settle anything (a firewall known by name
    only)."""

    @property
    def known(self) -> bool:
        """Whether there is an answer."""
        return not isinstance(self.answer, Unknown)

    @property
    def closed(self) -> bool:
        """Whether asking further is pointless: answered, or the question does not arise."""
        return not isinstance(self.answer, Unknown) or self.answer.moot

    @property
    def settles(self) -> bool:
        """Whether it may decide between theories."""
        return self.known and self.decisive and self.kind.decisive


def unknown(kind: Kind, why: str, *, moot: bool = False) -> Fact:
    """The fact that *kind* has no answer here; *moot* where the question does not arise."""
    return Fact(kind=kind, answer=Unknown(why=why, moot=moot))


MOST_CITATIONS = 6
"""A sentence with more places to look up helps nobody; the first ones and the last are kept."""


def agreed(facts: Sequence[Fact]) -> Fact:
    """What several connections of one failure say together: their common answer, or that they disagree.

    *facts* are of one kind and not empty. Unknown ones are outvoted by any known one.
    """
    known = [fact for fact in facts if fact.known]
    if not known:
        return facts[0]
    if len({fact.answer for fact in known}) > 1:
        answers = ", ".join(sorted({str(fact.answer) for fact in known}))
        return unknown(known[0].kind, f"the connections of this failure disagree ({answers})")
    cites = tuple(dict.fromkeys(cite for fact in known for cite in fact.cites))
    if len(cites) > MOST_CITATIONS:
        cites = (*cites[: MOST_CITATIONS - 1], cites[-1])
    first = known[0]
    return Fact(
        kind=first.kind,
        answer=first.answer,
        says=first.says,
        way=first.way,
        vantage=first.vantage,
        cites=cites,
        sure=all(fact.sure for fact in known),
        decisive=all(fact.decisive for fact in known),
    )
