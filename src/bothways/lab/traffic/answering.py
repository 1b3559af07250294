"""What a service does with a connection that it accepted."""

import select
import socket
import struct
from collections.abc import Callable
from functools import partial
from typing import assert_never

from bothways.lab.model.traffic import Service
from bothways.lab.traffic import web

_TURNED_AWAY = b"554 no service here\r\n"
_GREETING = b"220 ready\r\n"
_LONGEST_LINE = 4096


def answer_of(service: Service) -> Callable[[socket.socket], None]:
    """How the service answers: a function that returns when it is done with a connection, and leaves it to be closed.

    That function raises OSError, or ValueError inside TLS, when the connection breaks.
    """
    if service.refuses not in {"", "name", "cipher"}:
        return _refusal_of(service)
    match service.speaks:
        case "http" | "tls" | "busy":
            return web.answer
        case "unread":
            return _ignore
        case "greeting":
            return _greet
        case "echo":
            return _echo
        case "mute":
            return _hear
        case _:
            assert_never(service.speaks)


def _refusal_of(service: Service) -> Callable[[socket.socket], None]:
    match service.refuses:
        case "banner":
            return _turn_away
        case "close":
            return _leave
        case "reset":
            return _reset
        case _:
            return partial(web.answer, refusal=service.status)


def _greet(connection: socket.socket) -> None:
    connection.sendall(_GREETING)
    with connection.makefile("rb") as stream:
        line = stream.readline(_LONGEST_LINE)
    connection.sendall(line)


def _echo(connection: socket.socket) -> None:
    for more in iter(lambda: connection.recv(65536), b""):
        connection.sendall(more)


def _hear(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def _ignore(connection: socket.socket) -> None:
    """Read nothing until both ways are shut: only that, or an error, is told to who asks for nothing (poll(2))."""
    waiting = select.poll()
    waiting.register(connection, 0)
    waiting.poll()


def _turn_away(connection: socket.socket) -> None:
    connection.sendall(_TURNED_AWAY)


def _leave(connection: socket.socket) -> None:
    connection.recv(65536)


def _reset(connection: socket.socket) -> None:
    """Break off: without time to linger, closing is a reset (socket(7), SO_LINGER)."""
    connection.recv(65536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
