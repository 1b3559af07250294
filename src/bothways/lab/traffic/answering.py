"""What a service does with a connection that it accepted."""

import socket
from collections.abc import Callable
from typing import assert_never

from bothways.lab.model.traffic import Service
from bothways.lab.traffic import web

_GREETING = b"220 ready\r\n"
_LONGEST_LINE = 4096


def answer_of(service: Service) -> Callable[[socket.socket], None]:
    """How the service answers: a function that returns when it is done with a connection, and leaves it to be closed.

    That function raises OSError, or ValueError inside TLS, when the connection breaks.
    """
    match service.speaks:
        case "http" | "tls" | "busy":
            return web.answer
        case "greeting":
            return _greet
        case "echo":
            return _echo
        case "mute":
            return _hear
        case _:
            assert_never(service.speaks)


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
