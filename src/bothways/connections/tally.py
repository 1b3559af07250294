"""How many connections there are: one that stands for others which went alike counts as all of them."""

from collections import Counter
from collections.abc import Iterable

from bothways.connections.exchange import Exchange
from bothways.connections.outcome import Outcome


def how_many(exchanges: Iterable[Exchange]) -> int:
    """How many connections *exchanges* are."""
    return sum([exchange.stands_for for exchange in exchanges])


def outcomes(exchanges: Iterable[Exchange]) -> Counter[Outcome]:
    """How many of *exchanges* ended in each way."""
    found: Counter[Outcome] = Counter()
    for exchange in exchanges:
        found[exchange.outcome] += exchange.stands_for
    return found
