"""What happens to captures on their way: bytes, lengths and whole records changed, files cut, joined and packed."""

import bz2
import gzip
import lzma
import struct
from collections.abc import Callable, Sequence
from random import Random

from tests.helpers.fuzzing.walk import places

Damage = Callable[[Random, bytes, Sequence[bytes]], bytes]
"""Changes a file; the last argument holds other files to take pieces from."""

_EXTREMES = (0, 1, 3, 4, 0x7FFF, 0x8000, 0xFFFF, 0x40000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def _bytes_changed(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    changed = bytearray(data)
    for _n in range(random.randint(1, 6)):
        changed[random.randrange(len(changed))] = random.choice((0, 0xFF, random.randrange(256)))
    return bytes(changed)


def _number_changed(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """A field of two, four or eight bytes at one of the extremes, in either byte order."""
    width, code = random.choice(((2, "H"), (4, "I"), (8, "Q")))
    number = random.choice(_EXTREMES) & ((1 << 8 * width) - 1)
    at = random.randrange(max(1, len(data) - width))
    return data[:at] + struct.pack(random.choice("<>") + code, number) + data[at + width :]


def _header_changed(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """The same within the head of a record or block, where lengths and times are."""
    starts = places(data)
    if not starts:
        return _number_changed(random, data, others)
    at = random.choice(starts) + 4 * random.randrange(5)
    return data[:at] + struct.pack(random.choice("<>") + "I", random.choice(_EXTREMES)) + data[at + 4 :]


def _cut(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    return data[: random.randrange(len(data))]


def _hole(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + data[at + random.randint(1, 200) :]


def _again(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = random.randrange(len(data))
    piece = data[at : at + random.randint(1, 400)]
    return data[:at] + piece * random.randint(2, 4) + data[at:]


def _spliced(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    other = random.choice(others)
    return data[: random.randrange(len(data))] + other[random.randrange(len(other) or 1) :]


def _spliced_at_records(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Another file's end behind a whole record, or all of the other file."""
    other = random.choice(others)
    ends, starts = places(data), places(other)
    end = random.choice(ends) if ends else len(data)
    start = random.choice((0, *starts[:50]))
    return data[:end] + other[start:]


def _records_moved(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """Records or blocks in another order, some twice, some not at all."""
    starts = places(data)
    if len(starts) < 2:
        return data
    pieces = [data[a:b] for a, b in zip(starts, [*starts[1:], len(data)], strict=True)]
    for _n in range(random.randint(1, 4)):
        at, to = random.randrange(len(pieces)), random.randrange(len(pieces))
        match random.randrange(3):
            case 0:
                pieces[at], pieces[to] = pieces[to], pieces[at]
            case 1:
                pieces.insert(to, pieces[at])
            case _:
                del pieces[at]
                if not pieces:
                    break
    return data[: starts[0]] + b"".join(pieces)


def _zeros(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = random.randrange(len(data))
    length = random.randint(1, 2000)
    return data[:at] + bytes(length) + data[at + random.choice((0, length)) :]


def _packed(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    pack = random.choice((_gzip, bz2.compress, lzma.compress, _zstandard))
    return pack(data)


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, 1, mtime=0)


def _zstandard(data: bytes) -> bytes:
    import zstandard  # noqa: PLC0415 - only captures that are packed so need it

    return zstandard.ZstdCompressor(level=1).compress(data)


def _packed_and_damaged(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    packed = _packed(random, data, others)
    return random.choice((_bytes_changed, _cut, _hole, _again))(random, packed, others)


_COMMON: tuple[Damage, ...] = (
    *(_bytes_changed, _number_changed, _header_changed, _header_changed, _cut, _hole, _again, _zeros),
    *(_spliced, _spliced_at_records, _records_moved),
)
_RARE: tuple[Damage, ...] = (_packed, _packed_and_damaged)


def damaged(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """*data* after up to three accidents."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        if data:
            data = random.choice(_COMMON)(random, data, others)
    if data and random.random() < 0.08:
        data = random.choice(_RARE)(random, data, others)
    return data
