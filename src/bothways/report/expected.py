"""What a theory expects of the facts, and what proves it, in plain words."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from bothways.facts.fact import Kind
from bothways.report.text import listed
from bothways.theories.theory import Expect, Proof, Theory

IN_WORDS: Mapping[Expect, str] = {
    Expect.ALWAYS: "always",
    Expect.USUALLY: "usually",
    Expect.EVEN: "may be",
    Expect.RARELY: "rarely",
    Expect.NEVER: "never",
}


def in_words(answer: StrEnum) -> str:
    """An answer as people say it: `not taken`."""
    return str(answer).replace("-", " ")


class Row(Struct, frozen=True, kw_only=True):
    """What a theory expects of one kind of fact."""

    kind: Kind
    words: tuple[tuple[Expect, tuple[str, ...]], ...]
    """The answers by how they are expected, the likeliest first; a word that no answer has is missing."""

    @property
    def says(self) -> str:
        """`usually several; may be one or none`."""
        if len(self.words) == 1 and self.words[0][0] is Expect.NEVER:
            return "the question never arises"
        return "; ".join(f"{IN_WORDS[word]} {listed(answers, last='or')}" for word, answers in self.words)


def rows(theory: Theory) -> tuple[Row, ...]:
    """All that *theory* expects, in its order."""
    return tuple(
        Row(
            kind=expectation.kind,
            words=tuple(
                (word, answers)
                for word in Expect
                if (answers := tuple(in_words(answer) for answer, said in expectation.words.items() if said is word))
            ),
        )
        for expectation in theory.expects
    )


def proofs(theory: Theory) -> tuple[tuple[tuple[Kind, str], ...], ...]:
    """Each proof of *theory* as the questions that must be answered, and how, in the order of its expectations."""
    kinds = [expectation.kind for expectation in theory.expects]
    return tuple(_answers(proof, kinds) for proof in theory.proofs)


def _answers(proof: Proof, kinds: Sequence[Kind]) -> tuple[tuple[Kind, str], ...]:
    answers = sorted(proof, key=lambda pair: kinds.index(pair[0]))
    return tuple((kind, in_words(answer)) for kind, answer in answers)
