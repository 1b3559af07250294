"""How probable it is of each two hops that they are one router, with everything in view.

A pair hidden Markov model (Durbin et al. 1998, "Biological Sequence Analysis", chapter 4) walks both ways at once from
the client to the server. After each step it is with a router of both ways, with twins in one place, or within a detour
on the way there or back; silent hops are steps like any other, so that counts tell. All walks are summed up, forward
and backward: what follows from a name at one place and a link at another meets in each pair's probability.
"""

from itertools import product
from math import exp, log
from typing import NamedTuple, TypeAlias

from bothways.paths import odds
from bothways.paths.cells import Cells, Steps

MOST_CELLS_TWICE = 10_000
"""Pairs of hops up to which all kinds of ways are weighed; longer ways, which hardly occur, are taken as ways that
differ, to be done within a second."""


def posteriors(cells: Cells) -> list[list[float]]:
    """The probability of each pair of hops [i][j] that they are one router."""
    n, m = len(cells.same), len(cells.same[0]) if cells.same else 0
    if not n or not m:
        return [[0.0] * m for _ in range(n)]
    kinds = product((True, False), (True, False)) if n * m <= MOST_CELLS_TWICE else [(False, False)]
    walks = [
        (_Walks.over(cells, Steps.of(alike=alike), outgoing=out).found(), _share(alike=alike, outgoing=out))
        for alike, out in kinds
    ]
    top = max(found.total for found, _ in walks)
    weights = [share * exp(found.total - top) for found, share in walks]
    whole = sum(weights)
    return [
        [
            sum(weight * found.pairs[i][j] for weight, (found, _) in zip(weights, walks, strict=True)) / whole
            for j in range(m)
        ]
        for i in range(n)
    ]


def _share(*, alike: bool, outgoing: bool) -> float:
    """How usual ways of a kind are, before anything is seen."""
    share = odds.ALIKE if alike else 1 - odds.ALIKE
    return share * (odds.OUTGOING if outgoing else 1 - odds.OUTGOING)


Grid: TypeAlias = list[list[float]]


class _Found(NamedTuple):
    total: float
    """Logarithm of the probability of all that was seen."""

    pairs: Grid


class _States(NamedTuple):
    """Of one number of hops there, for each number of hops back: how probable it is to be in each state then."""

    s: list[float]
    p: list[float]
    t: list[float]
    b: list[float]

    @classmethod
    def empty(cls, width: int) -> "_States":
        return cls([0.0] * width, [0.0] * width, [0.0] * width, [0.0] * width)

    def scaled(self) -> tuple["_States", float]:
        """Divided by the largest, with its logarithm."""
        most = max(max(values) for values in self) or 1.0
        return _States(*([value / most for value in values] for values in self)), log(most)


MOST_EXPONENT = 700.0
"""A double's range: beyond it a walk has no probability that mattered."""


def _linked(cells: Cells, share: float) -> Grid:
    """How much likelier the addresses of two hops are than by chance, if a *share* of such hops shows its link."""
    rows = [[share * value + 1 - share for value in values] for values in cells.joined]
    return [[1.0, *values] for values in rows] + [[1.0] * (len(cells.same[0]) + 1)]


class _Walks(NamedTuple):
    """All walks through both ways at once."""

    cells: Cells
    n: int
    m: int
    steps: Steps
    both: Grid
    """What the link between two hops says, [i][j + 1], if both its ends stand on both ways;"""

    one: Grid
    """if one of them stands on one way only;"""

    twin: Grid
    """if one of them is a twin;"""

    bent: Grid
    """if both stand on both ways, but on one of the ways not in a row."""

    @classmethod
    def over(cls, cells: Cells, steps: Steps, *, outgoing: bool) -> "_Walks":
        """Walks in a network whose routers answer from the interface by which the answer leaves, or do not."""
        at_parting = odds.LINK_AT_PARTING[outgoing]
        return cls(
            cells,
            len(cells.same),
            len(cells.same[0]),
            steps,
            _linked(cells, 1.0),
            _linked(cells, at_parting),
            _linked(cells, max(at_parting, odds.LINK_AT_TWIN)),
            _linked(cells, odds.LINK_OF_MIXED),
        )

    def found(self) -> _Found:
        rows, pairs, ahead = self._forward()
        backward, behind = self._backward()
        over = [self._over(i, row) for i, row in enumerate(rows)]
        top = max((scale for scale, value in zip(ahead, over, strict=True) if value), default=0.0)
        total = top + log(sum(value * exp(scale - top) for scale, value in zip(ahead, over, strict=True)) or 1.0)
        found = []
        for i in range(1, self.n + 1):
            scale = exp(max(-MOST_EXPONENT, min(MOST_EXPONENT, ahead[i] + behind[i] - total)))
            both = zip(pairs[i][1:], backward[i].s[1:], strict=True)
            found.append([min(1.0, one * other * scale) for one, other in both])
        return _Found(total, found)

    def _over(self, i: int, row: _States) -> float:
        """How probable it is that everything ends after *i* hops there."""
        ends = self._ends(i)
        return sum(x * y for one, other in zip(row, ends, strict=True) for x, y in zip(one, other, strict=True))

    def _starts(self, i: int) -> list[float]:
        """How probable it is that *i* hops there, and so many back, precede all that both reports show."""
        there, back = self.cells.start
        return [there.of(i) * back.of(j) for j in range(self.m + 1)]

    def _ends(self, i: int) -> _States:
        """How probable it is from each state that after *i* hops there, and so many back, both reports are over."""
        now, steps = _States.empty(self.m + 1), self.steps
        there, back = self.cells.end
        most = there.of(self.n - i)
        if not most:
            return now
        for j in range(self.m + 1):
            end = most * back.of(self.m - j)
            beside = end * (steps.end if i == self.n and j == self.m else 1.0)
            now.s[j] = end * steps.s_s
            now.p[j] = end * (1 - steps.p_p)
            now.t[j] = beside * steps.t_s
            now.b[j] = beside * (1 - steps.t_t)
        return now

    def _forward(self) -> tuple[list[_States], list[list[float]], list[float]]:
        """How probable each state is by what lies towards the client, and being in S by a pair.

        Each row is scaled; the logarithms of the scales come last.
        """
        rows, found, scales = list[_States](), list[list[float]](), list[float]()
        for i in range(self.n + 1):
            unscaled = exp(max(-MOST_EXPONENT, min(MOST_EXPONENT, -scales[-1]))) if i else 1.0
            starts = [value * unscaled for value in self._starts(i)]
            now, pairs = self._forward_row(i, rows[-1] if i else _States.empty(self.m + 1), starts)
            row, scale = now.scaled()
            rows.append(row)
            found.append([value / exp(scale) for value in pairs])
            scales.append((scales[-1] if i else 0.0) + scale)
        return rows, found, scales

    def _forward_row(self, i: int, last: _States, starts: list[float]) -> tuple[_States, list[float]]:
        steps, part, go = self.steps, self.steps.part, 1 - self.steps.t_t
        nothing = [0.0] * self.m
        cells = self.cells
        same, twins = (grid[i - 1] if i else nothing for grid in (cells.same, cells.twins))
        both, one, twin, bent = (grid[i - 1] for grid in (self.both, self.one, self.twin, self.bent))
        onward = self.bent[i]
        now, pairs = _States.empty(self.m + 1), [0.0] * (self.m + 1)
        s, p, t, b = now
        for j in range(self.m + 1):
            away = last.s[j] * part * (steps.end if i == 1 and not j else 1.0)
            t[j] = away * steps.s_t * one[j] + last.t[j] * steps.t_t
            s[j] = starts[j]
            if not j:
                continue
            k = j - 1
            away = s[k] * part * (steps.end if not i + k else 1.0)
            b[j] = away * steps.s_b * onward[k] + t[k] * steps.t_b + b[k] * steps.t_t
            straight = last.s[k] * steps.s_s * both[k] + last.t[k] * steps.t_s * bent[k]
            pairs[j] = same[k] * (straight + last.p[k] * (1 - steps.p_p) * twin[k] + last.b[k] * go * one[k])
            s[j] += pairs[j]
            p[j] = twins[k] * (last.s[k] * steps.s_p * twin[k] + last.p[k] * steps.p_p)
        return now, pairs

    def _backward(self) -> tuple[list[_States], list[float]]:
        """How probable what lies towards the server is from each state; scaled as above."""
        rows, scales = list[_States](), list[float]()
        for i in range(self.n, -1, -1):
            unscaled = exp(max(-MOST_EXPONENT, min(MOST_EXPONENT, -scales[-1]))) if rows else 1.0
            ends = _States(*([value * unscaled for value in values] for values in self._ends(i)))
            row, scale = self._backward_row(i, rows[-1] if rows else _States.empty(self.m + 1), ends).scaled()
            rows.append(row)
            scales.append((scales[-1] if scales else 0.0) + scale)
        return rows[::-1], scales[::-1]

    def _backward_row(self, i: int, last: _States, now: _States) -> _States:
        """Fill *now*, which holds how both ways end here, from the *last* row, that of one hop there more."""
        steps, part, go = self.steps, self.steps.part, 1 - self.steps.t_t
        nothing = [0.0] * self.m
        cells, over = self.cells, i == self.n
        same, twins = (nothing if over else grid[i] for grid in (cells.same, cells.twins))
        both, one, beside, bent = (grid[i] for grid in (self.both, self.one, self.twin, self.bent))
        s, p, t, b = now
        for j in range(self.m, -1, -1):
            away = part * (steps.end if not i + j else 1.0)
            s[j] += last.t[j] * away * steps.s_t * one[j]
            t[j] += last.t[j] * steps.t_t
            if j == self.m:
                continue
            s[j] += b[j + 1] * away * steps.s_b * bent[j]
            t[j] += b[j + 1] * steps.t_b
            b[j] += b[j + 1] * steps.t_t
            pair, twin = same[j] * last.s[j + 1], twins[j] * last.p[j + 1]
            s[j] += pair * steps.s_s * both[j] + twin * steps.s_p * beside[j]
            p[j] += pair * (1 - steps.p_p) * beside[j] + twin * steps.p_p
            t[j] += pair * steps.t_s * bent[j]
            b[j] += pair * go * one[j]
        return now
