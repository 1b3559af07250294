"""Whether names of one form name devices, or each address for itself, as far as the two ways show.

Some operators give each address a name of its own (`link-25164.example.net`), from which nothing follows for routers.
Where several hops of each way bear names of one form and not one device returns on the other way, either the ways have
nothing in common there, or the names do not name devices. Hops that their links pair, under different names, tell.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import exp, log

from bothways.paths import odds
from bothways.paths.features import Features, Form

_MOST = 30.0
"""Logarithm beyond which odds are certainty."""

Habits = Mapping[Form, float]
"""Per form, how probable it is that its names name addresses."""


def habits(there: Sequence[Features], back: Sequence[Features]) -> Habits:
    """What is likely before it is known who is who."""
    mine, theirs = _devices(there), _devices(back)
    return {
        form: _given_none(min(len(mine[form]), len(theirs[form]))) if mine[form].isdisjoint(theirs[form]) else 0.0
        for form in mine.keys() & theirs.keys()
    }


def learnt(
    before: Habits,
    there: Sequence[Features],
    back: Sequence[Features],
    same: Sequence[Sequence[float]],
    told: Callable[[int, int], bool],
) -> Habits:
    """The same once pairs are as probable as *same* says; only those count that a link *told*."""
    found = {form: _odds(share) for form, share in before.items()}
    for i, one in enumerate(there):
        for j, other in enumerate(back):
            if same[i][j] > odds.NEGLIGIBLE and one.addresses != other.addresses and told(i, j):
                for form in disagreeing(one, other) & found.keys():
                    found[form] -= same[i][j] * odds.OTHER_NAME
    return {form: 1 / (1 + exp(-max(-_MOST, min(_MOST, value)))) for form, value in found.items()}


def disagreeing(one: Features, other: Features) -> frozenset[Form]:
    """The forms in which both hops have names, if no name and no device of the one is the other's."""
    if not one.names.isdisjoint(other.names) or not one.devices.isdisjoint(other.devices):
        return frozenset()
    return one.forms & other.forms


def other_name(one: Features, other: Features, known: Habits) -> float:
    """Odds of two hops whose names disagree; nothing where they do not."""
    forms = disagreeing(one, other)
    if not forms or not one.addresses.isdisjoint(other.addresses):
        return 0.0
    renamed = max(known.get(form, 0.0) for form in forms)
    return log(renamed + (1 - renamed) * exp(odds.OTHER_NAME))


def _devices(way: Iterable[Features]) -> dict[Form, set[str]]:
    found: dict[Form, set[str]] = {}
    for one in way:
        for device in one.devices:
            for form in one.forms:
                found.setdefault(form, set()).add(device)
    return found


def _given_none(most: int) -> float:
    """How probable names of addresses are if none of so many devices returns."""
    apart = max(odds.NONE_RETURNS, (1 - odds.RETURNS) ** most)
    return odds.NAMES_OF_ADDRESSES / (odds.NAMES_OF_ADDRESSES + (1 - odds.NAMES_OF_ADDRESSES) * apart)


def _odds(share: float) -> float:
    return log(share / (1 - share)) if 0 < share < 1 else -_MOST
