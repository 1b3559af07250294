"""What is compressed comes out whole, in bounded pieces, and as far as it goes."""

import bz2
import gzip
import lzma
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from bothways.host.compression import Packing, Unpacked, most_from, packing_of, unpacked_name

PACKERS: dict[Packing, Callable[[bytes], bytes]] = {
    Packing.GZIP: gzip.compress,
    Packing.BZIP2: bz2.compress,
    Packing.XZ: lzma.compress,
    Packing.LZMA: lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE),
    Packing.ZSTD: zstandard.ZstdCompressor(write_checksum=True).compress,
}
EVERY = pytest.mark.parametrize("packing", Packing)
TEXT = b"".join(b"%d: a line that differs, %d\n" % (number, number * 7919 % 1009) for number in range(20_000))


def unpacked(data: bytes, *, most: int = 1 << 30, chunk: int = 1 << 20) -> tuple[bytes, Unpacked]:
    packing = packing_of(data)
    assert packing is not None
    found = Unpacked(packing, (data[at : at + chunk] for at in range(0, len(data), chunk)), most=most)
    return b"".join(found.chunks()), found


@EVERY
@pytest.mark.parametrize("chunk", [1, 1000, 1 << 20])
def test_everything_comes_out(packing: Packing, chunk: int) -> None:
    packed = PACKERS[packing](TEXT)
    assert packing_of(packed[:6]) is packing
    out, found = unpacked(packed, chunk=chunk)
    assert (out == TEXT, found.problem) == (True, None)


@EVERY
def test_members_in_a_row_are_one_stream(packing: Packing) -> None:
    pack = PACKERS[packing]
    out, found = unpacked(pack(b"one ") + pack(b"") + pack(TEXT) + pack(b"three"), chunk=7)
    assert (out == b"one " + TEXT + b"three", found.problem) == (True, None)


@EVERY
def test_zeros_behind_the_end_are_no_trouble(packing: Packing) -> None:
    out, found = unpacked(PACKERS[packing](b"data") + bytes(5000), chunk=1000)
    assert (out, found.problem) == (b"data", None)


@EVERY
@pytest.mark.parametrize("rest", [b"x", b"something else", b"PK\x03\x04" + bytes(2000)])
def test_something_else_behind_the_end_is_said(packing: Packing, rest: bytes) -> None:
    out, found = unpacked(PACKERS[packing](b"data") + rest)
    assert out == b"data"
    assert found.problem is not None
    assert (found.problem.offset, "something else follows" in found.problem.says) == (4, True)


@EVERY
def test_a_file_that_is_cut_off_gives_what_came_before(packing: Packing) -> None:
    packed = PACKERS[packing](TEXT)
    out, found = unpacked(packed[: len(packed) * 2 // 3])
    assert TEXT.startswith(out)
    # bzip2 knows nothing of a block (900 kB) before it has all of it; all others lose what was not there yet.
    assert packing is Packing.BZIP2 or len(out) > len(TEXT) // 3
    assert found.problem is not None
    assert "cut off" in found.problem.says
    assert found.problem.offset == len(out)


@pytest.mark.parametrize("packing", [Packing.GZIP, Packing.XZ, Packing.ZSTD])
def test_a_wrong_checksum_at_the_end_loses_nothing(packing: Packing) -> None:
    packed = bytearray(PACKERS[packing](TEXT[:900]))
    # Of gzip's trailer the CRC, of zstd's frame the checksum, of xz the check of the block (before index and footer).
    packed[{Packing.GZIP: -8, Packing.ZSTD: -4, Packing.XZ: -28 - 4}[packing]] ^= 1
    out, found = unpacked(bytes(packed))
    assert out == TEXT[:900]
    assert found.problem is not None
    assert f"the {packing.value} data are damaged here or before" in found.problem.says
    assert "counted after decompression" in found.problem.says


@pytest.mark.parametrize("packing", [Packing.GZIP, Packing.XZ, Packing.LZMA])
def test_damage_in_the_middle_keeps_what_came_before(packing: Packing) -> None:
    packed = bytearray(PACKERS[packing](TEXT))
    for at in range(len(packed) // 2, len(packed) // 2 + 40):
        packed[at] ^= 0xFF
    out, found = unpacked(bytes(packed))
    assert found.problem is not None
    assert len(TEXT) // 4 < len(out)
    assert TEXT.startswith(out[: len(TEXT) // 4])


@EVERY
def test_what_comes_out_is_bounded(packing: Packing) -> None:
    out, found = unpacked(PACKERS[packing](bytes(3_000_000)), most=1_000_001)
    assert (len(out), found.problem is not None and found.problem.offset) == (1_000_001, 1_000_001)


def test_pieces_stay_small_where_little_stands_for_much() -> None:
    for packing, pack in PACKERS.items():
        found = Unpacked(packing, [pack(bytes(50_000_000 if packing is Packing.ZSTD else 1_000_000))], most=1 << 40)
        assert max(map(len, found.chunks())) <= (32 << 20 if packing is Packing.ZSTD else 1 << 16)


def test_a_file_that_asks_for_too_much_memory_is_refused() -> None:
    # A window of 256 MiB, then the last block, raw and empty (RFC 8878 section 3.1.1).
    out, found = unpacked(b"\x28\xb5\x2f\xfd\x00" + bytes([(28 - 10) << 3]) + b"\x01\0\0")
    assert out == b""
    assert found.problem is not None
    assert "memory" in found.problem.says
    greedy = lzma.compress(b"x", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 28}])
    assert "memory" in str(unpacked(greedy)[1].problem)


def test_a_small_file_may_hold_256_mebibytes_and_a_large_one_more() -> None:
    assert most_from(10) == 256 << 20
    assert most_from(1 << 30) == 200 << 30


def test_names_after_decompression() -> None:
    assert [unpacked_name(name) for name in ("a.pcap.gz", "a.PCAP.XZ", "a.pcap.zst", "a.pcap", "gz")] == [
        "a.pcap",
        "a.PCAP",
        "a.pcap",
        "a.pcap",
        "gz",
    ]


def test_skippable_frames_hold_nothing() -> None:
    skippable = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"abcd"
    out, found = unpacked(skippable + PACKERS[Packing.ZSTD](b"data"))
    assert (out, found.problem) == (b"data", None)


@EVERY
@given(data=st.data())
def test_any_damage_ends_in_a_problem_or_in_nothing_lost(packing: Packing, data: st.DataObject) -> None:
    packed = bytearray(PACKERS[packing](TEXT[:300]))
    for _ in range(data.draw(st.integers(1, 4))):
        packed[data.draw(st.integers(6, len(packed) - 1))] = data.draw(st.integers(0, 255))
    packed = packed[: data.draw(st.integers(6, len(packed)))]
    found = Unpacked(packing, [bytes(packed)], most=100_000)
    out = b"".join(found.chunks())
    assert out.startswith(TEXT[:300]) or found.problem is not None or packing in {Packing.LZMA, Packing.ZSTD}


@EVERY
@given(rest=st.binary(max_size=200))
def test_any_bytes_behind_a_magic_raise_nothing(packing: Packing, rest: bytes) -> None:
    magic = PACKERS[packing](b"")[:6]
    found = Unpacked(packing, [magic + rest], most=10_000)
    assert len(b"".join(found.chunks())) <= 10_000
