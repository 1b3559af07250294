"""All connections of a case, joined once: to choose whose packets are worth a look, and to judge them with these."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.join import join, see
from bothways.connections.observer import Observer, place_observers
from bothways.evidence.capture import Packets, Survey
from bothways.evidence.case import CaptureEvidence, Role


class Joined(Struct, frozen=True, kw_only=True):
    """What several captures show together."""

    observers: tuple[Observer, ...]
    """One for each capture, by the names of their files."""

    exchanges: tuple[Exchange, ...]
    """Every row of every capture is in exactly one of them."""

    def with_packets(self, captures: Sequence[CaptureEvidence]) -> tuple[Exchange, ...]:
        """`exchanges` with what pass two extracted of *captures*; what has no packets stays the same object.

        Raises ValueError where they are not the captures that were joined.
        """
        by_file = {capture.survey.file: capture for capture in captures}
        surveys = [observer.survey for observer in self.observers]
        if [id(survey) for survey in surveys] != [id(by_file[file].survey) for file in sorted(by_file)]:
            message = "these are not the captures that were joined"
            raise ValueError(message)
        extracted = {file: {item.number: item for item in one.packets} for file, one in by_file.items()}
        return tuple(_extracted(exchange, extracted) for exchange in self.exchanges)


def join_captures(captures: Sequence[tuple[Survey, Role]]) -> Joined:
    """Place the observers of *captures* and join what they saw; in which order they are given decides nothing."""
    observers = place_observers(sorted(captures, key=lambda item: item[0].file))
    return Joined(observers=observers, exchanges=join(observers, [see(observer, ()) for observer in observers]))


def _extracted(exchange: Exchange, extracted: dict[str, dict[int, Packets]]) -> Exchange:
    if not exchange.again and len(exchange.seen) == 1 and _packets(exchange.seen[0], extracted) is None:
        return exchange  # So it is with nearly all.
    found = [_packets(seen, extracted) for seen in (*exchange.seen, *exchange.again)]
    if not any(found):
        return exchange
    seen = tuple(map(_with, (*exchange.seen, *exchange.again), found))
    return replace(exchange, seen=seen[: len(exchange.seen)], again=seen[len(exchange.seen) :])


def _packets(seen: Seen, extracted: dict[str, dict[int, Packets]]) -> Packets | None:
    return extracted[seen.observer.file].get(seen.sides.row.number)


def _with(seen: Seen, packets: Packets | None) -> Seen:
    return seen if packets is None else replace(seen, packets=packets)
