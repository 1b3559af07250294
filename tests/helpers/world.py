"""Tests inside a lab's own world."""

from collections.abc import Callable

from bothways.lab.world.world import live


def inside(life: Callable[[], None]) -> None:
    """Run a test's body in a world of its own; what it raises, an assertion too, is raised here."""

    def whole() -> int:
        life()
        return 0

    assert live(whole) == 0
