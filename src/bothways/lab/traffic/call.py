"""A client's TCP connection, with its patience."""

import errno
import os
import select
import socket
import struct
import time
from contextlib import suppress
from typing import Self

from bothways.lab.model.traffic import Visit
from bothways.lab.world.waiting import until
from bothways.units import Duration, Instant

_LONGEST_LINE = 65536
_SECONDS_TO_END = 5.0
"""Many times what a program takes to begin on a busy machine."""


_REPAIR, _REPAIR_QUEUE, _QUEUE_SEQ = 19, 20, 21  # TCP_REPAIR and its like, linux/tcp.h
_OFF, _ON, _SEND_QUEUE = 0, 1, 2


class WrongAnswerError(Exception):
    """A server said something else than what a client came for."""


class InterruptedCallError(Exception):
    """The lab is over before the call is."""


class Call:
    """One connection, begun as soon as it is made: the SYN has left, the answer is not yet awaited.

    To be made inside of the client's node (`nodes.within`). *over* is a descriptor that becomes readable when the lab
    is over. Every method but `close` may raise

        OSError: what the kernel says of the connection; TimeoutError when the visit's patience ends.
        EOFError: the server closed while an answer was awaited.
        InterruptedCallError: the lab is over.
    """

    def __init__(self, visit: Visit, over: int) -> None:
        self._over = over
        self.sent = self.received = 0
        self.connected = False
        self.ended = False
        """The server has closed its way."""
        self._heard = b""
        self._reads = visit.does != "stare"
        self._socket = socket.socket(socket.AF_INET6 if ":" in visit.to else socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setblocking(False)  # noqa: FBT003 - its one argument has no name
        if visit.first is not None:
            _begin_at(self._socket, visit.first)
        if visit.source_port is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind(("", visit.source_port))
        self._error = errno.EADDRNOTAVAIL
        with suppress(TimeoutError):
            until(lambda: self._sends_a_syn(visit), "the last connection of the same ports to end", _SECONDS_TO_END)

    def _sends_a_syn(self, visit: Visit) -> bool:
        """Begin; not, if the last connection of the same ports is there yet.

        What this process has closed, a program that it begins at that moment holds until it becomes that program
        (fork(2), execve(2)).
        """
        self.began, self._start = Instant(time.time_ns()), time.monotonic_ns()
        self._deadline = time.monotonic() + visit.patience_s
        self._error = self._socket.connect_ex((visit.to, visit.port))
        return self._error != errno.EADDRNOTAVAIL

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def source(self) -> tuple[str, int] | None:
        """The client's own address and port; None as long as it has none."""
        address, port = self._socket.getsockname()[:2]
        return (address, port) if port else None

    @property
    def elapsed(self) -> Duration:
        """Since the beginning."""
        return Duration(time.monotonic_ns() - self._start)

    def connect(self) -> None:
        """Wait until the connection is made."""
        if self._error not in {0, errno.EINPROGRESS}:
            raise OSError(self._error, os.strerror(self._error))
        self._await(select.POLLOUT)
        error = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        # A reset that answers the SYN is ECONNREFUSED; these came later (net/ipv4/tcp_input.c, tcp_reset).
        self.connected = error in {0, errno.ECONNRESET, errno.EPIPE}
        if error:
            raise OSError(error, os.strerror(error))

    def say(self, words: bytes) -> None:
        """Send all of *words*."""
        while words:
            self._await(select.POLLOUT)
            sent = self._socket.send(words)
            self.sent += sent
            words = words[sent:]

    def line(self) -> bytes:
        """Wait for a line, its line feed included; ends of longest lines are left for the next."""
        while b"\n" not in self._heard and len(self._heard) < _LONGEST_LINE:
            if not self._hear():
                raise EOFError
        line, feed, self._heard = self._heard.partition(b"\n")
        return line + feed

    def octets(self, count: int) -> None:
        """Wait for so many bytes, whatever they are."""
        while len(self._heard) < count:
            if not self._hear():
                raise EOFError
        self._heard = self._heard[count:]

    def rest(self) -> bytes:
        """Wait for everything until the server closes."""
        while self._hear():
            pass
        rest, self._heard = self._heard, b""
        return rest

    def idle(self, seconds: float) -> None:
        """Be silent; the client's own silence does not wear out its patience."""
        self._deadline += seconds
        silence = select.poll()
        silence.register(self._over, select.POLLIN)
        if silence.poll(seconds * 1000):
            raise InterruptedCallError

    def stare(self) -> None:
        """Read nothing until the client's patience ends; that is a TimeoutError."""
        self._await(0)

    def still(self) -> None:
        """Raise what became of the connection meanwhile, if it broke."""
        with suppress(BlockingIOError):
            self._take()

    def part(self) -> None:
        """Close this way and wait until the server has closed its own."""
        self._socket.shutdown(socket.SHUT_WR)
        self.rest()

    def abort(self) -> None:
        """Have `close` send a reset: there is nobody who would wait for the rest (socket(7), SO_LINGER)."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def close(self) -> None:
        """Hang up, whatever the state; what has arrived unread is taken first, or the kernel would send a reset.

        Who reads nothing takes nothing now, either.
        """
        with suppress(OSError):
            while self._reads and self._take():
                pass
        self._socket.close()

    def _hear(self) -> bool:
        """Wait for more; False at the end."""
        self._await(select.POLLIN)
        return self._take()

    def _take(self) -> bool:
        if self.ended:
            return False
        part = self._socket.recv(65536)
        self.received += len(part)
        self._heard += part
        self.ended = not part
        return not self.ended

    def _await(self, event: int) -> None:
        waiting = select.poll()
        waiting.register(self._over, select.POLLIN)
        waiting.register(self._socket, event)
        ready = dict(waiting.poll(max(0.0, self._deadline - time.monotonic()) * 1000))
        if self._over in ready:
            raise InterruptedCallError
        if not ready:
            raise TimeoutError


def _begin_at(unconnected: socket.socket, number: int) -> None:
    """Choose a connection's initial sequence number, which the kernel leaves alone if there is one (net/ipv4/tcp.c).

    It also forgets that the port may be shared.
    """
    for option, value in ((_REPAIR, _ON), (_REPAIR_QUEUE, _SEND_QUEUE), (_QUEUE_SEQ, number), (_REPAIR, _OFF)):
        packed = struct.pack("=I", value)
        unconnected.setsockopt(socket.IPPROTO_TCP, option, packed)
