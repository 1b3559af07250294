"""A client's connection, tried on this machine's own loopback."""

import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

import msgspec
import pytest

from bothways.lab.model.traffic import Visit
from bothways.lab.traffic.call import Call, InterruptedCallError, WrongAnswerError
from bothways.lab.traffic.conversations import converse


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        yield listener


@pytest.fixture
def over() -> Iterator[int]:
    descriptor = os.eventfd(0)
    yield descriptor
    os.close(descriptor)


def visit(listener: socket.socket, patience_s: float = 10.0, idle_s: float = 0.0) -> Visit:
    port = listener.getsockname()[1]
    return Visit(node="here", to="127.0.0.1", port=port, patience_s=patience_s, idle_s=idle_s, size=5)


def test_a_server_that_closes_too_soon_ends_the_conversation(listening: socket.socket, over: int) -> None:
    with Call(visit(listening), over) as call:
        listening.accept()[0].close()
        with pytest.raises(EOFError):
            converse(call, visit(listening), "echo")
        assert call.connected


def test_patience_ends_at_its_time_although_the_server_goes_on_talking(listening: socket.socket, over: int) -> None:
    with Call(visit(listening, patience_s=0.05), over) as call:
        call.connect()
        server, _ = listening.accept()
        with closing(server):
            server.sendall(b"half a li")
            with pytest.raises(TimeoutError):
                call.line()
            assert call.received == 9


def test_a_clients_own_silence_does_not_wear_out_its_patience(listening: socket.socket, over: int) -> None:
    def echo() -> None:
        with listening.accept()[0] as server:
            line = server.recv(1000)
            threading.Event().wait(0.05)
            server.sendall(line)

    thread = threading.Thread(target=echo)
    thread.start()
    with Call(visit(listening, patience_s=0.5), over) as call:
        converse(call, visit(listening, idle_s=0.6), "silent")
    thread.join()


def test_who_leaves_without_a_word_notices_a_reset(
    listening: socket.socket, over: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Call(visit(listening), over) as call:
        server, _ = listening.accept()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close(2) resets: socket(7)
        monkeypatch.setattr(call, "idle", lambda _: server.close())
        with pytest.raises(ConnectionResetError):
            converse(call, visit(listening), "leave")
        assert call.connected


def test_a_greeting_while_a_client_is_silent_is_no_reset(listening: socket.socket, over: int) -> None:
    with Call(visit(listening), over) as call:
        server, _ = listening.accept()
        with closing(server):
            server.sendall(b"hello\n")
            converse(call, visit(listening), "leave")


def test_a_line_may_come_in_parts_and_the_rest_is_kept(listening: socket.socket, over: int) -> None:
    with Call(visit(listening), over) as call:
        call.connect()
        server, _ = listening.accept()
        with closing(server):
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for part in (b"on", b"e\ntw", b"o\n123"):
                server.sendall(part)
            assert [call.line(), call.line()] == [b"one\n", b"two\n"]
            server.sendall(b"45678")
            call.octets(5)
        assert call.rest() == b"678"
        assert call.ended


@pytest.mark.parametrize("awaiting", [Call.line, Call.rest, partial(Call.idle, seconds=3600)])
def test_the_end_of_the_lab_interrupts_whoever_waits(
    listening: socket.socket, over: int, awaiting: Callable[[Call], object]
) -> None:
    with Call(visit(listening, patience_s=3600), over) as call:
        call.connect()
        os.eventfd_write(over, 1)
        with pytest.raises(InterruptedCallError):
            awaiting(call)


def test_hanging_up_on_words_that_were_not_read_is_no_reset(listening: socket.socket, over: int) -> None:
    call = Call(visit(listening), over)
    call.connect()
    server, _ = listening.accept()
    with closing(server):
        server.settimeout(10)
        server.sendall(b"x" * 3000)
        call.idle(0.0)
        call.close()
        assert server.recv(1) == b""
    call.close()
    assert call.received == 3000


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\n12345",
        b"220 ready\r\n",
    ],
)
def test_an_answer_that_was_not_asked_for_is_wrong(listening: socket.socket, over: int, answer: bytes) -> None:
    with Call(visit(listening), over) as call:
        server, _ = listening.accept()
        with closing(server):
            server.sendall(answer)
            with pytest.raises(WrongAnswerError):
                converse(call, visit(listening), "ask")
            assert server.recv(1000).startswith(b"GET /5 HTTP/1.1\r\n")


def test_part_of_an_answer_is_not_all_of_it(listening: socket.socket, over: int) -> None:
    with Call(visit(listening), over) as call:
        server, _ = listening.accept()
        with closing(server):
            server.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n1234")
            server.shutdown(socket.SHUT_WR)
            with pytest.raises(EOFError):
                converse(call, visit(listening), "ask")


def test_an_ipv4_call_has_a_source_as_soon_as_it_is_begun(listening: socket.socket, over: int) -> None:
    with Call(visit(listening), over) as call:
        server, address = listening.accept()
        server.close()
        assert call.source == address


def test_a_port_is_used_again_once_whoever_else_held_its_last_connection_lets_go(
    listening: socket.socket, over: int
) -> None:
    with socket.socket() as first:
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        first.bind(("127.0.0.1", 0))
        port = first.getsockname()[1]
        first.connect(listening.getsockname())
        first.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        held = first.dup()
    release = threading.Timer(0.05, held.close)
    release.start()
    with Call(msgspec.structs.replace(visit(listening), source_port=port), over) as again:
        again.connect()
        assert again.source
        assert again.source[1] == port
    release.join()
