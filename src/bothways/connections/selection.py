"""From pass one to pass two: which connections' packets are worth extracting, the same ones from every capture."""

from bothways.connections.joined import Joined
from bothways.connections.room import Room
from bothways.connections.targets import choose
from bothways.connections.window import Span, window_of
from bothways.evidence.capture import Chosen


def select(
    joined: Joined, span: Span | None = None, *, alone: bool = False, room: Room | None = None
) -> dict[str, tuple[Chosen, ...]]:
    """For each capture's file the connections that pass two shall extract: a few per target and signature.

    Where *span* limits what is judged, of those that began in it. Where there is one capture *alone*, and no other
    evidence beside it, nothing of targets that are well and that no failing one will be compared with. *room* is told
    of connections that are too long to be looked at.

    Raises:
        CallError: *span* cannot be placed in time.
    """
    window = window_of(span, joined.observers) if span else None
    return choose([observer.survey for observer in joined.observers], joined.exchanges, window, alone=alone, room=room)
