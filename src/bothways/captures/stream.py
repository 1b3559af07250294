"""Bytes that arrive in chunks of any size, taken in the pieces that a file format asks for."""

from collections.abc import Iterable, Iterator


class ByteStream:
    """Hands out an iterator's bytes in order and counts them; holds one chunk and what a single piece spans."""

    __slots__ = ("_at", "_chunk", "_chunks", "offset")

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks: Iterator[bytes] = iter(chunks)
        self._chunk = b""
        self._at = 0
        self.offset = 0
        """Bytes handed out or skipped so far: where in the file the next piece starts."""

    def take(self, count: int) -> bytes:
        """The next *count* bytes; fewer only where the file ends. The caller bounds *count*: it is held in memory."""
        end = self._at + count
        if end <= len(self._chunk):
            piece = self._chunk[self._at : end]
            self._at = end
        else:
            piece = b"".join(self._pieces(count))
        self.offset += len(piece)
        return piece

    def skip(self, count: int) -> int:
        """Pass over *count* bytes without holding them; tells how many there were, fewer only where the file ends."""
        skipped = sum(len(piece) for piece in self._pieces(count))
        self.offset += skipped
        return skipped

    def _pieces(self, count: int) -> Iterator[bytes]:
        """The next *count* bytes in as many pieces as they came in."""
        while count > 0:
            if self._at == len(self._chunk):
                chunk = next(self._chunks, None)
                if chunk is None:
                    return
                self._chunk, self._at = chunk, 0
                continue
            piece = self._chunk[self._at : self._at + count]
            self._at += len(piece)
            count -= len(piece)
            yield piece
