"""The lab's web server, over a pair of sockets."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bothways.lab.traffic import web


@contextmanager
def client() -> Iterator[socket.socket]:
    """A connection that is being answered; its end ends the answering."""
    here, there = socket.socketpair()

    def answer() -> None:
        with there:
            web.answer(there)

    thread = threading.Thread(target=answer)
    with here:
        here.settimeout(10)
        thread.start()
        yield here
    thread.join()


def everything(connection: socket.socket, request: bytes) -> tuple[bytes, bytes]:
    """The head and the body of the answer to a request that is the last."""
    connection.sendall(request)
    connection.shutdown(socket.SHUT_WR)
    answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body


@pytest.mark.parametrize("size", [0, 1, 70_000, 300_000])
def test_as_many_bytes_as_were_asked_for(size: int) -> None:
    with client() as connection:
        head, body = everything(connection, b"GET /%d HTTP/1.1\r\nConnection: close\r\n\r\n" % size)
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"\r\nContent-Length: %d\r\n" % size in head + b"\r\n"
    assert len(body) == size


@pytest.mark.parametrize("method", [b"POST", b"PUT"])
def test_an_upload_is_counted_once_all_of_it_is_there(method: bytes) -> None:
    with client() as connection:
        connection.sendall(method + b" /x HTTP/1.1\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n")
        connection.sendall(b"x" * 99_999)
        connection.settimeout(0.05)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(10)
        head, body = everything(connection, b"x")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert body == b"100000\n"


def test_one_connection_carries_several_requests() -> None:
    with client() as connection:
        connection.sendall(b"GET /3 HTTP/1.1\r\n\r\nPOST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi")
        head, body = everything(connection, b"GET /0 HTTP/1.1\r\n\r\n")
    assert (head + body).count(b"HTTP/1.1 200 ") == 3
    assert b"\r\n\r\n2\n" in head + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET /five HTTP/1.1", 404),
        (b"GET /\xb2 HTTP/1.1", 404),
        (b"POST / HTTP/1.1", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: -5", 411),
        (b"BREW /pot HTTP/1.1", 501),
        (b"\x16\x03\x01 \x00 \xff", 400),
    ],
)
def test_what_makes_no_sense_is_answered_so(
    request_line: bytes, status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    with client() as connection:
        answer = everything(connection, request_line + b"\r\nConnection: close\r\n\r\n")
    # To garbage the answer has no head: it might be from before HTTP/1.0.
    assert b"%d" % status in b"".join(answer)
    assert capfd.readouterr() == ("", "")


def test_a_body_that_breaks_off_is_not_answered() -> None:
    with client() as connection:
        assert everything(connection, b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhello") == (b"", b"")


def test_the_server_says_nothing_of_what_it_runs_on() -> None:
    with client() as connection:
        head, _ = everything(connection, b"GET /1 HTTP/1.1\r\n\r\n")
    assert b"\r\nServer: web\r\n" in head
    assert b"ython" not in head
