"""Prior times likelihoods, each family of facts counted once."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from bothways.facts.fact import Fact, Kind
from bothways.theories.catalogue import UNEXPLAINED
from bothways.theories.ordinary import ORDINARY
from bothways.theories.theory import Expect, Expectation, Theory
from bothways.verdict.weights import DOUBT, LIKELIHOOD, PRIORS

MOST_KEPT = 20_000
"""Likelihoods that are kept: more than the catalogue has theories times kinds, twice over."""


def expectation_of(theory: Theory, kind: Kind) -> Expectation | None:
    """What *theory* states of *kind*, else what is ordinary; None where every answer is as likely."""
    return theory.of(kind) or ORDINARY.get(kind)


def word(theory: Theory, fact: Fact) -> Expect | None:
    """How *theory* expected the answer of *fact*; None where all are alike to it or the fact is unknown.

    What an unsure observer contradicts, it only makes unlikely.
    """
    if not isinstance(fact.answer, fact.kind.answers):
        return None
    return _words(theory, fact.kind, fact.sure).get(fact.answer)


def stated(theory: Theory, kind: Kind, answer: StrEnum, *, sure: bool) -> Expect | None:
    """The same of any *answer* to *kind*."""
    return _words(theory, kind, sure).get(answer)


@lru_cache(maxsize=MOST_KEPT)
def _words(theory: Theory, kind: Kind, sure: bool) -> Mapping[StrEnum, Expect]:  # noqa: FBT001 - a key
    """For all answers of *kind*; empty where all are alike to *theory*. A page asks for them, too, again and again."""
    expectation = expectation_of(theory, kind)
    if expectation is None:
        return {}
    if sure:
        return expectation.words
    return {answer: Expect.RARELY if said is Expect.NEVER else said for answer, said in expectation.words.items()}


def answer_likelihood(theory: Theory | None, kind: Kind, answer: StrEnum, *, sure: bool = True) -> float:
    """Probability of *answer* under *theory*; an unsure one is drawn by chance in a share `DOUBT` of all cases.

    None, or a theory that does not care where nothing is ordinary, finds all answers equally likely.
    """
    return _likelihoods(theory, kind, sure)[answer]


@lru_cache(maxsize=MOST_KEPT)
def _likelihoods(theory: Theory | None, kind: Kind, sure: bool) -> Mapping[StrEnum, float]:  # noqa: FBT001 - a key
    """Of all answers of *kind*; a weighing asks for each of them many times, and many targets are weighed."""
    words = _words(theory, kind, sure) if theory else {}
    by_chance = 1 / len(kind.answers)
    if not words:
        return dict.fromkeys(kind.answers, by_chance)
    total = sum(LIKELIHOOD[w] for w in words.values())
    doubt = 0.0 if sure else DOUBT
    return {answer: (1 - doubt) * LIKELIHOOD[word] / total + doubt * by_chance for answer, word in words.items()}


def likelihood(theory: Theory | None, fact: Fact) -> float:
    """Probability of what *fact* says under *theory*; 1 for an unknown, which says nothing."""
    if not isinstance(fact.answer, fact.kind.answers):
        return 1.0
    return answer_likelihood(theory, fact.kind, fact.answer, sure=fact.sure)


def least_likelihood(theories: tuple[Theory, ...], fact: Fact) -> float:
    """What *fact* is worth to the one of *theories* that expected it least."""
    if not isinstance(fact.answer, fact.kind.answers):
        return 1.0
    return _least(theories, fact.kind, fact.answer, fact.sure)


@lru_cache(maxsize=MOST_KEPT)
def _least(theories: tuple[Theory, ...], kind: Kind, answer: StrEnum, sure: bool) -> float:  # noqa: FBT001 - a key
    return min((answer_likelihood(theory, kind, answer, sure=sure) for theory in theories), default=1.0)


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
    if not isinstance(fact.answer, fact.kind.answers):
        return 1.0
    return _ratios(theory, fact.kind, fact.sure)[fact.answer]


@lru_cache(maxsize=MOST_KEPT)
def _ratios(theory: Theory | None, kind: Kind, sure: bool) -> Mapping[StrEnum, float]:  # noqa: FBT001 - a key
    """What is ordinary earns nothing, whoever states it: it would be seen under any other cause as well."""
    ratios = {answer: chance * len(kind.answers) for answer, chance in _likelihoods(theory, kind, sure).items()}
    if theory is None:
        return ratios
    unstated = theory.of(kind) is None
    return {
        answer: min(ratio, 1.0) if unstated or _is_ordinary(kind, answer) else ratio for answer, ratio in ratios.items()
    }


def _is_ordinary(kind: Kind, answer: StrEnum) -> bool:
    usual = ORDINARY.get(kind)
    return usual is not None and usual.words[answer] in {Expect.ALWAYS, Expect.USUALLY}


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
