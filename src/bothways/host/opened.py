"""The bytes of a file: streamed and decompressed on the way, or taken whole and decoded as text; and their hashes."""

import hashlib
import os
from collections.abc import Iterable, Iterator

from msgspec import Struct

from bothways.evidence.problem import Problem
from bothways.host.compression import Unpacked, most_from, packing_of
from bothways.host.found import Found, reason
from bothways.host.progress import Report, silent

CHUNK = 1 << 20
HEAD = 64
"""Bytes that are enough to tell which kind of file it is."""

SHOWN = 4096
"""Bytes by which UTF-16 is told from binary data."""

MOST_FOREIGN = 8
"""In UTF-16 at least one character of so many is ASCII, even where a report's sentences are Chinese."""

LARGEST_TEXT = 64 << 20
"""Bytes of a report, after decompression: no tool writes more about one case, and text is held in memory."""


class Stream:
    """What a file holds, in order, decompressed where it is compressed."""

    def __init__(self, found: Found, *, report: Report = silent) -> None:
        self._found = found
        self._report = report
        self._raw = self._read()
        self._unpacked: Unpacked | None = None
        self._failure: Problem | None = None
        self._total = 0

    def chunks(self) -> Iterator[bytes]:
        """What it holds, in pieces; ends quietly where it cannot be read any further, and keeps the `problems`."""
        first = next(self._raw, b"")
        raw = _behind(first, self._raw)
        packing = packing_of(first)
        if packing is None:
            yield from raw
            return
        self._unpacked = Unpacked(packing, raw, most=_room_of(self._found))
        yield from self._unpacked.chunks()

    def _read(self) -> Iterator[bytes]:
        done = 0
        try:
            total = size_of(self._found)
            for chunk in pieces_of(self._found):
                done += len(chunk)
                self._report(self._found.cited, done, total)
                yield chunk
        except OSError as error:
            self._failure = _stopped(error, done)

    def descriptor(self) -> int | None:
        """Open the file for a reader that reads and closes it by itself; None where its bytes have to be unpacked.

        So it is, too, where it was spooled or cannot be opened: `chunks` tells what is wrong.
        """
        if self._found.spool is not None:
            return None
        try:
            descriptor = os.open(self._found.path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            packed = packing_of(os.pread(descriptor, HEAD, 0)) is not None
            self._total = os.fstat(descriptor).st_size
        except OSError:
            packed = True
        if packed:
            os.close(descriptor)
            return None
        return descriptor

    def reached(self, offset: int) -> None:
        """Tell how far such a reader is."""
        self._report(self._found.cited, offset, self._total)

    def stopped(self, errno: int, offset: int) -> None:
        """Note why such a reader could not go on."""
        self._failure = _stopped(OSError(errno, os.strerror(errno)), offset)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why reading ended before the file did; the bytes before that were handed out."""
        spooled = self._found.spool.problem if self._found.spool else None
        unpacked = self._unpacked.problem if self._unpacked else None
        return tuple(problem for problem in (spooled, self._failure, unpacked) if problem is not None)

    @property
    def packed(self) -> bool:
        """The file turned out to be compressed."""
        return self._unpacked is not None


def _stopped(error: OSError, offset: int) -> Problem:
    return Problem(says=f"reading stopped here: {reason(error)}", offset=offset)


def pieces_of(found: Found) -> Iterator[bytes]:
    """A file's bytes as they lie there. Raises OSError."""
    if found.spool is not None:
        yield from found.spool.pieces()
        return
    with found.path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def hash_of(found: Found) -> str:
    """SHA-256 of a file as it lies there, lower-case hex; empty where it cannot be read to its end.

    It takes as long as reading a capture: only who prints it asks.
    """
    digest = hashlib.sha256()
    try:
        for chunk in pieces_of(found):
            digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()


def hash_of_content(found: Found) -> str:
    """SHA-256 of what a file holds, as far as it can be read: the same for a file and its compressed copy."""
    digest = hashlib.sha256()
    for piece in Stream(found).chunks():
        digest.update(piece)
    return digest.hexdigest()


def size_of(found: Found) -> int:
    """Its length in bytes. Raises OSError."""
    return found.spool.size if found.spool is not None else found.path.stat().st_size


def _room_of(found: Found) -> int:
    """Bytes that may come out of it where it is compressed. Raises OSError."""
    return found.spool.room if found.spool is not None else most_from(size_of(found))


def head_of(found: Found) -> bytes:
    """The first bytes of what it holds. Raises OSError where the file cannot be opened."""
    raw = pieces_of(found)
    first = next(raw, b"")
    packing = packing_of(first)
    if packing is None:
        return first[:HEAD]
    head = b""
    for piece in Unpacked(packing, _behind(first, raw), most=HEAD).chunks():
        head += piece
        if len(head) >= HEAD:
            break
    return head[:HEAD]


def _behind(first: bytes, others: Iterable[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from others


class Whole(Struct, frozen=True, kw_only=True):
    """All of a file that is small enough to be a report."""

    data: bytes
    sha256: str
    packed: bool
    problems: tuple[Problem, ...]


def whole(found: Found) -> Whole | None:
    """All that a file holds; None of a larger one. Raises OSError."""
    size_of(found)
    stream = Stream(found)
    pieces, length = [], 0
    for piece in stream.chunks():
        pieces.append(piece)
        length += len(piece)
        if length > LARGEST_TEXT:
            return None
    return Whole(data=b"".join(pieces), sha256=hash_of(found), packed=stream.packed, problems=stream.problems)


def decoded(data: bytes) -> str | None:
    """*data* as text: UTF-8, UTF-16 where it says or shows so, Latin-1 otherwise; None where it seems to be no text.

    Of an older code page (437, 850, 866, 932, GBK, KOI8-R) the ASCII part is right, and that is all that a report says
    in figures and addresses; a sentence in it shows as Latin-1.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    # mtr up to 0.96 prints the bottom bit of an MPLS label as a character, which is NUL inside a stack.
    data = data.replace(b" S \0u TTL ", b" S 0 TTL ")
    if b"\0" in data[:SHOWN] and (codec := _wide(data[: SHOWN & ~1])):
        return data.decode(codec, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None if b"\0" in data else data.decode("latin-1")


def _wide(shown: bytes) -> str | None:
    """The UTF-16 in which *shown* reads as text; None where it reads as none.

    Digits, spaces and line ends are in every report, whatever its language: in UTF-16 one of their two bytes is NUL,
    always the same one.
    """
    for first, codec in ((0, "utf-16-be"), (1, "utf-16-le")):
        nuls, others = shown[first::2].count(0), shown[1 - first :: 2].count(0)
        # A Chinese character may end in a NUL of its own.
        if others * MOST_FOREIGN <= nuls and nuls * MOST_FOREIGN >= len(shown) // 2:
            text = shown.decode(codec, errors="replace")
            return codec if all(one.isprintable() or one in "\r\n\t\f\x1b\ufeff" for one in text) else None
    return None
