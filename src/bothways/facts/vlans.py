"""Whether the packets bear other VLAN tags at the two ends of what was observed: every routed path changes them."""

from collections.abc import Sequence
from enum import StrEnum

from bothways.connections.exchange import Exchange, Seen
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject

LOOKED_AT = 3
"""Connections that are compared where none failed."""

TAG = "vlan "
"""How a tag begins among the layers that carried a packet."""


class Tags(StrEnum):
    """What became of the tags between two observers."""

    SAME = "same"
    """The same at both, or none at either."""
    CHANGED = "changed"
    ONE_SIDE = "one-side"
    """Only one of the two shows any: removed on the way, or by the network card before the capture."""


VLANS_REWRITTEN = Kind(
    id="vlans-rewritten",
    asks="Do the packets bear other VLAN tags beyond the devices between?",
    family="encapsulation",
    answers=Tags,
    decisive=False,
)


def vlans_rewritten(subject: Subject) -> Fact:
    """By the client's packets at the observers nearest to the two ends."""
    exchanges = subject.exemplars or subject.connections[:LOOKED_AT]
    measured = [_between(exchange) for exchange in exchanges if len(_views(exchange)) > 1]
    if not measured:
        return unknown(VLANS_REWRITTEN, "it takes two observers of the client's packets to compare their tags")
    return agreed(measured)


def _views(exchange: Exchange) -> Sequence[Seen]:
    return [seen for seen in exchange.seen if seen.sides.there.packets]


def _between(exchange: Exchange) -> Fact:
    views = _views(exchange)
    up, down = views[0], views[-1]
    before, after = _tags(up), _tags(down)
    if before == after:
        answer, says = Tags.SAME, f"{_named(before)} at both {up.observer.vantage} and {down.observer.vantage}"
    else:
        answer = Tags.CHANGED if before and after else Tags.ONE_SIDE
        says = f"{_named(before)} at {up.observer.vantage}, {_named(after)} at {down.observer.vantage}"
    return Fact(kind=VLANS_REWRITTEN, answer=answer, says=says, cites=(up.begins, down.begins))


def _tags(seen: Seen) -> tuple[str, ...]:
    return tuple(word for word in seen.sides.there.layers if word.startswith(TAG))


def _named(tags: Sequence[str]) -> str:
    return ", ".join(tags) or "no VLAN tag"
