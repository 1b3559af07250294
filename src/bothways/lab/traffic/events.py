"""What happens to nodes while clients are at work, at its time."""

import threading
from collections.abc import Sequence
from typing import assert_never

from bothways.lab.model.scenario import Event
from bothways.lab.world import nodes


class Events:
    """Those of a run; `begin` sets the clocks of a step, `close` stops what has not happened yet."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = tuple(events)
        self._waiting: list[threading.Timer] = []
        self._failed: list[Exception] = []

    def begin(self, step: int) -> None:
        """A step of the visits begins."""
        for event in self._events:
            if event.step == step:
                timer = threading.Timer(event.after_s, self._happen, (event,))
                timer.start()
                self._waiting.append(timer)

    def close(self) -> None:
        """End it.

        Raises:
            ProgramError: an event could not happen.
        """
        for timer in self._waiting:
            timer.cancel()
            timer.join()
        if self._failed:
            raise self._failed[0]

    def _happen(self, event: Event) -> None:
        try:
            match event.does:
                case "forget":
                    nodes.run(event.node, "conntrack", "-F")
                case _:
                    assert_never(event.does)
        except (nodes.ProgramError, OSError) as error:
            self._failed.append(error)
