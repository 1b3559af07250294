"""Whether two failures of one target can be one: some cause must be a fair explanation of both.

Signatures differ by more than causes do: one fault catches one connection in its handshake and another one later, a
full queue ignores some clients and leaves others waiting, and an observer misses a packet here and there. So two of
them are kept apart only where no cause is left that explains both about as well as anything does.
"""

from collections.abc import Iterable

from bothways.theories.catalogue import THEORIES, UNEXPLAINED
from bothways.verdict.standing import Standing, Weighed
from bothways.verdict.weights import INSEPARABLE_RATIO


def share_a_cause(one: Weighed, other: Weighed) -> bool:
    """Whether a cause stands in both, all in all at most `INSEPARABLE_RATIO` less likely than the likeliest of each.

    What is behind by some in the one and by some in the other is behind the two likeliest by both together. Where
    nothing known stands in either, the unknown causes of both are taken for one.
    """
    first, second = _fair(one), _fair(other)
    if not first and not second:
        return True
    if any(first[cause] * second[cause] <= INSEPARABLE_RATIO for cause in first.keys() & second.keys()):
        return True
    return bool(_also(first) & second.keys() or first.keys() & _also(second))


_ALSO_LEAVES = {theory.id: frozenset(theory.also_leaves) for theory in THEORIES}


def _also(causes: Iterable[str]) -> frozenset[str]:
    """What connections seem to show by themselves that one of *causes* caught later than the others."""
    return frozenset[str]().union(*(_ALSO_LEAVES[cause] for cause in causes))


def _fair(weighed: Weighed) -> dict[str, float]:
    """Known causes that stand, and how many times likelier the likeliest of them is; a confirmed one alone."""
    if weighed.confirmed:
        return {weighed.confirmed: 1.0}
    standing = {
        item.theory: item.probability
        for item in weighed.judged
        if item.standing is Standing.POSSIBLE and item.theory != UNEXPLAINED and item.probability > 0
    }
    best = max(standing.values(), default=0.0)
    return {name: best / chance for name, chance in standing.items() if chance * INSEPARABLE_RATIO >= best}
