"""Which theories this evidence cannot tell apart, computed from what they expect of the facts in view."""

from collections.abc import Sequence

from bothways.facts.fact import Fact
from bothways.theories.theory import Theory
from bothways.verdict.standing import Standing, Weighed
from bothways.verdict.weighing import families, family_ratio
from bothways.verdict.weights import INSEPARABLE_RATIO, WORTH_NAMING


def inseparable_sets(
    theories: Sequence[Theory], facts: Sequence[Fact], weighed: Weighed
) -> tuple[tuple[str, ...], ...]:
    """Maximal sets of standing theories of which no family of facts in view separates any two.

    Sets of one are left out; within a set the order is that of *weighed*.
    """
    known = {theory.id: theory for theory in theories}
    standing = [
        known[item.theory]
        for item in weighed.judged
        if item.theory in known and item.standing is Standing.POSSIBLE and item.probability >= WORTH_NAMING
    ]
    sets: list[list[Theory]] = []
    for theory in standing:
        home = next((group for group in sets if all(_alike(theory, other, facts) for other in group)), None)
        if home is None:
            sets.append([theory])
        else:
            home.append(theory)
    return tuple(tuple(theory.id for theory in group) for group in sets if len(group) > 1)


def _alike(one: Theory, other: Theory, facts: Sequence[Fact]) -> bool:
    """Whether every family leaves the two within the factor."""
    for members in families(facts).values():
        first, second = family_ratio(one, members), family_ratio(other, members)
        if max(first, second) >= INSEPARABLE_RATIO * min(first, second):
            return False
    return True
