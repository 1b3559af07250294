"""What a zip archive says it holds: by its table of contents at the end, or entry by entry where that is cut off.

APPNOTE is PKWARE's ".ZIP File Format Specification", whose sections are cited. Nothing is unpacked here.
"""

import io
import stat
import struct
from collections.abc import Iterator
from zipfile import BadZipFile, ZipFile, ZipInfo

from msgspec import Struct

from bothways.host.spool import Spool

MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
"""How an archive begins: with an entry, or with its end where it holds none (APPNOTE 4.3.7, 4.3.16)."""

LARGEST_DIRECTORY = 4 << 20
"""Bytes of a table of contents: ten thousand names of 350 characters. Python holds it whole and several times over."""

STORED, DEFLATED = 0, 8
"""The two methods of compression that everybody writes (APPNOTE 4.4.5)."""

HEADER = struct.Struct("<4sHHHHHIIIHH")
"""An entry's own header (APPNOTE 4.3.7)."""

_ENCRYPTED = 1
_SIZES_FOLLOW = 8
_NAME_IN_UTF8 = 0x800
_UNIX = 3
_ZIP64 = 0xFFFFFFFF

_BROKEN = (BadZipFile, OSError, ValueError, NotImplementedError, struct.error, EOFError, OverflowError, MemoryError)
"""What Python's module raises over tables that strangers made; ValueError over names that are no UTF-8."""


class Entry(Struct, frozen=True, kw_only=True):
    """One thing in an archive."""

    name: str
    """As it stands there, folders and all."""

    offset: int
    """Where its own header begins."""

    method: int
    packed: int
    """Bytes in the archive."""

    size: int
    """Bytes that it is said to hold."""

    crc: int
    encrypted: bool = False
    link: bool = False
    """It stands for another file."""

    @property
    def folder(self) -> bool:
        """It is a folder, which holds nothing itself."""
        return self.name.endswith("/")


class Directory(Struct, frozen=True, kw_only=True):
    """All of it, in its order."""

    entries: tuple[Entry, ...]
    trouble: str = ""
    """Why this is not everything, or not what its maker wrote; empty where it is."""


def directory_of(kept: Spool) -> Directory:
    """What the archive in *kept* holds. Raises OSError where it cannot be read at all."""
    window = _Window(kept)
    try:
        with ZipFile(window) as archive:
            return Directory(entries=tuple(map(_entry, archive.infolist())))
    except _BROKEN as error:
        trouble = window.trouble or str(error).lower()
    entries = tuple(_one_by_one(kept))
    says = f"its table of contents at the end cannot be read ({trouble}), as where a copy was broken off"
    return Directory(entries=entries, trouble=f"{says}: what stands before it was looked for entry by entry")


def _entry(info: ZipInfo) -> Entry:
    return Entry(
        name=info.orig_filename,
        offset=info.header_offset,
        method=info.compress_type,
        packed=info.compress_size,
        size=info.file_size,
        crc=info.CRC,
        encrypted=bool(info.flag_bits & _ENCRYPTED),
        link=info.create_system == _UNIX and stat.S_ISLNK(info.external_attr >> 16),
    )


def _one_by_one(kept: Spool) -> Iterator[Entry]:
    """The entries from the front on, as far as each says where the next one begins."""
    at = 0
    while len(header := kept.read_at(at, HEADER.size)) == HEADER.size:
        magic, _, flags, method, _, _, crc, packed, size, named, more = HEADER.unpack(header)
        if magic != MAGICS[0] or flags & _SIZES_FOLLOW or _ZIP64 in {packed, size}:
            return
        name = kept.read_at(at + HEADER.size, named)
        yield Entry(
            name=name.decode("utf-8" if flags & _NAME_IN_UTF8 else "cp437", errors="backslashreplace"),
            offset=at,
            method=method,
            packed=packed,
            size=size,
            crc=crc,
            encrypted=bool(flags & _ENCRYPTED),
        )
        at += HEADER.size + named + more + packed


class _Window(io.RawIOBase):
    """Kept bytes as a file; refuses to read more at once than a table of contents may take."""

    def __init__(self, kept: Spool) -> None:
        super().__init__()
        self._kept = kept
        self._at = 0
        self.trouble = ""
        """Why it refused; empty where it did not."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._kept.size}[whence]
        if start + offset < 0:
            raise OSError(self._refused("it points before its own beginning"))
        self._at = start + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._kept.size - self._at)
        wanted = left if size < 0 else min(size, left)
        if wanted > LARGEST_DIRECTORY:
            raise OSError(self._refused(f"it is larger than {LARGEST_DIRECTORY >> 20} MiB"))
        found = self._kept.read_at(self._at, wanted)
        self._at += len(found)
        return found

    def _refused(self, why: str) -> str:
        self.trouble = why
        return why
