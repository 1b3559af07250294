"""The forms in which the runs of one way show it: one, unless the way changed between them or differs in length.

Two routers at one distance by turns are a balanced path and stay one form. They are two forms where the earlier runs
show one and the later ones the other, more orderly than chance makes it; and where routers behind the difference stand
at other distances, for then one distance no longer means one place on the way.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from math import comb

from msgspec import Struct

from bothways.paths.merging import Key
from bothways.paths.routers import GENERIC_NAMES

SELDOM = 100
"""Of so many rows of runs that chance makes, fewer than one may be as orderly, to call it a change. Five runs before
and five after it are one in 126. Of distances that each change in another rhythm each is another chance."""

MOST_FORMS = 16
"""Forms of one way that are kept apart; what has more is balanced by something that no form describes."""

Run = Mapping[int, Sequence[Key]]
"""The responders of one run by distance."""


class Apart(StrEnum):
    """Why the runs of a way are not one course."""

    TIME = "time"
    """Earlier runs show one form and later runs another: the way changed."""
    TURNS = "turns"
    """Runs show now this form, now that: the path is balanced over ways of unequal length."""
    UNTOLD = "untold"
    """There are too few runs, or their order is not known, to tell change from balance."""


class Form(Struct, frozen=True, kw_only=True):
    """Runs, by number, that show one form."""

    runs: tuple[int, ...]
    apart: Apart | None
    """None where all runs show it."""


def forms(runs: Sequence[Run], ranks: Sequence[int] | None) -> tuple[Form, ...]:
    """Sort *runs* into forms, by the first run of each; *ranks* is their order in time, ties allowed; None: unknown."""
    lengths = _by_length(runs)
    which = {number: at for at, group in enumerate(lengths) for number in group}
    apart = _why([which[number] for number in range(len(runs))], ranks) if len(lengths) > 1 else None
    found = []
    for group in lengths:
        times = _by_time([runs[number] for number in group], [ranks[number] for number in group] if ranks else None)
        for members in times:
            why = Apart.TIME if len(times) > 1 else apart
            found.append(Form(runs=tuple(group[at] for at in members), apart=why))
    return tuple(sorted(found, key=lambda form: form.runs))


def orderly(counts: tuple[int, int], stretches: int, tried: int = 1) -> bool:
    """Whether so few unbroken *stretches* of two kinds, *counts* of each, are no chance (Wald and Wolfowitz 1940).

    "On a Test Whether Two Samples are from the Same Population": each order of the runs is as likely as any other.
    *tried* are the rows among which this one was found.
    """
    one, other = counts
    if not one or not other or stretches > 1 + 2 * one * other // (one + other):
        return False
    most, ways = comb(one + other, one), 0
    for number in range(stretches, 1, -1):
        ways += _ways(one, other, number)
        if ways * SELDOM * tried >= most:
            return False
    return True


def _ways(one: int, other: int, stretches: int) -> int:
    """In how many orders there are exactly so many *stretches*."""
    half, odd = divmod(stretches, 2)
    if not odd:
        return 2 * comb(one - 1, half - 1) * comb(other - 1, half - 1)
    return comb(one - 1, half) * comb(other - 1, half - 1) + comb(one - 1, half - 1) * comb(other - 1, half)


def _why(kinds: Sequence[int], ranks: Sequence[int] | None) -> Apart:
    """Why runs of several *kinds* of length stand apart."""
    if ranks is None:
        return Apart.UNTOLD
    row = [kinds[number] for number in sorted(range(len(kinds)), key=ranks.__getitem__)]
    if len(set(ranks)) == len(ranks) and _in_order(row):
        return Apart.TIME
    stretches = sum(1 for _ in groupby(row))
    return Apart.TURNS if stretches > len(set(row)) or len(set(ranks)) < len(ranks) else Apart.UNTOLD


def _in_order(row: Sequence[object], tried: int = 1) -> bool:
    """Whether the commonest kind of a *row* comes in fewer stretches than chance makes."""
    ((common, count),) = Counter(row).most_common(1)
    stretches = sum(1 for _ in groupby(row, key=lambda kind: kind == common))
    return orderly((count, len(row) - count), stretches, tried)


Span = tuple[int, int]
"""The nearest and the farthest distance at which a router may stand."""


def _by_length(runs: Sequence[Run]) -> list[list[int]]:
    """Runs in which each router stands at one distance, together."""
    groups: list[tuple[dict[str, Span], list[int]]] = []
    for number, run in enumerate(runs):
        places = _distances(run)
        fitting = [
            (sum(known.get(router) == at for router, at in places.items()), -place)
            for place, (known, _) in enumerate(groups)
            if not _shifted(places, known)
        ]
        if not fitting and len(groups) < MOST_FORMS:
            groups.append((places, [number]))
            continue
        known, members = groups[-max(fitting)[1] if fitting else 0]
        members.append(number)
        for router, at in places.items():
            known[router] = _overlap(known.get(router, at), at)
    return [members for _, members in groups]


def _distances(run: Run) -> dict[str, Span]:
    """Where each router of a run stands; one that answers at several distances is left out.

    Who answers last may stand nearer where silence is before it: the other end answers at all distances behind its own.
    """
    seen: dict[str, set[int]] = {}
    for index, here in run.items():
        for name, address in here:
            router = name if name and name not in GENERIC_NAMES else address
            if router:
                seen.setdefault(router, set()).add(index)
    answering = sorted(index for index, here in run.items() if here)
    last, before = (answering or [0])[-1], (0, *answering)[-2:][0]
    return {
        router: (before + 1 if last in places else min(places), max(places))
        for router, places in seen.items()
        if len(places) == 1
    }


def _overlap(one: Span, other: Span) -> Span:
    low, high = max(one[0], other[0]), min(one[1], other[1])
    return (low, high) if low <= high else one


def _shifted(one: Mapping[str, Span], other: Mapping[str, Span]) -> bool:
    """Whether the last router that both show stands at other distances in the one than in the other."""
    common = max(((at[1], at, other[router]) for router, at in one.items() if router in other), default=None)
    return common is not None and not (common[1][0] <= common[2][1] and common[2][0] <= common[1][1])


def _by_time(runs: Sequence[Run], ranks: Sequence[int] | None) -> list[list[int]]:
    """Runs that show one form of a way that changed in time, together; all of them where it did not."""
    together = [list(range(len(runs)))]
    if ranks is None or len(runs) < 2:
        return together
    order = sorted(together[0], key=ranks.__getitem__)
    varying = [
        kinds for index in sorted({index for run in runs for index in run}) if (kinds := _varying(runs, ranks, index))
    ]
    rhythms = len({_rhythm(kinds, order) for kinds in varying})
    changing = [kinds for kinds in varying if _in_order([kind for at in order if (kind := kinds[at])], rhythms)]
    if not changing:
        return together
    groups: dict[tuple[str, ...], list[int]] = {}
    shown = [next(kind for number in order if (kind := kinds[number])) for kinds in changing]
    for number in order:
        # A run that is silent here stands where the one before it stood.
        shown = [kinds[number] or before for kinds, before in zip(changing, shown, strict=True)]
        groups.setdefault(tuple(shown), []).append(number)
    return [sorted(group) for group in groups.values()] if len(groups) <= MOST_FORMS else together


def _varying(runs: Sequence[Run], ranks: Sequence[int], index: int) -> list[str | None] | None:
    """The router of each run at *index*; None where it is always one, or one run or moment shows several."""
    here = [runs[number].get(index, ()) for number in range(len(runs))]
    keys = {key for keys in here for key in keys}
    if len(keys) < 2 or any(len(keys) > 1 for keys in here):
        return None
    if all(name and name not in GENERIC_NAMES for name, _ in keys):
        kinds = [keys[0][0] if keys else None for keys in here]
    elif all(address for _, address in keys):
        kinds = [keys[0][1] if keys else None for keys in here]
    else:
        return None  # a name and an address may mean one router
    at_once: dict[int, str] = {}
    for number, kind in enumerate(kinds):
        if kind and at_once.setdefault(ranks[number], kind) != kind:
            return None
    return kinds if len(set(kinds) - {None}) > 1 else None


def _rhythm(kinds: Sequence[str | None], order: Sequence[int]) -> tuple[int | None, ...]:
    """Of each run whether its router is the first, the second one that came, and so on; None where it is silent."""
    numbers: dict[str, int] = {}
    return tuple(numbers.setdefault(kind, len(numbers)) if (kind := kinds[at]) else None for at in order)
