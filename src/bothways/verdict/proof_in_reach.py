"""How far an observation could prove a theory, given what is known already."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from bothways.facts.fact import Fact, Kind
from bothways.theories.theory import Proof, Theory
from bothways.verdict.weighing import answer_likelihood

STEP = 0.2
"""What a part of a proof is worth while another part needs somebody else: little, since who completes a proof in one
visit saves another, and that other one may never be made."""


def proof_in_reach(
    theory: Theory | None, known: Mapping[Kind, Fact], kinds: Collection[Kind], *, never: Collection[StrEnum] = ()
) -> float:
    """Chance, if *theory* is the cause, that answers to *kinds* complete one of its proofs beside what is *known*.

    0 where they add to none; a proof that needs more than *kinds*, or an answer that they *never* have here, counts for
    its `STEP`.
    """
    if theory is None:
        return 0.0
    return max((_chance(theory, one, known, kinds, never) for one in theory.proofs), default=0.0)


def _chance(
    theory: Theory, proof: Proof, known: Mapping[Kind, Fact], kinds: Collection[Kind], never: Collection[StrEnum]
) -> float:
    chance, adds = 1.0, False
    for kind, answer in proof:
        match _state(known.get(kind), answer):
            case True:
                continue
            case False:
                return 0.0
            case None:
                here = kind in kinds and answer not in never
                adds = adds or here
                chance *= answer_likelihood(theory, kind, answer) if here else STEP
    return chance if adds else 0.0


def _state(fact: Fact | None, answer: StrEnum) -> bool | None:
    """Whether *fact* is this part of a proof; None while nobody has answered. What was answered is not asked again."""
    return None if fact is None else fact.sure and fact.settles and fact.answer is answer
