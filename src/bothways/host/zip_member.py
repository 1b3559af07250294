"""One file in a zip archive: unpacked as it is read, never onto a disk, as often as it is asked for."""

import zlib
from collections.abc import Iterator

from bothways.evidence.problem import Problem
from bothways.host.spool import Spool
from bothways.host.zip_directory import HEADER, MAGICS, STORED, Entry

_STEP = 1 << 16
"""Packed bytes that are taken at once."""

_PIECE = 1 << 18
"""Bytes that are handed out at once; deflate makes at most some 1000 of one."""

_MOST_RATIO = 200
"""To how much of its size in the archive a compressed file may grow, like any other one."""


class Member:
    """What a `Spool` is for a pipe."""

    def __init__(self, archive: Spool, entry: Entry, *, share: int) -> None:
        """*entry* of *archive*, which must stay open as long as this is read.

        *share*: bytes that a compressed file may grow to in any case. Thousands of small ones fit into a small archive.
        """
        self._archive = archive
        self._entry = entry
        self._share = share
        self.problem: Problem | None = None
        """Why not everything could be read, or not as it was packed; known once it was read to its end."""

    @property
    def size(self) -> int:
        """Bytes that it is said to hold; no more are handed out."""
        return self._entry.size

    @property
    def room(self) -> int:
        """Bytes that may come out of it where it is compressed itself."""
        return max(self._share, _MOST_RATIO * self._entry.packed)

    def pieces(self) -> Iterator[bytes]:
        """All bytes in order; may be asked for again. Ends quietly where there is trouble. Raises OSError."""
        self.problem = None
        start = self._start()
        if start is None:
            self._stop("its entry in the archive is damaged, and nothing of it could be read", 0)
            return
        done, crc = 0, 0
        try:
            for piece in self._unpacked(start):
                kept = piece[: self.size - done]
                done, crc = done + len(kept), zlib.crc32(kept, crc)
                yield kept
                if len(kept) < len(piece):
                    self._stop(
                        f"it holds more than the {self.size} bytes that the archive tells; the rest was left", done
                    )
                    return
        except zlib.error as error:
            self._stop(f"its data in the archive are damaged here or before ({error})", done)
            return
        if done < self.size:
            self._stop(f"it ends here, and should have {self.size} bytes: the archive is cut off or damaged", done)
        elif crc != self._entry.crc:
            self._stop("its checksum in the archive is another one: something in it is damaged", None)

    def _start(self) -> int | None:
        """Where its data begin; None where its own header is none."""
        header = self._archive.read_at(self._entry.offset, HEADER.size)
        if len(header) < HEADER.size or not header.startswith(MAGICS[0]):
            return None
        *_, named, more = HEADER.unpack(header)
        return self._entry.offset + HEADER.size + int(named) + int(more)

    def _unpacked(self, start: int) -> Iterator[bytes]:
        if self._entry.method == STORED:
            yield from self._packed(start)
            return
        decoder = zlib.decompressobj(-zlib.MAX_WBITS)
        for step in self._packed(start):
            piece = decoder.decompress(step, _PIECE)
            yield piece
            # What a full piece had no room for stays inside of the decoder, though nothing was left of the step.
            while not decoder.eof and (decoder.unconsumed_tail or len(piece) == _PIECE):
                piece = decoder.decompress(decoder.unconsumed_tail, _PIECE)
                yield piece

    def _packed(self, start: int) -> Iterator[bytes]:
        at, end = start, start + self._entry.packed
        while at < end and (step := self._archive.read_at(at, min(_STEP, end - at))):
            at += len(step)
            yield step

    def _stop(self, says: str, offset: int | None) -> None:
        self.problem = Problem(says=says, offset=offset)
