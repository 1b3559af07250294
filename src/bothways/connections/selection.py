"""From pass one to pass two: which connections' packets are worth extracting, the same ones from every capture."""

from collections.abc import Sequence

from bothways.connections.join import join, see
from bothways.connections.observer import place_observers
from bothways.connections.targets import choose
from bothways.connections.window import Span, window_of
from bothways.evidence.capture import Chosen, Survey
from bothways.evidence.case import Role


def select(captures: Sequence[tuple[Survey, Role]], span: Span | None = None) -> dict[str, tuple[Chosen, ...]]:
    """For each capture's file the connections that pass two shall extract: a few per target and signature.

    Where *span* limits what is judged, of those that began in it.

    Raises:
        CallError: *span* cannot be placed in time.
    """
    observers = place_observers(captures)
    seen_by = [see(observer, ()) for observer in observers]
    window = window_of(span, observers) if span else None
    return choose([survey for survey, _ in captures], join(observers, seen_by), window)
