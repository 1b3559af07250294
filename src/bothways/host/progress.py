"""A line that says what is being read, how fast and for how much longer, for people who wait."""

import sys
import time
from collections.abc import Callable

PATIENCE = 1.0
"""Seconds without a word: shorter waits need no explanation."""

PACE = 0.2
"""Seconds between two updates: faster ones only flicker."""

MEBIBYTE = 1024 * 1024

Report = Callable[[str, int, int], None]
"""Told (file, bytes read, bytes in all; 0 where not known)."""


class ProgressLine:
    """One line on standard error, drawn only if that is a terminal, and gone when the reading is done."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._is_terminal = sys.stderr is not None and sys.stderr.isatty()
        self._clock = clock
        self._next = clock() + PATIENCE
        self._drawn = False
        self._reading = ("", 0, 0.0)
        """The file, how much of it had been read when it was first told of, and when that was."""

    def __call__(self, file: str, done: int, total: int) -> None:
        """Draw how far the reading of *file* is, if it is time to."""
        if not self._is_terminal:
            return
        now = self._clock()
        name, begun, since = self._reading
        if name != file or done < begun:
            self._reading = name, begun, since = file, done, now
        if now < self._next:
            return
        self._next = now + PACE
        of = f" of {total // MEBIBYTE}" if total >= done else ""
        # Longer than a narrow terminal, the line would wrap and could not be wiped.
        line = f"reading {file[-30:]}: {done // MEBIBYTE}{of} MiB{_speed(done - begun, total - done, now - since)}"
        sys.stderr.write(f"\r\x1b[K{line[:79]}")
        sys.stderr.flush()
        self._drawn = True

    def wipe(self) -> None:
        """Leave nothing behind."""
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._drawn = False


def _speed(read: int, left: int, spent: float) -> str:
    """How fast it went, and how long the rest takes at that; nothing where nothing was measured."""
    if read <= 0 or spent <= 0:
        return ""
    rate = read / spent
    rest = f", {_plain(left / rate)} left" if left >= 0 else ""
    return f", {rate / MEBIBYTE:.0f} MiB/s{rest}"


def _plain(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def silent(file: str, done: int, total: int) -> None:
    """Tell nobody."""
