"""One service at work: a listening socket, a thread that accepts, and a thread for each connection."""

import socket
import ssl
import threading
from contextlib import suppress
from itertools import count

from bothways.lab.model.traffic import Service
from bothways.lab.traffic.answering import answer_of
from bothways.lab.world import nodes


def listen(service: Service) -> socket.socket:
    """A socket that listens in the service's node, for IPv6 and IPv4, or for IPv4 alone where there is no IPv6.

    Raises:
        OSError: the port is taken, or there is no such node.
    """
    with nodes.within(service.node):
        both = socket.has_dualstack_ipv6()
        listening = socket.create_server(
            ("", service.port),
            family=socket.AF_INET6 if both else socket.AF_INET,
            dualstack_ipv6=both,
            backlog=service.backlog,
        )
    if service.defer_s:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, service.defer_s)
    return listening


class Listener:
    """A service that listens from the moment it is made until `close`.

    Raises:
        OSError: see `listen`.
    """

    def __init__(self, service: Service, tls: ssl.SSLContext | None = None) -> None:
        self._service = service
        self._tls = tls
        self._answer = answer_of(service)
        self._over = False
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        """Guards the two above: a connection is either told of the end, or added before it."""
        self._answering: list[threading.Thread] = []
        self._listening = listen(service)
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def close(self) -> None:
        """Stop listening, cut off all connections, and wait until every thread has ended."""
        with self._lock:
            self._over = True
            for connection in self._connections:
                _cut(connection)
        _cut(self._listening)
        self._accepting.join()
        self._listening.close()
        for thread in self._answering:
            thread.join()

    def _accept(self) -> None:
        busy = self._service.speaks == "busy"
        for served in count():
            if busy and served == self._service.serves:
                return
            connection = self._next()
            if connection is None:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._answering = [other for other in self._answering if other.is_alive()]
            self._answering.append(thread)
            thread.start()

    def _next(self) -> socket.socket | None:
        """The next connection; None when there will be none."""
        while True:
            try:
                return self._listening.accept()[0]
            except ConnectionAbortedError:
                continue  # that client has gone already (accept(2))
            except OSError:
                if self._over:
                    return None
                raise

    def _serve(self, connection: socket.socket) -> None:
        # Whatever a client does to its connection, resets and garbage included, is the client's affair.
        with suppress(OSError, ValueError), connection:
            if self._tls is None:
                self._talk(connection)
                return
            with self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as inside:
                self._talk(inside)

    def _talk(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)
            if self._over:
                _cut(connection)
        try:
            self._answer(connection)
        finally:
            with self._lock:
                self._connections.remove(connection)


def _cut(connection: socket.socket) -> None:
    """Wake whoever waits for this socket; what is inside of TLS is not told, so that no thread finds it half closed."""
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
