"""What follows from answers, worked out once: of thousands of targets that fail at once most fail alike.

Whose capture showed an answer, and where, decides nothing about the causes. So conclusions are kept by the answers that
they were drawn from, and given again with the facts of the next failure that has the same.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from bothways.facts.fact import Fact, Kind
from bothways.theories.questions import Brings
from bothways.theories.theory import Theory
from bothways.unknown import Unknown
from bothways.verdict.inseparable import inseparable_sets
from bothways.verdict.next_question import Next, next_questions
from bothways.verdict.standing import Weighed, judge

Answers = tuple[tuple[Kind, StrEnum | bool, bool, bool], ...]
"""Of each fact, in order: kind, answer (of an unknown one whether it is moot), whether it is sure, and decisive."""

Inseparable = tuple[tuple[str, ...], ...]


class Conclusions(Struct, frozen=True):
    """What was concluded so far in one diagnosis: as many as its failures have different answers."""

    theories: Sequence[Theory]
    _weighed: dict[Answers, Weighed] = field(default_factory=dict)
    _inseparable: dict[Answers, Inseparable] = field(default_factory=dict)
    _next: dict[tuple[Answers, frozenset[Brings]], tuple[Next, ...]] = field(default_factory=dict)

    def weighed(self, facts: Sequence[Fact]) -> Weighed:
        """How the theories stand by *facts*, one of each kind: `judge`."""
        answers = _answers(facts)
        known = self._weighed.get(answers)
        if known is not None:
            return _told_by(known, {fact.kind: fact for fact in facts})
        return self._weighed.setdefault(answers, judge(self.theories, facts))

    def inseparable(self, facts: Sequence[Fact], weighed: Weighed) -> Inseparable:
        """Which theories *facts* do not tell apart, *weighed* by them: `inseparable_sets`."""
        answers = _answers(facts)
        if answers not in self._inseparable:
            self._inseparable[answers] = inseparable_sets(self.theories, facts, weighed)
        return self._inseparable[answers]

    def next(self, facts: Sequence[Fact], weighed: Weighed, had: Collection[Brings]) -> tuple[Next, ...]:
        """What to ask after *facts*, *weighed* by them, where so much was *had*: `next_questions`."""
        key = (_answers(facts), frozenset(had))
        if key not in self._next:
            self._next[key] = next_questions(self.theories, facts, weighed, had=had)
        return self._next[key]


def _answers(facts: Sequence[Fact]) -> Answers:
    return tuple((fact.kind, _answer(fact), fact.sure, fact.decisive) for fact in facts)


def _answer(fact: Fact) -> StrEnum | bool:
    return fact.answer.moot if isinstance(fact.answer, Unknown) else fact.answer


def _told_by(weighed: Weighed, facts: Mapping[Kind, Fact]) -> Weighed:
    """*weighed* with *facts* in the place of those that gave the same answers before."""
    return Weighed(
        judged=tuple(
            replace(
                item,
                in_favour=tuple(facts[fact.kind] for fact in item.in_favour),
                against=tuple(facts[fact.kind] for fact in item.against),
            )
            for item in weighed.judged
        )
    )
