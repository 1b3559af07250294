"""From pass one to pass two: which connections' packets are worth extracting, the same ones from every capture."""

from collections.abc import Sequence

from bothways.connections.join import join, see
from bothways.connections.observer import place_observers
from bothways.connections.targets import choose
from bothways.evidence.capture import Chosen, Survey
from bothways.evidence.case import Role


def select(captures: Sequence[tuple[Survey, Role]]) -> dict[str, tuple[Chosen, ...]]:
    """For each capture's file the connections that pass two shall extract: a few per target and signature."""
    observers = place_observers(captures)
    seen_by = [see(observer, ()) for observer in observers]
    return choose([survey for survey, _ in captures], join(observers, seen_by))
