"""A line that says what is being read, for people who wait."""

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

    def __init__(self) -> None:
        self._is_terminal = sys.stderr is not None and sys.stderr.isatty()
        self._next = time.monotonic() + PATIENCE
        self._drawn = False

    def __call__(self, file: str, done: int, total: int) -> None:
        """Draw how far the reading of *file* is, if it is time to."""
        if not self._is_terminal or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + PACE
        of = f" of {total // MEBIBYTE}" if total >= done else ""
        # Longer than a narrow terminal, the line would wrap and could not be wiped.
        sys.stderr.write(f"\r\x1b[Kreading {file[-30:]}: {done // MEBIBYTE}{of} MiB")
        sys.stderr.flush()
        self._drawn = True

    def wipe(self) -> None:
        """Leave nothing behind."""
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._drawn = False


def silent(file: str, done: int, total: int) -> None:
    """Tell nobody."""
