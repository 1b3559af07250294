"""By what connections to one target may differ before anything went wrong with them.

Only what failing itself does not change: a connection that died after its SYN said no name and sent no request, so of
what it did not come to there is no trait, rather than a trait of being without.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.outcome import Outcome
from bothways.connections.sides import Sides
from bothways.connections.window import beginnings
from bothways.units import between

MOST_COMPARED = 5000
"""Connections that failed, and that worked, from which on more of them make nothing more certain that matters."""


class Trait(StrEnum):
    """What is compared; of those that tell as much, the first is said first."""

    TIME = "time"
    """When it began, ns since 1970 by the clock of the observer nearest to the client."""
    CLIENT = "client"
    """Address of the client."""
    SOURCE_PORT = "source-port"
    SIZE = "size"
    """Largest payload of one segment that the client sent, bytes."""
    REPLY_SIZE = "reply-size"
    """Largest payload of one segment that the server sent, bytes."""
    AGE = "age"
    """How long it had been open when its last new bytes were sent, ns: at its death, or for as long as it worked."""
    WAY_BACK = "way-back"
    """TTL with which the server's packets arrived: another one means another way, or another sender."""
    WAY_THERE = "way-there"
    """TTL with which the client's packets arrived at the observer farthest from it."""
    OPTIONS = "options"
    """MSS that the client's SYN announced, and whether it had timestamps."""


class Sample(Struct, frozen=True, kw_only=True):
    """One connection, as its traits have it."""

    failed: bool
    stands_for: int = 1
    """How many connections that went alike it stands for."""

    traits: dict[Trait, int | str]
    """Those that were in view."""


def samples(failed: Sequence[Exchange], worked: Sequence[Exchange]) -> list[Sample]:
    """The connections of both that one observer saw, the one that saw most: clocks and addresses differ elsewhere.

    What the farthest observer tells is taken of those that the usual farthest one saw.

    Of more than `MOST_COMPARED` of either, so many taken evenly.
    """
    bad, good = _evenly(failed), _evenly(worked)
    whole = [*bad, *good]
    near = Counter(id(exchange.seen[0].observer) for exchange in whole)
    if not near:
        return []
    chosen = near.most_common(1)[0][0]
    worked_far = Counter(id(exchange.seen[-1].observer) for exchange in (good or bad))
    farthest = worked_far.most_common(1)[0][0]
    begun = beginnings(whole)
    return [
        Sample(
            failed=place < len(bad),
            stands_for=exchange.stands_for,
            traits=dict(_traits(exchange, begun[place], farthest)),
        )
        for place, exchange in enumerate(whole)
        if id(exchange.seen[0].observer) == chosen
    ]


def _evenly(exchanges: Sequence[Exchange]) -> Sequence[Exchange]:
    return exchanges[:: -(-len(exchanges) // MOST_COMPARED)] if len(exchanges) > MOST_COMPARED else exchanges


def _traits(exchange: Exchange, began: int | None, farthest: int) -> Iterable[tuple[Trait, int | str]]:
    near, far = exchange.seen[0], exchange.seen[-1]
    sides = near.sides
    yield Trait.CLIENT, sides.client.address
    yield Trait.SOURCE_PORT, sides.client.port
    if began is not None and sides.opened_in_view:
        yield Trait.TIME, began
    if sides.there.data:
        yield Trait.SIZE, sides.there.largest
    age = _age(near, exchange.outcome)
    if age is not None:
        yield Trait.AGE, age
    if sides.back.packets > sides.back.resets and sides.back.ttl is not None:
        yield Trait.WAY_BACK, sides.back.ttl
    if id(far.observer) == farthest:
        yield from _from_afar(far.sides)
    if sides.there.syns:
        yield Trait.OPTIONS, _options(sides)


def _from_afar(sides: Sides) -> Iterable[tuple[Trait, int | str]]:
    """What shows only at one and the same distance from the client."""
    if sides.back.data:
        yield Trait.REPLY_SIZE, sides.back.largest
    if sides.there.packets > sides.there.resets and sides.there.ttl is not None:
        yield Trait.WAY_THERE, sides.there.ttl


def _age(seen: Seen, outcome: Outcome) -> int | None:
    """Only of connections that had carried the server's bytes, in view from their beginning."""
    sides = seen.sides
    opened = sides.there.first
    if opened is None or not sides.there.syns or not sides.back.data or sides.there.advanced is None:
        return None
    if outcome.failed:
        return between(opened, sides.there.advanced)
    return between(opened, max(sides.there.advanced, sides.back.advanced or sides.there.advanced))


def _options(sides: Sides) -> str:
    mss = f"MSS {sides.there.mss}" if sides.there.mss is not None else "no MSS"
    return f"{mss}, {'timestamps' if sides.there.ts_value is not None else 'no timestamps'}"
