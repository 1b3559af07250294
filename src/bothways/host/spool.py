"""Bytes that come only once, kept for the second reading: standard input, named pipes, process substitution.

They are kept in a temporary file without a name, so that nothing is left behind however the program ends.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from bothways.errors import CallError
from bothways.evidence.problem import Problem
from bothways.host.compression import most_from
from bothways.host.progress import MEBIBYTE, Report

CHUNK = 1 << 20

LARGEST = 64 << 30
"""Bytes kept at most: more than anybody pipes on purpose, less than what an endless pipe would fill a disk with."""

_SHARE = 2
"""At most one part in so many of the room that is left: other programs need some, too."""

_FOR_MUCH = "/var/tmp"  # noqa: S108 - the file has no name in it


class Kept(Protocol):
    """Bytes that can be read as often as need be and are no file of their own."""

    problem: Problem | None
    """Why not everything can be read."""

    @property
    def size(self) -> int:
        """How many there are."""

    @property
    def room(self) -> int:
        """How many may come out of them where they are compressed."""

    def pieces(self) -> Iterator[bytes]:
        """All of them in order. Raises OSError."""


class Spool:
    """What a pipe gave, or a regular file behind a descriptor, to be read as often as need be."""

    def __init__(self, descriptor: int, *, cited: str, report: Report) -> None:
        """Read *descriptor* to its end.

        Raises:
            OSError: It cannot be read, or there is nowhere to keep what it gives.
        """
        self.problem: Problem | None = None
        """Why not everything was kept."""

        self._start = 0
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            self._descriptor = os.dup(descriptor)
            self._start = os.lseek(descriptor, 0, os.SEEK_CUR)
            self.size = max(0, os.fstat(descriptor).st_size - self._start)
            return
        self.size = 0
        with tempfile.TemporaryFile(dir=_folder()) as kept:
            self._descriptor = os.dup(kept.fileno())
            try:
                self._keep(descriptor, cited, report)
            except BaseException:
                self.close()
                raise

    def _keep(self, descriptor: int, cited: str, report: Report) -> None:
        most = min(LARGEST, shutil.disk_usage(_folder()).free // _SHARE)
        while chunk := os.read(descriptor, CHUNK):
            if self.size + len(chunk) > most:
                self._stop(f"more than {most // MEBIBYTE} MiB came, which is all the room there is for it")
                return
            try:
                _write(self._descriptor, chunk)
            except OSError as error:
                self._stop(f"it could not be kept any further ({os.strerror(error.errno or 0).lower()})")
                return
            self.size += len(chunk)
            report(cited, self.size, 0)

    def _stop(self, says: str) -> None:
        do = "save it to a file and give that, or set TMPDIR to a folder with more room"
        self.problem = Problem(says=f"{says}, and the rest was not read: {do}", offset=self.size)

    @property
    def room(self) -> int:
        """Bytes that may come out of it where it is compressed."""
        return most_from(self.size)

    def read_at(self, offset: int, length: int) -> bytes:
        """Up to *length* bytes from *offset* on; fewer only at the end. Raises OSError."""
        found = b""
        while (wanted := min(length - len(found), self.size - offset - len(found))) > 0:
            piece = os.pread(self._descriptor, wanted, self._start + offset + len(found))
            if not piece:
                break
            found += piece
        return found

    def pieces(self) -> Iterator[bytes]:
        """All bytes in order; may be asked for again. Raises OSError."""
        at = 0
        while at < self.size and (chunk := os.pread(self._descriptor, min(CHUNK, self.size - at), self._start + at)):
            at += len(chunk)
            yield chunk

    def close(self) -> None:
        """Let go of what was kept."""
        os.close(self._descriptor)


def spool_standard_input(*, report: Report) -> Spool:
    """What is piped into the program.

    Raises:
        CallError: Nothing is.
        OSError: As of `Spool`.
    """
    try:
        mode = os.fstat(0).st_mode
    except OSError:
        message = "cannot read standard input: it is closed; pipe evidence into bothways, or name files instead of `-`"
        raise CallError(message) from None
    if stat.S_ISCHR(mode) and os.isatty(0):
        message = (
            "cannot read standard input: it is a terminal, and evidence is not typed; pipe it in, as in "
            "`tcpdump -w - | bothways diagnose -`, or name files instead of `-`"
        )
        raise CallError(message)
    return Spool(0, cited="standard input", report=report)


def spool_pipe(path: Path, *, cited: str, report: Report) -> Spool:
    """What comes out of a named pipe; waits for its writer. Raises OSError as `Spool` does."""
    with path.open("rb", buffering=0) as pipe:
        return Spool(pipe.fileno(), cited=cited, report=report)


def _folder() -> str:
    """Where to keep much: what the user says, else not in /tmp, which is often kept in memory (file-hierarchy(7))."""
    told = tempfile.gettempdir()
    usual = not any(os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    return _FOR_MUCH if usual and os.access(_FOR_MUCH, os.W_OK) else told


def _write(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
