"""Which routers the two ways between a client and a server pass: what a seed decides before anything has an address.

    client - a - b - ( c - d      ) - g - h - server      the way there
                     ( e - f - e2 )                       the way back, from the server's side to the client's

A shape is a row of stretches, from the client to the server. On a *shared* stretch both ways pass the same routers; on
a *balanced* one both pass one of several rows of routers, by a hash of the flow; on a *detour* each way has routers of
its own, or one of the two has none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from random import Random

Chain = tuple[str, ...]
"""Routers in a row, from the client's side to the server's."""


class Kind(StrEnum):
    """How the ways go on a stretch."""

    SHARED = "shared"
    BALANCED = "balanced"
    EQUAL = "equal"
    """A detour of as many routers there as back."""
    LONGER_THERE = "longer-there"
    LONGER_BACK = "longer-back"
    ONLY_THERE = "only-there"
    """A detour that the way back has no router of."""
    ONLY_BACK = "only-back"
    APART = "apart"
    """A long detour: two networks that have nothing in common but where they part and meet."""


DETOURS = (Kind.EQUAL, Kind.LONGER_THERE, Kind.LONGER_BACK, Kind.ONLY_THERE, Kind.ONLY_BACK, Kind.APART)

FEWEST, MOST = 5, 25
"""Routers on the longer way."""

SYMMETRIC = 1 / 3
"""Of all shapes."""

BALANCED = 0.3
"""Of all shapes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of both ways between two routers, or a host, that both pass."""

    kind: Kind
    there: tuple[Chain, ...]
    """One row of routers, or several between which the way is balanced; the row is empty where the way passes none."""

    back: tuple[Chain, ...]
    """Also from the client's side to the server's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Both ways."""

    stretches: tuple[Stretch, ...]
    """The first and the last are shared."""

    @property
    def routers(self) -> tuple[str, ...]:
        """Every router once, those of the way there before those of the way back, stretch by stretch."""
        return tuple(
            dict.fromkeys(
                router
                for stretch in self.stretches
                for chains in (stretch.there, stretch.back)
                for chain in chains
                for router in chain
            )
        )

    @property
    def there(self) -> tuple[tuple[str, ...], ...]:
        """By distance from the client: the routers that may be passed there."""
        return tuple(at for stretch in self.stretches for at in _abreast(stretch.there))

    @property
    def back(self) -> tuple[tuple[str, ...], ...]:
        """By distance from the server."""
        return tuple(reversed([at for stretch in self.stretches for at in _abreast(stretch.back)]))

    def edges(self, *, back: bool = False) -> Iterator[tuple[str, str]]:
        """Yield which router stands behind which on a way, named from the client's side to the server's."""
        tails: tuple[str, ...] = ()
        for stretch in self.stretches:
            ends = []
            for chain in stretch.back if back else stretch.there:
                yield from ((tail, chain[0]) for tail in tails if chain)
                yield from pairwise(chain)
                ends += [chain[-1]] if chain else list(tails)
            tails = tuple(ends)


def _abreast(chains: tuple[Chain, ...]) -> Iterator[tuple[str, ...]]:
    yield from zip(*chains, strict=True)


def drawn(chance: Random, longest: int | None = None) -> Shape:
    """Draw a shape whose longer way has *longest* routers, or 5 to 25, with up to three detours."""
    longest = longest or chance.randint(FEWEST, MOST)
    sizes = [] if chance.random() < SYMMETRIC else _detours(chance, longest)
    shared = _shares(chance, longest - sum(max(there, back) for _, there, back in sizes), len(sizes) + 1)
    names = (f"r{number}" for number in range(1, 1000))
    stretches = []
    for number, count in enumerate(shared):
        stretches.append(_row(Kind.SHARED, names, count))
        if number < len(sizes):
            kind, there, back = sizes[number]
            chains = [tuple(next(names) for _ in range(size)) for size in (there, back)]
            stretches.append(Stretch(kind=kind, there=(chains[0],), back=(chains[1],)))
    if chance.random() < BALANCED:
        stretches = [part for stretch in stretches for part in _balanced(chance, names, stretch)]
    return Shape(stretches=tuple(stretches))


def _row(kind: Kind, names: Iterator[str], count: int) -> Stretch:
    chain = tuple(next(names) for _ in range(count))
    return Stretch(kind=kind, there=(chain,), back=(chain,))


def _detours(chance: Random, longest: int) -> list[tuple[Kind, int, int]]:
    """One to three detours that leave a shared router before, between and behind them."""
    found: list[tuple[Kind, int, int]] = []
    room = longest - 2
    for _ in range(chance.randint(1, 3)):
        kind = chance.choice(DETOURS)
        there, back = _size(chance, kind)
        if max(there, back) <= room:
            found.append((kind, there, back))
            room -= max(there, back) + 1
    return found or [(Kind.EQUAL, 1, 1)]


def _size(chance: Random, kind: Kind) -> tuple[int, int]:
    short, more = chance.randint(1, 3), chance.randint(1, 2)
    match kind:
        case Kind.EQUAL:
            return short, short
        case Kind.LONGER_THERE:
            return short + more, short
        case Kind.LONGER_BACK:
            return short, short + more
        case Kind.ONLY_THERE:
            return more, 0
        case Kind.ONLY_BACK:
            return 0, more
        case _:
            return chance.randint(3, 7), chance.randint(3, 7)


def _shares(chance: Random, total: int, parts: int) -> list[int]:
    """Share out *total* at random, at least one to each."""
    shares = [1] * parts
    for _ in range(total - parts):
        shares[chance.randrange(parts)] += 1
    return shares


def _balanced(chance: Random, names: Iterator[str], stretch: Stretch) -> Iterator[Stretch]:
    """Put two or three rows of routers in the place of one, where a shared stretch is long enough for that."""
    (chain,), width = stretch.there[:1], chance.choice((1, 1, 2))
    if stretch.kind is not Kind.SHARED or len(chain) < width + 2 or chance.random() < 0.3:
        yield stretch
        return
    at = chance.randint(1, len(chain) - width - 1)
    rows = [chain[at : at + width]]
    rows += [tuple(next(names) for _ in range(width)) for _ in range(chance.choice((1, 1, 2)))]
    for kind, chains in (
        (Kind.SHARED, (chain[:at],)),
        (Kind.BALANCED, tuple(rows)),
        (Kind.SHARED, (chain[at + width :],)),
    ):
        yield Stretch(kind=kind, there=chains, back=chains)
