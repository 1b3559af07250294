"""The bytes of a file: streamed and hashed on the way, or taken whole and decoded as text."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from bothways.evidence.problem import Problem
from bothways.host.found import reason
from bothways.host.progress import Report

CHUNK = 1 << 20
HEAD = 64
"""Bytes that are enough to tell which kind of file it is."""

LARGEST_TEXT = 64 << 20
"""Bytes of a report: no tool writes more about one case, and text is held in memory."""


class Stream:
    """A file's bytes in order, with the hash of all that was handed out."""

    def __init__(self, path: Path, *, cited: str, report: Report) -> None:
        self._path = path
        self._cited = cited
        self._report = report
        self._hash = hashlib.sha256()
        self.problem: Problem | None = None
        """Why reading ended before the file did; the bytes before that were handed out."""

    def chunks(self) -> Iterator[bytes]:
        """The bytes, in pieces; ends quietly where the file cannot be read any further, and keeps the `problem`."""
        done = 0
        try:
            with self._path.open("rb", buffering=0) as file:
                total = self._path.stat().st_size
                while chunk := file.read(CHUNK):
                    self._hash.update(chunk)
                    done += len(chunk)
                    self._report(self._cited, done, total)
                    yield chunk
        except OSError as error:
            self.problem = Problem(says=f"reading stopped here: {reason(error)}", offset=done)

    @property
    def sha256(self) -> str:
        """Hash of what was handed out so far."""
        return self._hash.hexdigest()


def head_of(path: Path) -> bytes:
    """The first bytes. Raises OSError where the file cannot be opened."""
    with path.open("rb") as file:
        return file.read(HEAD)


def whole(path: Path) -> bytes | None:
    """All bytes of a file that is small enough to be a report; None of a larger one. Raises OSError."""
    with path.open("rb") as file:
        data = file.read(LARGEST_TEXT + 1)
    return data if len(data) <= LARGEST_TEXT else None


def decoded(data: bytes) -> str | None:
    """*data* as text: UTF-8, UTF-16 where it says or shows so, Latin-1 otherwise; None where it seems to be no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for first, codec in ((0, "utf-16-be"), (1, "utf-16-le")):
        # Every other byte of English in UTF-16 is NUL.
        if not any(data[first:HEAD:2]) and all(data[1 - first : HEAD : 2]) and len(data) > 1:
            return data.decode(codec, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None if b"\0" in data else data.decode("latin-1")
