"""A folder that is gone afterwards, whatever ends the check and whenever that comes."""

import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def folder_until_ended() -> Iterator[Path]:
    """An empty folder. SIGTERM ends what goes on in it as SIGINT does, by KeyboardInterrupt; main thread only."""
    requests = _Requests()
    before = [signal.signal(number, requests) for number in _SIGNALS]
    made: tempfile.TemporaryDirectory[str] | None = None
    try:
        with requests.held():
            made = tempfile.TemporaryDirectory(prefix="bothways-check-")
        yield Path(made.name)
    finally:
        try:
            with requests.held():
                if made is not None:
                    made.cleanup()
        finally:
            for number, handler in zip(_SIGNALS, before, strict=True):
                signal.signal(number, handler)


class _Requests:
    """Requests to end: obeyed at once, but while a folder is made or removed, which half done would stay behind.

    Masking the signals would not do: another thread can take one, and Python then runs the handler in this one.
    """

    def __init__(self) -> None:
        self._held = False
        self._asked = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        """One came."""
        if not self._held:
            raise KeyboardInterrupt
        self._asked = True

    @contextmanager
    def held(self) -> Iterator[None]:
        """Obey what comes meanwhile at the end."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        if self._asked:
            self._asked = False
            raise KeyboardInterrupt
