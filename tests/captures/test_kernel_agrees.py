"""The plain-Python definition says what is right; the kernel agrees with it on any input."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bothways.captures import _kernel
from bothways.wire import checksum


@given(data=st.binary(max_size=300), initial=st.integers(0, 2**32 - 1))
@example(data=b"", initial=0)
@example(data=b"\xff\xff", initial=2**32 - 1)
@example(data=b"\xff" * 131_073, initial=0xFFFF)
def test_checksums_agree(data: bytes, initial: int) -> None:
    assert _kernel.internet_checksum(data, initial) == checksum.internet_checksum(data, initial)


@given(data=st.binary(max_size=300))
def test_checksums_start_from_nought_in_both(data: bytes) -> None:
    assert _kernel.internet_checksum(data) == checksum.internet_checksum(data)


@pytest.mark.parametrize("initial", [-1, 2**32, 2**70])
def test_neither_takes_a_partial_sum_that_no_packet_has(initial: int) -> None:
    for internet_checksum in (_kernel.internet_checksum, checksum.internet_checksum):
        with pytest.raises(OverflowError):
            internet_checksum(b"", initial)
