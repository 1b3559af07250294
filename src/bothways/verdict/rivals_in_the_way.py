"""What keeps a proven cause from being confirmed: rivals, however unlikely, that no fact has settled yet."""

from collections.abc import Collection, Mapping, Sequence

from bothways.facts.fact import Fact, Kind
from bothways.theories.theory import Theory
from bothways.verdict.standing import Standing, Weighed, proven
from bothways.verdict.weighing import answer_likelihood, likelihood
from bothways.verdict.weights import DECISIVE_RATIO


def held_up(
    theories: Sequence[Theory], facts: Sequence[Fact], weighed: Weighed, known: Mapping[str, Theory]
) -> dict[str, tuple[Theory, ...]]:
    """By id, the proven ones of *theories* that have such rivals among all *known* ones that are not eliminated."""
    standing = [item.theory for item in weighed.judged if item.standing is not Standing.ELIMINATED]
    rivals = [known[name] for name in standing if name in known]
    settling = [fact for fact in facts if fact.settles]
    left = {
        theory.id: tuple(rival for rival in rivals if rival is not theory and not _settled(theory, rival, settling))
        for theory in theories
        if proven(theory, facts)
    }
    return {name: unsettled for name, unsettled in left.items() if unsettled}


def fall_of_rivals(theory: Theory, rivals: Sequence[Theory], kinds: Collection[Kind]) -> float:
    """Share of *rivals* that answers to *kinds* are expected to settle, if *theory* is the cause."""
    return sum(_fall(theory, rival, kinds) for rival in rivals) / len(rivals)


def _settled(theory: Theory, rival: Theory, facts: Sequence[Fact]) -> bool:
    return any(likelihood(theory, fact) >= DECISIVE_RATIO * likelihood(rival, fact) for fact in facts)


def _fall(theory: Theory, rival: Theory, kinds: Collection[Kind]) -> float:
    """Chance that one of *kinds* has an answer that decides for *theory*."""
    return max((_decides(theory, rival, kind) for kind in kinds if kind.decisive), default=0.0)


def _decides(theory: Theory, rival: Theory, kind: Kind) -> float:
    pairs = [(answer_likelihood(theory, kind, one), answer_likelihood(rival, kind, one)) for one in kind.answers]
    return sum(mine for mine, its in pairs if mine >= DECISIVE_RATIO * its)
