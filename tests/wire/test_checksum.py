import struct

from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.checksum import internet_checksum

EXAMPLE = bytes.fromhex("0001 f203 f4f5 f6f7")
"""The numerical example of RFC 1071 section 3, whose sum is ddf2."""


def test_the_example_of_rfc_1071() -> None:
    assert internet_checksum(EXAMPLE) == 0xDDF2 ^ 0xFFFF


def test_nothing_sums_to_nought() -> None:
    assert internet_checksum(b"") == 0xFFFF


def test_an_odd_last_octet_is_paired_with_a_zero() -> None:
    assert internet_checksum(b"\x12\x34\x56") == internet_checksum(b"\x12\x34\x56\x00")


@given(data=st.binary(max_size=100).filter(lambda data: len(data) % 2 == 0))
def test_data_with_its_own_checksum_gives_nought(data: bytes) -> None:
    assert internet_checksum(data + struct.pack(">H", internet_checksum(data))) == 0


@given(words=st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=50), cut=st.integers(0, 50))
def test_a_sum_may_be_continued(words: list[int], cut: int) -> None:
    whole = struct.pack(f">{len(words)}H", *words)
    assert internet_checksum(whole[2 * cut :], initial=sum(words[:cut])) == internet_checksum(whole)


@given(words=st.lists(st.integers(0, 0xFFFF), max_size=50))
def test_the_order_of_words_does_not_matter(words: list[int]) -> None:
    there, back = (struct.pack(f">{len(words)}H", *order) for order in (words, words[::-1]))
    assert internet_checksum(there) == internet_checksum(back)
