"""Which causes can look the same from a view, whatever they show there: computed from what they expect.

The inseparable sets of a verdict (`inseparable.py`) are about one evidence and the answers that it gave. These are
about all evidence of a view that is whole: two causes are neighbours there where to each of its questions they share an
answer that neither finds unlikely.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from bothways.facts.fact import Kind
from bothways.theories.theory import Expect, Theory
from bothways.verdict.views import ARISES_UNLESS, KINDS_IN_VIEW, View
from bothways.verdict.weighing import expectation_of

_NOT_UNLIKELY = frozenset({Expect.ALWAYS, Expect.USUALLY, Expect.EVEN})


def neighbours(theory: Theory, theories: Sequence[Theory], view: View) -> tuple[Theory, ...]:
    """Those of *theories* that can look like *theory* from *view*, in their order."""
    kinds = KINDS_IN_VIEW[view]
    return tuple(
        other for other in theories if other is not theory and all(_may_agree(theory, other, kind) for kind in kinds)
    )


def neighbours_by_view(theory: Theory, theories: Sequence[Theory]) -> Mapping[View, tuple[Theory, ...]]:
    """The same for every view."""
    return {view: neighbours(theory, theories, view) for view in View}


def _may_agree(one: Theory, other: Theory, kind: Kind) -> bool:
    """Whether both may leave *kind* without an answer, or share one."""
    first, second = _answers(one, kind), _answers(other, kind)
    return bool(first & second) or not (first and second) or (_may_not_arise(one, kind) and _may_not_arise(other, kind))


def _answers(theory: Theory, kind: Kind) -> frozenset[StrEnum]:
    """Answers that *theory* does not find unlikely; none where the question does not arise under it."""
    expectation = expectation_of(theory, kind)
    if expectation is None:
        return frozenset(kind.answers)
    return frozenset(answer for answer, word in expectation.words.items() if word in _NOT_UNLIKELY)


def _may_not_arise(theory: Theory, kind: Kind) -> bool:
    if kind not in ARISES_UNLESS:
        return False
    parent, answer = ARISES_UNLESS[kind]
    return answer in _answers(theory, parent)
