"""A line that says what the lab is doing, for people who wait."""

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

Tell = Callable[[str], None]
"""Told what begins now."""


class StatusLine:
    """One line on standard error, drawn only if that is a terminal; each word takes the place of the one before."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr is not None and sys.stderr.isatty()

    def __call__(self, doing: str) -> None:
        """Draw what is going on; nothing leaves no trace."""
        if self._is_terminal:
            with suppress(OSError):  # the terminal may have gone
                sys.stderr.write(f"\r\x1b[K{doing[:79]}")
                sys.stderr.flush()

    def wipe(self) -> None:
        """Leave nothing behind."""
        self("")


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A run that is done."""

    name: str
    problem: str
    """Why it proves nothing; empty where it does."""
    seconds: float


class Count:
    """A line on standard error for each run that ended, with how many are left."""

    def __init__(self, runs: int) -> None:
        self._left = runs

    def __call__(self, finished: Finished) -> None:
        """Say how one ended."""
        self._left -= 1
        ended = finished.problem or "done"
        with suppress(OSError):
            sys.stderr.write(f"{finished.name}: {ended}, {finished.seconds:.0f} s; {self._left} to go\n")


def silent(doing: str) -> None:
    """Tell nobody."""
