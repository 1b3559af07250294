import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.tls import is_client_hello, is_record, server_name
from tests.helpers.packets import client_hello

HELLO = client_hello("www.example.org", before=[(43, b"\x02\x03\x04")])


def test_a_client_hello_names_its_server() -> None:
    assert is_client_hello(HELLO)
    assert server_name(HELLO) == "www.example.org"


def test_a_record_cut_after_the_name_still_tells_it() -> None:
    long = client_hello("a.example") + b"more"
    assert server_name(long[: long.index(b"a.example") + 9]) == "a.example"


@pytest.mark.parametrize("kept", range(len(HELLO)))
def test_a_name_that_is_not_all_there_is_not_told(kept: int) -> None:
    """Half a name would be another name."""
    assert server_name(HELLO[:kept]) is None


def test_a_name_beyond_the_first_segment_is_not_told() -> None:
    """Key shares of post-quantum groups push the name out of the first segment."""
    hello = client_hello("late.example", before=[(51, bytes(1500))])
    assert server_name(hello[:1460]) is None
    assert server_name(hello) == "late.example"


def test_a_hello_without_a_name_tells_none() -> None:
    assert server_name(client_hello(None)) is None
    assert server_name(client_hello("")) is None


def test_a_name_of_control_characters_is_escaped() -> None:
    assert server_name(client_hello(b"a\x1b]0;x\x07")) == r"a\x1b]0;x\x07"


@pytest.mark.parametrize("payload", [b"\x17\x03\x03\0\x10", b"\x15\x03\x01\0\x02", b"\x16\x03\x03\0\x50\x02"])
def test_another_record_is_tls_and_no_client_hello(payload: bytes) -> None:
    assert is_record(payload)
    assert not is_client_hello(payload)
    assert server_name(payload) is None


@pytest.mark.parametrize("payload", [b"", b"\x16\x03\x01", b"\x16\x02\x01\0\x10", b"\x13\x03\x01\0\x10", b"GET /"])
def test_other_bytes_are_no_record(payload: bytes) -> None:
    assert not is_record(payload)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_name_or_none(data: bytes) -> None:
    assert isinstance(server_name(b"\x16\x03\x01\0\xc8\x01" + data), str | None)


@given(st.integers(0, len(HELLO) - 1), st.integers(0, 255))
def test_a_damaged_hello_gives_a_name_or_none(at: int, byte: int) -> None:
    damaged = HELLO[:at] + bytes([byte]) + HELLO[at + 1 :]
    assert isinstance(server_name(damaged), str | None)


def test_names_of_other_kinds_are_stepped_over() -> None:
    """The list may hold other types of names (RFC 6066 section 3), though none has been defined."""
    hello = client_hello("a.example").replace(b"\0\x00\x09a.example", b"\1\0\2xy\0\0\4a.ex")
    assert server_name(hello) == "a.ex"
