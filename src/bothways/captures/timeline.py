"""The times of a capture's packets in the order of the file: from when to when, and what its clock did meanwhile."""

from bothways.units import SECOND, Duration, Instant, between


class Timeline:
    """Told the time of each packet, in the order of the file."""

    __slots__ = (
        "disordered",
        "final",
        "first",
        "furthest_back",
        "last",
        "longest_silence",
        "silent_from",
        "steps_back",
    )

    def __init__(self) -> None:
        self.first: Instant | None = None
        self.last: Instant | None = None
        self.final: Instant | None = None
        self.steps_back = 0
        self.furthest_back = Duration(0)
        self.disordered = 0
        self.longest_silence = Duration(0)
        self.silent_from: Instant | None = None

    def pass_by(self, at: Instant) -> None:
        """Take in the next packet's time."""
        if self.final is None or self.first is None or self.last is None:
            self.first = self.last = self.final = at
            return
        span = between(self.final, at)
        if span < 0:
            self._go_back(Duration(-span))
        elif self.silent_from is None or span > self.longest_silence:
            self.longest_silence, self.silent_from = span, self.final
        # Packets of several interfaces may stand slightly out of order in a file.
        self.first = min(self.first, at)
        self.last = max(self.last, at)
        self.final = at

    def _go_back(self, span: Duration) -> None:
        if span < SECOND:
            self.disordered += 1
            return
        self.steps_back += 1
        self.furthest_back = max(self.furthest_back, span)
