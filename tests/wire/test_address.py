"""IP addresses as text."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.address import address


@pytest.mark.parametrize(
    ("packed", "text"),
    [
        ("c0000201", "192.0.2.1"),
        ("20010db8000000000000000000000001", "2001:db8::1"),
        ("00000000000000000000ffffc0000201", "::ffff:192.0.2.1"),
        ("00000000000000000000ffff00000000", "::ffff:0.0.0.0"),
        ("000000000000000000000000c0000201", "::c000:201"),
    ],
)
def test_an_address_is_written_the_same_way_in_all_versions_of_python(packed: str, text: str) -> None:
    """RFC 5952 section 5 recommends the mixed form for IPv4-mapped addresses, and for no others met here."""
    assert address(bytes.fromhex(packed)) == text


@given(st.one_of(st.binary(min_size=4, max_size=4), st.binary(min_size=16, max_size=16)))
def test_the_text_says_all_of_the_address(packed: bytes) -> None:
    """No two addresses are written alike, and what is written can be read again."""
    assert ip_address(address(packed)).packed == packed
