"""Waiting for conditions, never for time."""

import time
from collections.abc import Callable

LOOK_EVERY = 0.02
"""Seconds between two looks: short beside anything that a network does, long beside a look."""


def until(condition: Callable[[], object], what: str, seconds: float = 30.0) -> None:
    """Wait for a condition, looking often.

    Raises:
        TimeoutError: it did not come true within *seconds*; says *what* was awaited.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            message = f"waited {seconds:g} s for {what}, in vain"
            raise TimeoutError(message)
        time.sleep(LOOK_EVERY)
