"""What the user knows: answers by his word, which stand beside what was measured and take its place in the weighing.

His word is evidence like any other and may eliminate and confirm, since he takes the responsibility for it; who reads
the verdict is told what rests on it. What was measured otherwise is kept, to be shown beside it, and not weighed.
"""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from bothways.evidence.citation import Citation
from bothways.facts.fact import Fact, Kind

BY_YOUR_WORD = Citation(file="by your word")
"""What stands where a file would."""


class Assumed(Struct, frozen=True, kw_only=True):
    """One answer by the user's word."""

    kind: Kind
    answer: StrEnum

    def __str__(self) -> str:
        """As he wrote it: `firewall-state=bypassed`."""
        return f"{self.kind.id}={self.answer}"

    def fact(self) -> Fact:
        """It as a fact."""
        says = f"you say: {self.kind.asks} {self.answer}"
        return Fact(kind=self.kind, answer=self.answer, says=says, cites=(BY_YOUR_WORD,))


class Believed(Struct, frozen=True, kw_only=True):
    """Facts after the user was heard."""

    facts: tuple[Fact, ...]
    """To be weighed, in the order in which they were measured."""

    overruled: tuple[Fact, ...]
    """Measured otherwise than he says."""


def believe(measured: Sequence[Fact], word: Sequence[Assumed]) -> Believed:
    """*measured* with the user's *word* in place of what is not known, or was measured otherwise.

    Where he says what was measured, he vouches for it: an unsure measurement becomes sure.
    """
    said = {item.kind.id: item for item in word}
    overruled = tuple(fact for fact in measured if fact.known and _otherwise(fact, said))
    facts = tuple(_believed(fact, said[fact.kind.id]) if fact.kind.id in said else fact for fact in measured)
    return Believed(facts=facts, overruled=overruled)


def _otherwise(fact: Fact, said: dict[str, Assumed]) -> bool:
    return fact.kind.id in said and said[fact.kind.id].answer is not fact.answer


def _believed(fact: Fact, said: Assumed) -> Fact:
    if fact.answer is said.answer:
        return replace(fact, cites=(*fact.cites, BY_YOUR_WORD), sure=True, decisive=True)
    return said.fact()
