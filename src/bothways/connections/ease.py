"""Targets nothing about which will need an explanation, as far as rows tell: none of their packets needs a look."""

from collections.abc import Iterable

from bothways.connections.exchange import Exchange
from bothways.connections.outcome import Outcome

FEW_REFUSALS = 4
"""At most one connection of so many that programs took is refused in words. The gate (`bothways.diagnosis.gate`) asks
whether a half is, of those that are no background; what is background is not known yet, and may be as many again."""

_DONE = frozenset({Outcome.WORKED, Outcome.DECLINED})
"""What the gate counts refusals among: probes, strays and what was cut off tell nothing of programs."""

FEW_REPAIRS = 0.01
"""At most this share of data segments is repaired: half of what the gate takes for suffering, likewise."""


def at_ease(connections: Iterable[Exchange]) -> bool:
    """Whether none of a target's connections fails, and so few are refused or repaired that nobody will ask why."""
    declined = done = repaired = data = 0
    for exchange in connections:
        outcome, many = exchange.outcome, exchange.stands_for
        if outcome.failed:
            return False
        done += many * (outcome in _DONE)
        declined += many * (outcome is Outcome.DECLINED)
        for seen in exchange.seen:
            there, back = seen.sides.there, seen.sides.back
            repaired += many * (there.repeated + there.refilled + back.repeated + back.refilled)
            data += many * (there.data + back.data)
    return declined * FEW_REFUSALS <= done and repaired <= FEW_REPAIRS * data
