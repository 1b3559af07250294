import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.http import host, is_request, is_response, status


def request(*fields: bytes, end: bytes = b"\r\n\r\n") -> bytes:
    return b"\r\n".join([b"GET / HTTP/1.1", *fields]) + end


@pytest.mark.parametrize(
    ("field", "name"),
    [
        (b"Host: www.example.org", "www.example.org"),
        (b"host:www.example.org  ", "www.example.org"),
        (b"HOST: www.example.org:8080", "www.example.org"),
        (b"Host: [2001:db8::1]:80", "[2001:db8::1]"),
        (b"Host: [2001:db8::1]", "[2001:db8::1]"),
        (b"Host: a\x1bb", r"a\x1bb"),
        (b"Host:", None),
        (b"Hostile: x", None),
    ],
)
def test_a_request_names_its_host(field: bytes, name: str | None) -> None:
    assert host(request(b"User-Agent: curl", field, b"Accept: */*")) == name


def test_lines_may_end_with_a_line_feed_alone() -> None:
    assert host(b"GET / HTTP/1.1\nHost: a.example\n\n") == "a.example"


def test_a_name_whose_line_has_not_ended_is_not_told() -> None:
    assert host(request(b"Host: www.exam", end=b"")) is None


def test_the_body_names_no_host() -> None:
    assert host(request(b"Accept: */*") + b"Host: body.example\r\n") is None


def test_a_response_is_no_request() -> None:
    payload = b"HTTP/1.1 200 OK\r\nHost: x\r\n\r\n"
    assert is_response(payload)
    assert not is_request(payload)
    assert host(payload) is None


@given(st.binary(max_size=200))
def test_any_bytes_give_a_name_or_none(data: bytes) -> None:
    assert isinstance(host(b"GET /" + data), str | None)
    assert isinstance(host(data), str | None)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"HTTP/1.1 503 Service Unavailable\r\n", 503),
        (b"HTTP/1.0 200", 200),
        (b"HTTP/1.1 20", None),
        (b"HTTP/1.1 abc", None),
        (b"HTTP/1.1 999 no class\r\n", None),
        (b"GET / HTTP/1.1 503", None),
    ],
)
def test_a_response_tells_its_status_once_all_of_it_is_there(payload: bytes, code: int | None) -> None:
    assert status(payload) == code
