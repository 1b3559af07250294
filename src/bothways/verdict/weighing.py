"""Prior times likelihoods, each family of facts counted once."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from bothways.facts.fact import Fact, Kind
from bothways.theories.catalogue import UNEXPLAINED
from bothways.theories.ordinary import ORDINARY
from bothways.theories.theory import Expect, Expectation, Theory
from bothways.verdict.weights import LIKELIHOOD, PRIORS

MOST_KEPT = 20_000
"""Likelihoods that are kept: more than the catalogue has theories times kinds, twice over."""


def expectation_of(theory: Theory, kind: Kind) -> Expectation | None:
    """What *theory* states of *kind*, else what is ordinary; None where every answer is as likely."""
    return theory.of(kind) or ORDINARY.get(kind)


def word(theory: Theory, fact: Fact) -> Expect | None:
    """How *theory* expected the answer of *fact*; None where all are alike to it or the fact is unknown.

    What an unsure observer contradicts, it only makes unlikely.
    """
    expectation = expectation_of(theory, fact.kind)
    if expectation is None or not isinstance(fact.answer, fact.kind.answers):
        return None
    stated = expectation.words[fact.answer]
    return Expect.RARELY if stated is Expect.NEVER and not fact.sure else stated


def answer_likelihood(theory: Theory | None, kind: Kind, answer: StrEnum, *, sure: bool = True) -> float:
    """Probability of *answer* under *theory*.

    None, or a theory that does not care where nothing is ordinary, finds all answers equally likely.
    """
    return _likelihoods(theory, kind, sure)[answer]


@lru_cache(maxsize=MOST_KEPT)
def _likelihoods(theory: Theory | None, kind: Kind, sure: bool) -> Mapping[StrEnum, float]:  # noqa: FBT001 - a key
    """Of all answers of *kind*; a weighing asks for each of them many times, and many targets are weighed."""
    expectation = expectation_of(theory, kind) if theory else None
    if expectation is None:
        return dict.fromkeys(kind.answers, 1 / len(kind.answers))
    words = expectation.words
    if not sure:
        words = {a: Expect.RARELY if w is Expect.NEVER else w for a, w in words.items()}
    total = sum(LIKELIHOOD[w] for w in words.values())
    return {answer: LIKELIHOOD[word] / total for answer, word in words.items()}


def likelihood(theory: Theory | None, fact: Fact) -> float:
    """Probability of what *fact* says under *theory*; 1 for an unknown, which says nothing."""
    if not isinstance(fact.answer, fact.kind.answers):
        return 1.0
    return answer_likelihood(theory, fact.kind, fact.answer, sure=fact.sure)


def families(facts: Sequence[Fact]) -> dict[str, tuple[Fact, ...]]:
    """Known facts by family, in order of first appearance."""
    grouped: dict[str, tuple[Fact, ...]] = {}
    for fact in facts:
        if fact.known:
            grouped[fact.kind.family] = (*grouped.get(fact.kind.family, ()), fact)
    return grouped


def family_ratio(theory: Theory | None, members: Sequence[Fact]) -> float:
    """How *theory* fares with one family, against knowing nothing: by the member that it expected least.

    Members are correlated, so they are not multiplied; the one that surprises the theory most speaks for all.
    """
    return min(_ratio(theory, fact) for fact in members)


def _ratio(theory: Theory | None, fact: Fact) -> float:
    """What is ordinary earns nothing, whoever states it: it would be seen under any other cause as well."""
    ratio = likelihood(theory, fact) * len(fact.kind.answers)
    return min(ratio, 1.0) if theory and (_is_ordinary(fact) or not theory.of(fact.kind)) else ratio


def _is_ordinary(fact: Fact) -> bool:
    usual = ORDINARY.get(fact.kind)
    if usual is None or not isinstance(fact.answer, fact.kind.answers):
        return False
    return usual.words[fact.answer] in {Expect.ALWAYS, Expect.USUALLY}


def weigh(theories: Sequence[Theory], facts: Sequence[Fact]) -> dict[str, float]:
    """Posterior probability of each theory and of `unexplained`; they add up to 1."""
    grouped = families(facts)
    weights: dict[str, float] = {}
    candidates: Mapping[str, Theory | None] = {theory.id: theory for theory in theories} | {UNEXPLAINED: None}
    for name, theory in candidates.items():
        weight = PRIORS[name]
        for members in grouped.values():
            weight *= family_ratio(theory, members)
        weights[name] = weight
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}
