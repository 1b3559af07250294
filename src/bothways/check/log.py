"""What a check found, written down as it goes: one JSON object a line, as `states.check_log` reads it."""

from threading import Lock
from typing import BinaryIO

import msgspec
from msgspec import Struct

from bothways import __version__
from bothways.evidence.attempt import Attempt
from bothways.evidence.probing import ProbeTrace
from bothways.evidence.socket import Socket
from bothways.states.check_log import FIRST_KEY, SCHEMA
from bothways.units import Instant, rfc3339

_ITS_PLACE = frozenset({"line", "outcome_line", "shots"})
"""What a reader knows from where a record stands, and what is written in lines of its own."""


class CheckLog:
    """The log of one check. Threads may write into it at once: the lines of a record stay together."""

    def __init__(self, file: BinaryIO, *, began: Instant) -> None:
        """Write the first line to *file*, which stays the caller's to flush and to close.

        Raises OSError, as all of this does.
        """
        self._file = file
        self._lock = Lock()
        self._lines = 0
        with self._lock:
            self._line({FIRST_KEY: SCHEMA, "version": __version__, "began": rfc3339(began)})

    def attempt(self, attempt: Attempt) -> None:
        """One connection that was tried, once its outcome is known."""
        with self._lock:
            self._record("attempt", attempt)

    def socket(self, socket: Socket, *, at: Instant) -> None:
        """What the kernel says of a socket at the moment *at*; of several such lines the last one is judged."""
        with self._lock:
            self._record("socket", socket, at=at)

    def trace(self, trace: ProbeTrace) -> None:
        """A trace that is over, or was broken off, with all its shots."""
        with self._lock:
            number = self._record("trace", trace)
            for shot in trace.shots:
                self._record("shot", shot, trace=number)

    def _record(self, name: str, record: Struct, **more: int) -> int:
        """Write *record*; tells in which line."""
        values = {key: value for key, value in msgspec.to_builtins(record).items() if key not in _ITS_PLACE}
        return self._line({"record": name, **more, **values})

    def _line(self, values: dict[str, object]) -> int:
        self._file.write(msgspec.json.encode(values) + b"\n")
        self._lines += 1
        return self._lines
