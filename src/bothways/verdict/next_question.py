"""Which observation would help most.

Expected information gain, for its cost, among questions that somebody can answer.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2

from bothways.facts.fact import Fact, Kind
from bothways.theories.catalogue import UNEXPLAINED
from bothways.theories.questions import QUESTIONS, Question
from bothways.theories.theory import Theory
from bothways.verdict.standing import Weighed
from bothways.verdict.weighing import answer_likelihood
from bothways.verdict.weights import DECISIVE_RATIO

WORTH_ASKING = 0.05
"""Bits below which an answer would change nothing that a person could notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """A question to ask, and which theories its answer tells apart."""

    question: Question
    gain: float
    """Expected information, bits."""

    separates: tuple[str, ...]


def next_questions(
    theories: Sequence[Theory], facts: Sequence[Fact], weighed: Weighed, *, captured_at: Collection[str] = ()
) -> tuple[Next, ...]:
    """Questions not answered yet, the most useful for their cost first; captures at *captured_at* are there already."""
    known = {theory.id: theory for theory in theories}
    standing = {item.theory: item.probability for item in weighed.judged if item.theory in weighed.possible}
    total = sum(standing.values()) or 1.0
    beliefs = {name: probability / total for name, probability in standing.items()}
    candidates: dict[str, Theory | None] = {name: known.get(name) for name in beliefs}
    answered = {fact.kind for fact in facts if fact.closed}
    found = []
    for question in QUESTIONS:
        kinds = [kind for kind in question.answers if kind not in answered]
        if not kinds or question.at in captured_at:
            continue
        gain = max(information_gain(beliefs, candidates, kind) for kind in kinds)
        separated = _separated(candidates, kinds) if gain >= WORTH_ASKING else ()
        separated = separated or _against_the_unknown(candidates, kinds, gain=gain)
        if separated:
            found.append(Next(question=question, gain=gain, separates=separated))
    return tuple(sorted(found, key=lambda item: -item.gain / item.question.cost))


def information_gain(beliefs: Mapping[str, float], theories: Mapping[str, Theory | None], kind: Kind) -> float:
    """Bits by which the answer to *kind* is expected to reduce the doubt among *theories* with *beliefs* (sum 1)."""
    gain = _doubt(beliefs.values())
    for answer in kind.answers:
        joint = {name: belief * answer_likelihood(theories[name], kind, answer) for name, belief in beliefs.items()}
        chance = sum(joint.values())
        gain -= chance * _doubt(part / chance for part in joint.values())
    return max(0.0, gain)


def _doubt(shares: Iterable[float]) -> float:
    """Entropy in bits."""
    return -sum(share * log2(share) for share in shares if share > 0)


def _separated(theories: Mapping[str, Theory | None], kinds: Sequence[Kind]) -> tuple[str, ...]:
    """Theories of which at least one answer could settle the rivalry with another one."""
    names = [name for name in theories if name != UNEXPLAINED]
    return tuple(
        name
        for name in names
        if any(_could_settle(theories[name], theories[other], kinds) for other in names if other != name)
    )


def _against_the_unknown(
    theories: Mapping[str, Theory | None], kinds: Sequence[Kind], *, gain: float
) -> tuple[str, ...]:
    """What an answer would hold against `unexplained`: the only theory that stands, or everything where none does."""
    names = [name for name in theories if name != UNEXPLAINED]
    if len(names) > 1:
        return ()
    sole = theories[names[0]] if names else None
    if sole is None:
        return (UNEXPLAINED,) if kinds else ()
    proves = any(kind in kinds for proof in sole.proofs for kind, _ in proof)
    return (sole.id, UNEXPLAINED) if proves or gain >= WORTH_ASKING else ()


def _could_settle(one: Theory | None, other: Theory | None, kinds: Sequence[Kind]) -> bool:
    for kind in kinds:
        for answer in kind.answers:
            first, second = answer_likelihood(one, kind, answer), answer_likelihood(other, kind, answer)
            if kind.decisive and max(first, second) >= DECISIVE_RATIO * min(first, second):
                return True
    return False
