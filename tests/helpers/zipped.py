"""Archives as strangers make them, honest ones and others."""

import io
import struct
import zlib
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def zipped(*members: tuple[str | ZipInfo, bytes]) -> bytes:
    """An archive with *members*; a name that stands twice in them stands twice in it."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, data in members:
            info = name if isinstance(name, ZipInfo) else ZipInfo(name)
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, data)
    return made.getvalue()


def link_to(name: str) -> ZipInfo:
    """A symbolic link as Unix's zip packs it."""
    info = ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


def entry(name: bytes, data: bytes, *, method: int = 8, flags: int = 0, size: int | None = None) -> tuple[bytes, bytes]:
    """One entry by itself, and its line in the table of contents, whose offset is to be filled in."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = data if method == 0 else deflater.compress(data) + deflater.flush()
    fields = (method, 0, 0, zlib.crc32(data), len(packed), len(data) if size is None else size, len(name), 0)
    header = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, flags, *fields) + name + packed
    line = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, flags, *fields, 0, 0, 0, 0, 0xFFFFFFF0) + name
    return header, line


def by_hand(*entries: tuple[bytes, bytes]) -> bytes:
    """An archive of *entries*, whatever stands in them."""
    body, table = b"", b""
    for header, line in entries:
        table += line.replace(b"\xf0\xff\xff\xff", struct.pack("<I", len(body)), 1)
        body += header
    count = len(entries)
    return body + table + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(table), len(body), 0)
