import pytest

from bothways.errors import CallError
from bothways.host.network.tls_client import TlsClient, client_hello
from bothways.wire.tls import is_client_hello, server_name


def test_a_hello_asks_for_the_name_or_for_none() -> None:
    assert server_name(client_hello("www.example.org")) == "www.example.org"
    assert is_client_hello(client_hello(None))
    assert server_name(client_hello(None)) is None


@pytest.mark.parametrize("name", ["", ".", "a" * 300, "nul\0byte"])
def test_a_name_that_cannot_be_asked_for_is_told(name: str) -> None:
    with pytest.raises(CallError, match="cannot be asked for"):
        client_hello(name)


def test_a_servers_fatal_alert_is_read() -> None:
    tls = TlsClient("www.example.org")
    tls.outgoing()
    assert tls.take(b"\x15\x03\x03\x00\x02\x02\x28") == b""
    assert (tls.alert, tls.secured) == (40, False)
    assert tls.error is not None


def test_what_is_no_tls_breaks_it_off_in_words_and_nothing_more() -> None:
    tls = TlsClient(None)
    assert tls.take(b"HTTP/1.1 400 Bad Request\r\n\r\n") == b""
    assert tls.error is not None
    assert tls.alert is None
    assert tls.take(b"more") == b""
