import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.tls import (
    fatal_alert,
    is_ciphered,
    is_client_hello,
    is_record,
    records,
    seals_alert,
    server_name,
)
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


FATAL = b"\x15\x03\x03\0\x02\x02\x70"
CHANGE = b"\x14\x03\x03\0\x01\x01"


def sealed(length: int) -> bytes:
    return b"\x17\x03\x03" + length.to_bytes(2) + bytes(length)


def test_a_fatal_alert_tells_its_description_wherever_it_stands() -> None:
    assert fatal_alert(FATAL) == 112
    assert fatal_alert(b"\x16\x03\x03\0\x01\x0e" + FATAL) == 112


@pytest.mark.parametrize(
    "payload", [b"\x15\x03\x03\0\x02\x01\x00", b"\x15\x03\x03\0\x02\x01\x70", FATAL[:6], b"", HELLO]
)
def test_a_warning_or_half_an_alert_is_no_fatal_one(payload: bytes) -> None:
    assert fatal_alert(payload) is None


@pytest.mark.parametrize("length", [19, 11])
def test_one_record_as_short_as_an_alert_seals_one(length: int) -> None:
    assert seals_alert(sealed(length))
    assert seals_alert(CHANGE + sealed(length))


@pytest.mark.parametrize("payload", [sealed(53), sealed(25) + sealed(53), sealed(19) + sealed(19), CHANGE, b"", FATAL])
def test_messages_of_the_handshake_are_longer_than_an_alert(payload: bytes) -> None:
    assert not seals_alert(payload)


def test_who_sends_application_data_or_goes_on_behind_a_change_of_cipher_encrypts() -> None:
    assert is_ciphered(sealed(100))
    assert is_ciphered(CHANGE + b"\x16\x03\x03\0\x28" + bytes(40))
    assert not is_ciphered(CHANGE)
    assert not is_ciphered(HELLO)


@given(st.binary(max_size=200))
def test_records_never_show_more_than_there_is(data: bytes) -> None:
    assert sum(5 + len(content) for _, content in records(data)) <= len(data)
