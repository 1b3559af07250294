"""Compressed evidence, decompressed as it streams by: gzip, bzip2, xz and lzma, zstd.

Concatenated members and frames (RFC 1952 section 2.2, RFC 8878 section 3) are one stream. Memory is bounded by what the
formats' decoders need, and their needs are bounded too; how much may come out of a file is bounded by `most_from`.
"""

import bz2
import lzma
import zlib
from collections.abc import Generator, Iterable, Iterator
from enum import Enum
from typing import Protocol, assert_never

import zstandard

from bothways.evidence.problem import Problem

_STEP = 1024
"""Compressed bytes that a decoder is given at once. 4 bytes of zstd can stand for a block of 128 KiB (RFC 8878 section
3.1.1.2), and its decoder hands out at once all that it has: this bounds it to 32 MiB."""

_PIECE = 1 << 16
"""Bytes that the other decoders hand out at once."""

_XZ_MEMORY = 192 << 20
"""Bytes: `xz -9` needs 65 MiB to decompress; a stranger's file may ask for 4 GiB."""

_ZSTD_WINDOW = 128 << 20
"""Bytes: what the program `zstd` itself accepts unless it is told otherwise (`--long=27`)."""

_REMEMBERED = 1 << 20
"""Compressed bytes of a member that are kept, to find out exactly where the damage in it starts."""

_LONGEST_MAGIC = 6

_USUAL_MOST = 256 << 20
"""Bytes: a quarter of an hour's work at worst, where a bomb holds nothing but empty packets."""

_MOST_RATIO = 200
"""Captures become at most some 100 times smaller (payload of zeros, headers that count on); a bomb 1000 times."""


class Packing(Enum):
    """How a file is compressed."""

    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    LZMA = "lzma"
    ZSTD = "zstd"


_SUFFIXES = (".gz", ".bz2", ".xz", ".lzma", ".zst", ".zstd")
"""What the names of compressed files usually end in."""

_MAGICS = (
    (b"\x1f\x8b", Packing.GZIP),
    (b"BZh", Packing.BZIP2),
    (b"\xfd7zXZ\x00", Packing.XZ),
    # The old format has no magic: properties 5d and a dictionary of whole 64 KiB is how all known writers begin.
    (b"\x5d\x00\x00", Packing.LZMA),
    (b"\x28\xb5\x2f\xfd", Packing.ZSTD),
    # A skippable frame, with which pzstd begins (RFC 8878 section 3.1.2).
    (b"\x50\x2a\x4d\x18", Packing.ZSTD),
)


def unpacked_name(name: str) -> str:
    """*name* as it is called after decompression."""
    return next((name[: -len(suffix)] for suffix in _SUFFIXES if name.lower().endswith(suffix)), name)


def packing_of(head: bytes) -> Packing | None:
    """How a file that begins with *head* (six bytes are enough) is compressed; None where it is not."""
    return next((packing for magic, packing in _MAGICS if head.startswith(magic)), None)


def most_from(size: int) -> int:
    """Bytes that a compressed file of *size* bytes may hold.

    256 MiB, or 200 times its own size where that is more: a small file cannot keep the machine busy for hours.
    """
    return max(_USUAL_MOST, _MOST_RATIO * size)


class Unpacked:
    """What a compressed stream holds."""

    def __init__(self, packing: Packing, chunks: Iterable[bytes], *, most: int) -> None:
        """Decompress *chunks*, of which the first *most* bytes are handed out."""
        self._packing = packing
        self._chunks = chunks
        self._most = most
        self._done = 0
        self.problem: Problem | None = None
        """Why it ended before the file did, at the offset in what was decompressed; everything before was handed
        out."""

    def chunks(self) -> Iterator[bytes]:
        """The decompressed bytes, in pieces; ends quietly where there is trouble, and keeps the `problem`."""
        try:
            for piece in self._members():
                if self._done + len(piece) > self._most:
                    yield piece[: self._most - self._done]
                    self._done = self._most
                    self._stop(
                        f"reading stopped here, as no more than {self._most} bytes are read out of a file so small: "
                        "decompress it yourself if more is meant"
                    )
                    return
                self._done += len(piece)
                yield piece
        except _DamagedError as damage:
            self._stop(
                f"the {self._packing.value} data are damaged here or before ({damage}), and nothing behind was read"
            )

    def _stop(self, says: str) -> None:
        self.problem = Problem(says=f"{says}; bytes are counted after decompression", offset=self._done)

    def _members(self) -> Iterator[bytes]:
        """The content of one member after the other."""
        member, between = _Member(self._packing), b""
        for step in _steps(self._chunks):
            rest = between + step
            while rest:
                if member.ended:
                    # Zeros fill files up: xz streams by their rule, gzip on tapes by custom.
                    rest = rest.lstrip(b"\0")
                    if len(rest) < _LONGEST_MAGIC:
                        break
                    if packing_of(rest) is not self._packing:
                        self._stop(self._other())
                        return
                    member = _Member(self._packing)
                rest = yield from member.feed(rest)
            between = rest
        if not member.ended:
            self._stop(f"the {self._packing.value} data end too early, as the file is cut off")
        elif between:
            self._stop(self._other())

    def _other(self) -> str:
        return f"something else follows the {self._packing.value} data, and was not read"


def _steps(chunks: Iterable[bytes]) -> Iterator[bytes]:
    return (chunk[start : start + _STEP] for chunk in chunks for start in range(0, len(chunk), _STEP))


class _DamagedError(Exception):
    """A decoder cannot go on; says why."""


_ERRORS = (OSError, ValueError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError)
"""What the decoders raise: bz2 takes OSError and ValueError for damage."""


class _Member:
    """One member (frame, stream) of a compressed file on its way through a decoder."""

    def __init__(self, packing: Packing) -> None:
        self._packing = packing
        self._decoder = _decoder(packing)
        self._fed: list[bytes] = []
        self._given = 0
        self.ended = False

    def feed(self, data: bytes) -> Generator[bytes, None, bytes]:
        """Give what *data* holds, and return what lies behind the member's end."""
        if len(self._fed) * _STEP < _REMEMBERED:
            self._fed.append(data)
        try:
            for piece in self._decoder.decode(data):
                self._given += len(piece)
                yield piece
        except _ERRORS as error:
            yield from self._up_to_the_damage(data)
            raise _DamagedError(str(error).lower()) from error
        ending = self._decoder.ending
        self.ended = ending.eof
        return ending.unused_data if self.ended else b""

    def _up_to_the_damage(self, last: bytes) -> Iterator[bytes]:
        """What a decoder kept to itself when it failed: told the same bytes one by one, it gives that out before."""
        if self._fed[-1] is not last:
            return
        again, missed = _decoder(self._packing), -self._given
        steps = [*self._fed[:-1], *(last[at : at + 1] for at in range(len(last)))]
        try:
            for step in steps:
                for piece in again.decode(step):
                    missed += len(piece)
                    if missed > 0:
                        yield piece[-missed:]
                        missed = 0
        except _ERRORS:
            return


class _Ending(Protocol):
    """What every library's decoder tells of a member's end."""

    @property
    def eof(self) -> bool:
        """It was met."""

    @property
    def unused_data(self) -> bytes:
        """What was given of the bytes behind it."""


class _Decoder(Protocol):
    """A decoder of one member."""

    @property
    def ending(self) -> _Ending:
        """Whether the member's end was met, and what was given of the bytes behind it."""

    def decode(self, data: bytes) -> Iterator[bytes]:
        """What *data* holds, in pieces."""


class _Zlib:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    @property
    def ending(self) -> _Ending:
        return self._inner

    def decode(self, data: bytes) -> Iterator[bytes]:
        piece = self._inner.decompress(data, _PIECE)
        yield piece
        while not self._inner.eof and (self._inner.unconsumed_tail or len(piece) == _PIECE):
            piece = self._inner.decompress(self._inner.unconsumed_tail, _PIECE)
            yield piece


class _Limited:
    def __init__(self, inner: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._inner = inner

    @property
    def ending(self) -> _Ending:
        return self._inner

    def decode(self, data: bytes) -> Iterator[bytes]:
        yield self._inner.decompress(data, _PIECE)
        while not self._inner.eof and not self._inner.needs_input:
            yield self._inner.decompress(b"", _PIECE)


class _Zstd:
    def __init__(self) -> None:
        self._inner = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()

    @property
    def ending(self) -> _Ending:
        return self._inner

    def decode(self, data: bytes) -> Iterator[bytes]:
        yield self._inner.decompress(data)


def _decoder(packing: Packing) -> _Decoder:
    match packing:
        case Packing.GZIP:
            return _Zlib()
        case Packing.BZIP2:
            return _Limited(bz2.BZ2Decompressor())
        case Packing.XZ:
            return _Limited(lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_XZ_MEMORY))
        case Packing.LZMA:
            return _Limited(lzma.LZMADecompressor(format=lzma.FORMAT_ALONE, memlimit=_XZ_MEMORY))
        case Packing.ZSTD:
            return _Zstd()
        case _:
            assert_never(packing)
