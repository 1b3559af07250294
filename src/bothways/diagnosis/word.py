"""What a diagnosis owes to the user's own word."""

from collections.abc import Sequence

from bothways.diagnosis.model import TargetDiagnosis
from bothways.facts.assumed import Assumed, believe
from bothways.facts.fact import Fact
from bothways.theories.catalogue import THEORIES
from bothways.verdict.standing import Weighed, judge


def rests_on(measured: Sequence[Fact], word: Sequence[Assumed], weighed: Weighed) -> tuple[Fact, ...]:
    """Those facts of *word* without which *measured* would not have been *weighed* to the same verdict.

    Each is left out alone; where none is missed alone and all together are, it rests on all.
    """
    alone = tuple(item for item in word if _differs(measured, [one for one in word if one is not item], weighed))
    carrying = alone or (tuple(word) if word and _differs(measured, (), weighed) else ())
    return tuple(item.fact() for item in carrying)


def _differs(measured: Sequence[Fact], word: Sequence[Assumed], weighed: Weighed) -> bool:
    other = judge(THEORIES, believe(measured, word).facts)
    return (other.confirmed, set(other.possible)) != (weighed.confirmed, set(weighed.possible))


def unheard(word: Sequence[Assumed], targets: Sequence[TargetDiagnosis]) -> tuple[str, ...]:
    """That *word* was not asked for, where no target fails."""
    if not word or any(target.facts for target in targets):
        return ()
    told = ", ".join(map(str, word))
    return (f"what you say ({told}) was not used: causes are weighed only of what fails",)
