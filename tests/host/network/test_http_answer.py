import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.host.network.http_answer import HttpAnswer, request


def taken(*pieces: bytes) -> HttpAnswer:
    answer = HttpAnswer()
    for piece in pieces:
        answer.take(piece)
    return answer


WHOLE = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
    b"HTTP/1.1 200 OK\ncontent-length: 0\n\n",
    b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0;last\r\nTrailer: 1\r\n\r\n",
]


@pytest.mark.parametrize("whole", WHOLE)
def test_an_answer_is_complete_with_its_last_byte_and_not_before(whole: bytes) -> None:
    assert taken(whole).complete
    assert taken(*(whole[at : at + 1] for at in range(len(whole)))).complete
    assert not taken(whole[:-1]).complete


def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    answer = taken(b"HTTP/1.1 200 OK\r\n\r\n", b"abc")
    assert (answer.status, answer.complete, answer.ends_with_connection) == (200, False, True)
    broken = taken(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
    assert not broken.ends_with_connection
    assert not taken(b"HTTP/1.1 200 OK\r\nServer").ends_with_connection


def test_what_is_no_http_is_an_answer_too() -> None:
    answer = taken(b"SSH-2.0-OpenSSH_9.2\r\n")
    assert (answer.foreign, answer.complete, answer.status) == (True, True, None)


@given(st.lists(st.binary(max_size=300), max_size=30))
def test_no_bytes_confuse_it(pieces: list[bytes]) -> None:
    answer = taken(b"HTTP/1.1 200 OK\r\n", *pieces)
    assert answer.status in {None, 200}
    assert not answer.foreign or answer.complete


def test_an_endless_head_is_given_up() -> None:
    answer = taken(b"HTTP/1.1 200 OK\r\n", *[b"X: " + b"y" * 10_000 + b"\r\n"] * 7)
    assert answer.foreign


def test_one_get_asks_for_the_end_of_the_connection() -> None:
    asked = request("example.org", "/a?b")
    assert asked.startswith(b"GET /a?b HTTP/1.1\r\nHost: example.org\r\n")
    assert b"\r\nConnection: close\r\n" in asked
    assert asked.endswith(b"\r\n\r\n")
