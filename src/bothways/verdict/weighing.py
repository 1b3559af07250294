"""Prior times likelihoods, each family of facts counted once."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from bothways.facts.fact import Fact, Kind
from bothways.theories.catalogue import UNEXPLAINED
from bothways.theories.ordinary import ORDINARY
from bothways.theories.theory import Expect, Expectation, Theory
from bothways.verdict.weights import LIKELIHOOD, PRIORS


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
    expectation = expectation_of(theory, kind) if theory else None
    if expectation is None:
        return 1 / len(kind.answers)
    words = expectation.words
    if not sure:
        words = {a: Expect.RARELY if w is Expect.NEVER else w for a, w in words.items()}
    total = sum(LIKELIHOOD[w] for w in words.values())
    return LIKELIHOOD[words[answer]] / total


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
    """What is ordinary earns nothing: only who states a kind himself can gain by its answer."""
    ratio = likelihood(theory, fact) * len(fact.kind.answers)
    return ratio if theory is None or theory.of(fact.kind) else min(ratio, 1.0)


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
