"""Room for packets: those of chosen connections are held in memory, and a single transfer may have millions of them."""

from collections.abc import Sequence

from bothways.connections.exchange import Exchange
from bothways.connections.sides import Sides
from bothways.evidence.problem import Problem

MOST_PACKETS = 2_000_000
"""Held of all captures together: with what is made of them while they are judged, they take 600 bytes each."""


class Room:
    """Chooses whose packets are held, and remembers whose are not."""

    def __init__(self, most: int = MOST_PACKETS) -> None:
        """*most* packets are held."""
        self._most = most
        self._left_out: list[Exchange] = []

    def admit(self, exchanges: Sequence[Exchange]) -> list[Exchange]:
        """Those of *exchanges*, in their order, for whose packets there is room, the shorter ones before the longer."""
        left, admitted = self._most, set[int]()
        for exchange in sorted(exchanges, key=packets_of):
            left -= packets_of(exchange)
            if left >= 0:
                admitted.add(id(exchange))
        self._left_out += [exchange for exchange in exchanges if id(exchange) not in admitted]
        return [exchange for exchange in exchanges if id(exchange) in admitted]

    def problems(self, file: str) -> tuple[Problem, ...]:
        """What is to be said of the capture known as *file*: only the counters of its longest connections are known."""
        sides = [seen.sides for exchange in self._left_out for seen in exchange.seen if seen.observer.file == file]
        if not sides:
            return ()
        of = f"of {len(sides):,} connections" if len(sides) > 1 else "of one connection"
        packets = sum(map(_packets_of, sides))
        says = (
            f"the {packets:,} packets {of} were counted and not looked at one by one, as {self._most:,} are held at "
            "most: cut the capture to the time in question, with `editcap -A START -B END IN OUT` for example"
        )
        return (Problem(says=says),)


def packets_of(exchange: Exchange) -> int:
    """Packets of a connection over all observers, copies among them."""
    return sum(_packets_of(seen.sides) for seen in exchange.seen)


def _packets_of(sides: Sides) -> int:
    return sum(way.packets + way.duplicates for way in (sides.there, sides.back))
