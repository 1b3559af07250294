"""Which theories this evidence cannot tell apart, computed from what they expect of the facts in view."""

from collections.abc import Mapping, Sequence

from bothways.facts.fact import Fact
from bothways.theories.theory import Theory
from bothways.verdict.standing import Standing, Weighed
from bothways.verdict.weighing import families, family_ratio
from bothways.verdict.weights import INSEPARABLE_RATIO, WORTH_NAMING


def inseparable_sets(
    theories: Sequence[Theory], facts: Sequence[Fact], weighed: Weighed
) -> tuple[tuple[str, ...], ...]:
    """Maximal sets of standing theories of which no family of facts in view separates any two.

    Being alike is not transitive, so a theory may belong to several sets. Sets of one are left out; within a set the
    order is that of *weighed*.
    """
    known = {theory.id: theory for theory in theories}
    standing = [
        known[item.theory]
        for item in weighed.judged
        if item.theory in known and item.standing is Standing.POSSIBLE and item.probability >= WORTH_NAMING
    ]
    seen = families(facts)
    sets: list[frozenset[int]] = [frozenset()]
    for place, theory in enumerate(standing):
        alike = {other for other in range(place) if _alike(theory, standing[other], seen)}
        sets = _maximal([*sets, *(group & alike | {place} for group in sets)])
    return tuple(
        tuple(standing[place].id for place in sorted(group)) for group in sorted(sets, key=sorted) if len(group) > 1
    )


def _maximal(sets: Sequence[frozenset[int]]) -> list[frozenset[int]]:
    """Those of *sets* that no other one contains."""
    return [group for group in dict.fromkeys(sets) if not any(group < other for other in sets)]


def _alike(one: Theory, other: Theory, seen: Mapping[str, Sequence[Fact]]) -> bool:
    """Whether every family that was *seen* leaves the two within the factor."""
    for members in seen.values():
        first, second = family_ratio(one, members), family_ratio(other, members)
        if max(first, second) >= INSEPARABLE_RATIO * min(first, second):
            return False
    return True
