"""How a check goes, for people who wait: a line for each stage, on standard error."""

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Self, TextIO

from bothways.check.stages import Stage
from bothways.report.text import clean

PACE = 0.12
"""Seconds between two pictures of the spinner: slower ones seem to hang, faster ones flicker."""

PICTURES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
PLAIN_PICTURES = "|/-\\"
"""Where the terminal's encoding has no braille."""

LABEL = 9
"""Columns of a stage's name."""


class Progress:
    """Tells of stages: on a terminal as they go, elsewhere only if wanted, and then each when it is over."""

    def __init__(
        self, *, wanted: bool, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._is_terminal = self._stream is not None and self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._shows = self._stream is not None and (self._is_terminal or wanted)
        self._colour = self._is_terminal and not os.environ.get("NO_COLOR")
        self._clock = clock
        self._now: tuple[Stage, str, float] | None = None
        self._stop = Event()
        self._spinner: Thread | None = None

    def __enter__(self) -> Self:
        if self._is_terminal:
            # A thread, because stages wait in calls that know of no spinner; it dies with the program.
            self._spinner = Thread(target=self._spin, daemon=True)
            self._spinner.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._spinner is not None:
            self._spinner.join()
        self._now = None
        if self._is_terminal:
            self._write("\r\x1b[K")

    def begin(self, stage: Stage, doing: str) -> None:
        """*stage* begins."""
        self._now = (stage, doing, self._clock())

    def end(self, says: str) -> None:
        """The stage that was begun last is over."""
        if self._now is None:
            return
        stage, _, since = self._now
        self._now = None
        if self._shows:
            took = f"{self._clock() - since:.1f} s"
            wipe = "\r\x1b[K" if self._is_terminal else ""
            self._write(f"{wipe}{self._label(stage)}{clean(says)} {self._dim(took)}\n")

    def _spin(self) -> None:
        pictures = PICTURES if _can_show(self._stream, PICTURES) else PLAIN_PICTURES
        turn = 0
        while not self._stop.wait(PACE):
            now = self._now
            if now is not None:
                stage, doing, since = now
                line = f"{self._label(stage)}{clean(doing)} {pictures[turn % len(pictures)]}"
                self._write(f"\r\x1b[K{line} {self._clock() - since:.0f} s")
                turn += 1

    def _label(self, stage: Stage) -> str:
        return f"\x1b[1m{stage:<{LABEL}}\x1b[0m" if self._colour else f"{stage:<{LABEL}}"

    def _dim(self, text: str) -> str:
        return f"\x1b[2m({text})\x1b[0m" if self._colour else f"({text})"

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):  # the terminal may have gone
            self._stream.write(text)
            self._stream.flush()


def _can_show(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeError, LookupError, AttributeError):
        return False
    return True
