"""How probable it is of each two hops that they are one router, with everything in view.

A pair hidden Markov model (Durbin et al. 1998, "Biological Sequence Analysis", chapter 4) walks both ways at once from
the client to the server. After each step it is with a router of both ways, with twins in one place, or within a detour
on the way there or back; silent hops are steps like any other, so that counts tell. All walks are summed up, forward
and backward: what follows from a name at one place and a link at another meets in each pair's probability.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import NamedTuple, TypeAlias

from bothways.paths import odds

MOST_CELLS_TWICE = 10_000
"""Pairs of hops up to which both kinds of ways are weighed; larger ones are taken as ways that differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """What speaks for each pair of hops, [i][j], as factors: 1 says nothing. Both ways from the client on."""

    same: Sequence[Sequence[float]]
    """If they are one router."""

    twins: Sequence[Sequence[float]]
    """If they are two routers in one place."""

    following: Sequence[Sequence[float]]
    """If they are one router and those one step nearer to the client are one, too."""

    open_start: float
    """How probable it is that the report of the way back ends before the client's side of the path does."""

    open_end: float
    """The same for the way there and the server's side."""


def posteriors(cells: Cells) -> list[list[float]]:
    """The probability of each pair of hops [i][j] that they are one router."""
    n, m = len(cells.same), len(cells.same[0]) if cells.same else 0
    if not n or not m:
        return [[0.0] * m for _ in range(n)]
    kinds = (True, False) if n * m <= MOST_CELLS_TWICE else (False,)
    walks = [
        (_Walks(cells, n, m, Steps.of(alike=kind)).found(), odds.ALIKE if kind else 1 - odds.ALIKE) for kind in kinds
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Probabilities of the steps from one state to the next; S: same, P: twins, T: only there, B: only back."""

    part: float
    """From S, away from it."""

    s_p: float
    s_t: float
    s_b: float
    p_p: float
    t_t: float
    t_b: float
    t_s: float

    @classmethod
    def of(cls, *, alike: bool) -> "Steps":
        """As ways go that hardly differ (*alike*), or that do."""
        twin, both, longer = odds.TWIN[alike], odds.BOTH_SIDES, odds.LONGER
        first = both + (1 - both) / 2
        return cls(
            part=odds.PARTING[alike],
            s_p=twin,
            s_t=(1 - twin) * first,
            s_b=(1 - twin) * (1 - first),
            p_p=odds.TWIN_GOES_ON,
            t_t=longer,
            t_b=(1 - longer) * both / first,
            t_s=(1 - longer) * (first - both) / first,
        )

    @property
    def end(self) -> float:
        """By how much the ways part more easily beside a host."""
        return max(1.0, (1 - odds.FIRST_HOP_ALIKE) / self.part)


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


class _Walks(NamedTuple):
    """All walks through both ways at once."""

    cells: Cells
    n: int
    m: int
    steps: Steps

    def found(self) -> _Found:
        forward, ahead = self._forward()
        backward, behind = self._backward()
        ends = self._ends()
        whole = sum(
            x * y for one, other in zip(forward[-1], ends, strict=True) for x, y in zip(one, other, strict=True)
        )
        total = log(whole or 1.0) + ahead[-1]
        pairs = []
        for i in range(1, self.n + 1):
            scale = exp(max(-MOST_EXPONENT, min(MOST_EXPONENT, ahead[i] + behind[i] - total)))
            both = zip(forward[i].s[1:], backward[i].s[1:], strict=True)
            pairs.append([min(1.0, one * other * scale) for one, other in both])
        return _Found(total, pairs)

    def _forward(self) -> tuple[list[_States], list[float]]:
        """How probable each state is by what lies towards the client; each row scaled, with the scale's logarithm."""
        rows, scales = list[_States](), list[float]()
        for i in range(self.n + 1):
            start = self.cells.open_start * (1 - odds.LEFT_OPEN) * odds.LEFT_OPEN**i
            start += 0.0 if i else 1 - self.cells.open_start
            start *= exp(min(MOST_EXPONENT, -scales[-1])) if i else 1.0
            row, scale = self._forward_row(i, rows[-1] if i else _States.empty(self.m + 1), start).scaled()
            rows.append(row)
            scales.append((scales[-1] if i else 0.0) + scale)
        return rows, scales

    def _forward_row(self, i: int, last: _States, start: float) -> _States:
        steps, part, go = self.steps, self.steps.part, 1 - self.steps.t_t
        nothing = [0.0] * self.m
        cells = self.cells
        same, twins, following = (grid[i - 1] if i else nothing for grid in (cells.same, cells.twins, cells.following))
        now = _States.empty(self.m + 1)
        s, p, t, b = now
        s[0] = start
        for j in range(self.m + 1):
            t[j] = last.s[j] * part * (steps.end if i == 1 and not j else 1.0) * steps.s_t + last.t[j] * steps.t_t
            if not j:
                continue
            k = j - 1
            b[j] = s[k] * part * (steps.end if not i + k else 1.0) * steps.s_b + t[k] * steps.t_b + b[k] * steps.t_t
            straight = last.s[k] * (1 - part) * following[k] + last.p[k] * (1 - steps.p_p)
            s[j] = same[k] * (straight + last.t[k] * steps.t_s + last.b[k] * go)
            away = last.s[k] * part * (steps.end if i == 1 and not k else 1.0)
            p[j] = twins[k] * (away * steps.s_p + last.p[k] * steps.p_p)
        return now

    def _ends(self) -> _States:
        """How probable it is that both ways end after so many hops back, the way there being over."""
        now, steps, cells = _States.empty(self.m + 1), self.steps, self.cells
        for j in range(self.m + 1):
            left = cells.open_end * (1 - odds.LEFT_OPEN) * odds.LEFT_OPEN ** (self.m - j)
            closed = 1 - cells.open_end if j == self.m else 0.0
            beside = left + closed * steps.end
            now.s[j] = left + closed * (1 - steps.part)
            now.p[j] = beside * (1 - steps.p_p)
            now.t[j] = beside * steps.t_s
            now.b[j] = beside * (1 - steps.t_t)
        return now

    def _backward(self) -> tuple[list[_States], list[float]]:
        """How probable what lies towards the server is from each state; scaled as above."""
        rows, scales = list[_States](), list[float]()
        for i in range(self.n, -1, -1):
            ends = _States.empty(self.m + 1) if rows else self._ends()
            row, scale = self._backward_row(i, rows[-1] if rows else _States.empty(self.m + 1), ends).scaled()
            rows.append(row)
            scales.append((scales[-1] if scales else 0.0) + scale)
        return rows[::-1], scales[::-1]

    def _backward_row(self, i: int, last: _States, now: _States) -> _States:
        """Fill *now*, which holds how both ways end here, from the *last* row, that of one hop there more."""
        steps, part, go = self.steps, self.steps.part, 1 - self.steps.t_t
        nothing = [0.0] * self.m
        cells, over = self.cells, i == self.n
        same, twins, following = (nothing if over else grid[i] for grid in (cells.same, cells.twins, cells.following))
        s, p, t, b = now
        for j in range(self.m, -1, -1):
            away = part * (steps.end if not i + j else 1.0)
            s[j] += last.t[j] * away * steps.s_t
            t[j] += last.t[j] * steps.t_t
            if j == self.m:
                continue
            s[j] += b[j + 1] * away * steps.s_b
            t[j] += b[j + 1] * steps.t_b
            b[j] += b[j + 1] * steps.t_t
            pair, twin = same[j] * last.s[j + 1], twins[j] * last.p[j + 1]
            s[j] += pair * (1 - part) * following[j] + twin * away * steps.s_p
            p[j] += pair * (1 - steps.p_p) + twin * steps.p_p
            t[j] += pair * steps.t_s
            b[j] += pair * go
        return now
