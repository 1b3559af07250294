"""By what connections that failed differ from those that worked, said only where chance can hardly have done it.

The rule (decision 11): a trait is a split of all connections in two, those that have it and those that have not. It is
said where

* chance makes a split as good in less than one of a thousand cases, counted over *all* splits that were looked at
  (Bonferroni's correction), so that looking at more traits finds no more by luck;
* nearly all that failed have it (`NEARLY_ALL`), and those without it fail at most a tenth as often as those with it
  (`TENFOLD`): among very many connections the smallest difference is certain, and explains nothing.

The most certain split comes first. Others are looked for among the connections that have it, so that what merely goes
along with it (the ports that were used since noon) is not said beside it; what divides the connections as well as it
does is said to be as good an explanation.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from bothways.connections.chance import by_chance
from bothways.connections.traits import Sample, Trait

CERTAIN = 0.001
"""Chance, over all splits together, below which a difference is said."""

NEARLY_ALL = 0.9
TENFOLD = 10

MOST_SPLITS = 2
"""Splits one inside the other that are looked for; a third one nobody keeps apart in mind."""

MODULI = (2, 3, 4, 5, 6, 7, 8)
"""Members among which a router shares flows by their ports. How it does so is its secret; this finds the plain ways."""


class Form(StrEnum):
    """How a split divides."""

    IS = "is"
    """The trait has this value."""
    AT_LEAST = "at-least"
    BELOW = "below"
    WITHIN = "within"
    """From a value to another one, both included."""
    REST = "rest"
    """The remainder of a division."""


_LARGER_ONLY = {Trait.SIZE, Trait.REPLY_SIZE, Trait.AGE}
"""What a connection that failed came to less of, because it failed: being small or young explains nothing."""

_ORDERED = {Trait.SOURCE_PORT, Trait.TIME, *_LARGER_ONLY}


class Split(Struct, frozen=True, kw_only=True):
    """What some connections have and others have not."""

    trait: Trait
    form: Form
    value: int | str
    other: int = 0
    """With `WITHIN` the upper end, with `REST` the divisor."""

    def has(self, sample: Sample) -> bool | None:
        """Whether *sample* has it; None where the trait was not in view."""
        found = sample.traits.get(self.trait)
        if found is None:
            return None
        if isinstance(found, str) or isinstance(self.value, str):
            return found == self.value
        return self._holds(found, self.value)

    def _holds(self, found: int, value: int) -> bool:
        match self.form:
            case Form.IS:
                return found == value
            case Form.AT_LEAST:
                return found >= value
            case Form.BELOW:
                return found < value
            case Form.WITHIN:
                return value <= found <= self.other
            case Form.REST:
                return found % self.other == value


class Difference(Struct, frozen=True, kw_only=True):
    """A split that tells failed from working connections."""

    split: Split
    failed_with: int
    failed: int
    """All failed ones of which the trait was in view."""

    worked_with: int
    worked: int
    chance: float
    """That chance alone makes any of the splits that were looked at as good."""

    alike: tuple[Split, ...] = ()
    """Splits of other traits that divide the connections as well; which of them it is, this evidence does not tell."""


def differences(compared: Sequence[Sample]) -> tuple[Difference, ...]:
    """What tells the failed of *compared* from the others: the most certain split, then one within it."""
    found: list[Difference] = []
    rest = list(compared)
    used: set[Trait] = set()
    while len(found) < MOST_SPLITS:
        best = _best(rest, used)
        if best is None:
            break
        found.append(best)
        used |= {best.split.trait, *(split.trait for split in best.alike)}
        rest = [sample for sample in rest if best.split.has(sample)]
    return tuple(found)


def _best(compared: Sequence[Sample], used: set[Trait]) -> Difference | None:
    """The most certain of all splits of *compared* by traits that are not *used*; None where none is certain."""
    failed = sum(sample.failed for sample in compared)
    if not failed or failed == len(compared):
        return None
    tables = [table for trait in Trait if trait not in used for table in _tables(trait, compared)]
    looks = sum(looked for _, looked in tables)
    certain = [difference for table, _ in tables if (difference := table.certain(looks)) is not None]
    if not certain:
        return None
    best = min(certain, key=lambda one: one.chance)
    alike = (one.split for one in certain if one.split.trait is not best.split.trait and _as_good(one, best))
    first: dict[Trait, Split] = {}
    for split in alike:
        first.setdefault(split.trait, split)
    return Difference(
        split=best.split,
        failed_with=best.failed_with,
        failed=best.failed,
        worked_with=best.worked_with,
        worked=best.worked,
        chance=best.chance,
        alike=tuple(first.values()),
    )


def _as_good(one: Difference, best: Difference) -> bool:
    """Whether it has no more on the wrong side than the best one."""
    wrong = best.failed - best.failed_with + best.worked_with
    return one.failed - one.failed_with + one.worked_with <= wrong and one.failed + one.worked >= NEARLY_ALL * (
        best.failed + best.worked
    )


class _Table(Struct, frozen=True, kw_only=True):
    """A split with the four numbers of its table."""

    split: Split
    failed_with: int
    failed: int
    worked_with: int
    worked: int
    looked_at: float = 1.0
    """Share of the working connections that have samples of their own, and are not only stood for."""

    def certain(self, looks: int) -> Difference | None:
        """The difference that it makes, where it is certain and explains the failures."""
        without = self.failed - self.failed_with + self.worked - self.worked_with
        if self.failed_with < NEARLY_ALL * self.failed or not without:
            return None
        rate = self.failed_with / (self.failed_with + self.worked_with)
        if (self.failed - self.failed_with) * TENFOLD > rate * without:
            return None
        marked = self.failed_with + round(self.worked_with * self.looked_at)
        total = self.failed + round(self.worked * self.looked_at)
        chance = min(1.0, by_chance(self.failed_with, self.failed, marked, total) * looks)
        if chance >= CERTAIN:
            return None
        return Difference(
            split=self.split,
            failed_with=self.failed_with,
            failed=self.failed,
            worked_with=self.worked_with,
            worked=self.worked,
            chance=chance,
        )


def _tables(trait: Trait, compared: Sequence[Sample]) -> Iterator[tuple[_Table, int]]:
    """The promising splits by *trait*, each with how many were looked at to find it."""
    failed, worked = Counter[int | str](), Counter[int | str]()
    seen = 0
    for sample in compared:
        if trait in sample.traits:
            (failed if sample.failed else worked)[sample.traits[trait]] += sample.stands_for
            seen += not sample.failed
    if not failed or not worked:
        return
    looked_at = seen / worked.total()
    for table, looks in _splits(trait, failed, worked):
        yield (table if seen == worked.total() else replace(table, looked_at=looked_at)), looks


def _splits(trait: Trait, failed: Counter[int | str], worked: Counter[int | str]) -> Iterator[tuple[_Table, int]]:
    if trait in _ORDERED:
        numbers = sorted({value for value in (*failed, *worked) if isinstance(value, int)})
        yield from _cuts(trait, numbers, failed, worked)
    else:
        yield _commonest(trait, failed, worked), len(failed.keys() | worked.keys())
    if trait is Trait.SOURCE_PORT:
        for divisor in MODULI:
            yield _remainder(divisor, failed, worked), divisor


def _commonest(trait: Trait, failed: Counter[int | str], worked: Counter[int | str]) -> _Table:
    value, count = failed.most_common(1)[0]
    split = Split(trait=trait, form=Form.IS, value=value)
    return _Table(
        split=split, failed_with=count, failed=failed.total(), worked_with=worked[value], worked=worked.total()
    )


def _remainder(divisor: int, failed: Counter[int | str], worked: Counter[int | str]) -> _Table:
    rests: defaultdict[bool, Counter[int]] = defaultdict(Counter)
    for bad, counts in ((True, failed), (False, worked)):
        for port, count in counts.items():
            if isinstance(port, int):
                rests[bad][port % divisor] += count
    rest, count = rests[True].most_common(1)[0]
    return _Table(
        split=Split(trait=Trait.SOURCE_PORT, form=Form.REST, value=rest, other=divisor),
        failed_with=count,
        failed=failed.total(),
        worked_with=rests[False][rest],
        worked=worked.total(),
    )


def _cuts(
    trait: Trait, numbers: Sequence[int], failed: Counter[int | str], worked: Counter[int | str]
) -> Iterator[tuple[_Table, int]]:
    """The best cut with the failed above it, below it, and the span from the first failed to the last."""
    if len(numbers) < 2:
        return
    sums, total = [(0, 0)], (failed.total(), worked.total())
    for number in numbers:
        sums.append((sums[-1][0] + failed[number], sums[-1][1] + worked[number]))
    lead = [good * total[0] - bad * total[1] for bad, good in sums]
    above = max(range(1, len(numbers)), key=lambda at: lead[at])
    yield _cut(trait, Form.AT_LEAST, numbers[above], sums[above], total), len(numbers) - 1
    if trait in _LARGER_ONLY:
        return
    below = min(range(1, len(numbers)), key=lambda at: lead[at])
    yield _cut(trait, Form.BELOW, numbers[below], sums[below], total), len(numbers) - 1
    bad = [number for number in numbers if failed[number]]
    inside = sum(worked[number] for number in numbers if bad[0] <= number <= bad[-1])
    split = Split(trait=trait, form=Form.WITHIN, value=bad[0], other=bad[-1])
    table = _Table(split=split, failed_with=total[0], failed=total[0], worked_with=inside, worked=total[1])
    yield table, len(numbers) * (len(numbers) - 1) // 2


def _cut(trait: Trait, form: Form, value: int, under: tuple[int, int], total: tuple[int, int]) -> _Table:
    """The table of a cut at *value*, *under* which so many failed and so many worked."""
    upper = (total[0] - under[0], total[1] - under[1])
    failed_with, worked_with = upper if form is Form.AT_LEAST else under
    return _Table(
        split=Split(trait=trait, form=form, value=value),
        failed_with=failed_with,
        failed=total[0],
        worked_with=worked_with,
        worked=total[1],
    )
