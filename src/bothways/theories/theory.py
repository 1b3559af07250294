"""What a theory is.

One cause, and how it expects each fact to be answered. It sees facts, never packets, and no rival.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from bothways.facts.fact import Kind
from bothways.theories.ladder import Ladder


class Expect(StrEnum):
    """How a theory expects an answer; the numbers behind the words stand in `bothways.verdict.weights`."""

    ALWAYS = "always"
    USUALLY = "usually"
    EVEN = "even"
    RARELY = "rarely"
    NEVER = "never"
    """A physical contradiction within one connection: observed, it eliminates the theory."""


class Expectation(Struct, frozen=True, kw_only=True):
    """What a theory expects of one kind of fact: a word for every answer of the kind."""

    kind: Kind
    words: Mapping[StrEnum, Expect]


def expect(kind: Kind, stated: Mapping[StrEnum, Expect], *, rest: Expect = Expect.NEVER) -> Expectation:
    """*stated* for the answers it names, *rest* for all others of *kind*.

    Raises ValueError where an answer is named that the kind does not have, so that a typing error cannot sleep.
    """
    strange = [answer for answer in stated if not isinstance(answer, kind.answers)]
    if strange:
        message = f"{kind.id} has no answer {strange[0]!s}"
        raise ValueError(message)
    return Expectation(kind=kind, words={answer: stated.get(answer, rest) for answer in kind.answers})


Proof = frozenset[tuple[Kind, StrEnum]]
"""Answers that, all observed together, show the cause at work and not merely agree with it."""


class Theory(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """One cause of a failing connection. There is one of each, so that it is only equal to itself."""

    id: str
    """Stable id of the contract, in kebab case."""

    title: str
    """The cause in a few plain words, for a table."""

    claim: str
    """What is wrong, as one sentence that may stand in a verdict."""

    mend: str
    """What to change, in one sentence."""

    expects: tuple[Expectation, ...]
    """Kinds that it says nothing about are missing: under it they show what is ordinary
    (`bothways.theories.ordinary`), or all their answers are equally likely."""

    proofs: tuple[Proof, ...]
    """Without at least one of these it cannot be confirmed, however few rivals are left: the catalogue is never
    complete."""

    also_leaves: tuple[str, ...] = ()
    """Ids of the causes for which some of the connections that it kills must be taken when they are looked at alone: it
    catches them later than the others."""

    ladder: Ladder | None = None
    """What one connection typically looks like, to be drawn."""

    @cached_property
    def _by_kind(self) -> Mapping[Kind, Expectation]:
        """The expectations: a weighing asks for each of them many times."""
        return {expectation.kind: expectation for expectation in self.expects}

    def of(self, kind: Kind) -> Expectation | None:
        """What it expects of *kind*; None where it does not care."""
        return self._by_kind.get(kind)


def proof(*answers: tuple[Kind, StrEnum]) -> Proof:
    """The proof that consists of these answers."""
    return frozenset(answers)
