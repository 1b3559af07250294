"""One real connection of this machine's kernel, on an errand."""

import errno
import socket
from collections.abc import Callable
from contextlib import suppress

from bothways.evidence.attempt import Attempt as Record
from bothways.evidence.attempt import Outcome
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.socket import Socket, SocketState
from bothways.host.network import sockets
from bothways.host.network.errand import Ask, Errand, Stages
from bothways.host.network.loop import READ, WRITE, Loop, now
from bothways.host.network.talk import Talk
from bothways.host.network.tcp_info import TcpInfo, sample
from bothways.units import SECOND, Instant, between

LEAST_WAIT = 3 * SECOND
"""Less silence than this is no failure yet."""

_PARTING = frozenset({SocketState.FIN_WAIT_1, SocketState.FIN_WAIT_2, SocketState.LAST_ACK, SocketState.CLOSING})

_AT_ONCE = 65_536
_MOST_SAMPLES = 400

_UNREACHABLE = frozenset(
    {
        errno.EHOSTUNREACH,
        errno.ENETUNREACH,
        errno.EHOSTDOWN,
        errno.ENONET,
        errno.ENOPROTOOPT,  # ICMP protocol unreachable (Linux, icmp_err_convert)
        errno.EACCES,  # ICMPv6 prohibited (Linux, icmpv6_err_convert)
    }
)


class Attempt:
    """Made by `Attempts.begin`; looked at by whoever began it, while the loop runs and afterwards."""

    def __init__(self, loop: Loop, errand: Errand) -> None:
        """Raise CallError or MissingPermissionError where the errand cannot be gone on from this machine."""
        self.errand = errand
        self.talk = Talk(errand)
        self.local: Endpoint | None = None
        """This end, once it is known: at the latest when the SYN was sent."""
        self.peer = Endpoint(sockets.endpoint(sockets.sockaddr(errand.address, errand.port)).address, errand.port)
        self.error: int | None = None
        """The errno that ended it, or that an ICMP error left on it."""
        self.sent_nothing = False
        """This machine refused by itself, so that no packet was sent: no route, a local rule."""
        self.closed_by_peer = False
        self.samples: list[TcpInfo] = []
        """The kernel's word of it: at each stage and twice a second."""
        self._loop = loop
        self._out = b""
        self._socket = _opened(errand)
        self.stages = Stages(began=now())
        self._connect()

    @property
    def socket(self) -> socket.socket:
        """For probes that use the connection itself; it belongs to the attempt."""
        return self._socket

    @property
    def open(self) -> bool:
        """Its socket is not closed."""
        return self._socket.fileno() >= 0

    @property
    def connected(self) -> bool:
        """This kernel holds the connection for made."""
        return self.stages.connected is not None

    @property
    def settled(self) -> bool:
        """Nothing more is to come of it, however long it is held open."""
        return self.stages.ended is not None

    @property
    def waited_since(self) -> Instant:
        """Since when it waits for something of the server's."""
        stages = self.stages
        return max(moment for moment in (stages.began, stages.spoke, stages.latest) if moment is not None)

    def say(self, data: bytes) -> None:
        """Send bytes that belong to no protocol; only where connected."""
        self.talk.say(data)
        self._write()

    def look(self) -> TcpInfo | None:
        """Ask the kernel now, and keep what it says."""
        seen = sample(self._socket) if self.open else None
        if seen is not None and len(self.samples) < _MOST_SAMPLES:
            self.samples.append(seen)
        return seen

    def part(self) -> None:
        """Close this way after an answer that is complete, so that the server closes its own."""
        if self.open and self.connected and self.error is None:
            with suppress(OSError):  # it is gone already
                self._socket.shutdown(socket.SHUT_WR)

    @property
    def parting(self) -> bool:
        """Its end is under way: a FIN of ours is not acknowledged, or the server's has not come."""
        seen = sample(self._socket) if self.open else None
        return seen is not None and seen.state in _PARTING

    def give_up(self) -> None:
        """Whatever came until now is what came; the connection stays open."""
        if not self.settled:
            self.look()
            self.stages.ended = now()
            self._watch(0)

    def close(self) -> None:
        """End the connection, and leave nothing of it in this kernel; the second time nothing happens."""
        if not self.open:
            return
        self.give_up()
        self._loop.forget(self._socket.fileno())
        if not self.closed_by_peer:
            sockets.reset_on_close(self._socket)
        self._socket.close()

    def outcome(self) -> Outcome:
        """How far it got; what still goes on after less than three seconds of waiting is unknown."""
        talk, stages = self.talk, self.stages
        if talk.complete or (self.closed_by_peer and talk.complete_by_close()):
            return Outcome.ANSWERED
        if self.error is not None and not (self.connected and self.error in {errno.ETIMEDOUT, *_UNREACHABLE}):
            return self._by_error(self.error)
        if self.closed_by_peer:
            return Outcome.STALLED if talk.answered else Outcome.CLOSED
        if self.error is None and between(self.waited_since, stages.ended or now()) < LEAST_WAIT:
            return Outcome.UNKNOWN
        if not self.connected:
            return Outcome.NO_CONNECTION
        return Outcome.UNKNOWN if self.errand.ask is Ask.NOTHING else Outcome.STALLED

    def record(self) -> Record:
        """The attempt as evidence; its lines are numbered by who writes it down."""
        talk, stages = self.talk, self.stages
        return Record(
            line=0,
            outcome_line=0,
            name=self.errand.name,
            address=self.peer.address,
            port=self.peer.port,
            scheme={Ask.HTTPS: "https", Ask.HTTP: "http"}.get(self.errand.ask),
            outcome=self.outcome(),
            client_hello_sent=talk.hello_sent and stages.spoke is not None,
            tls_answered=talk.tls_answered,
            took=between(stages.began, stages.ended) if stages.ended is not None else None,
            status=talk.status,
            declined=talk.declined,
        )

    def socket_record(self) -> Socket | None:
        """The kernel's last word of it as evidence; None where it never said anything."""
        if not self.samples or self.local is None:
            return None
        return self.samples[-1].as_socket(self.local, self.peer)

    def words(self) -> str | None:
        """The error in words, where there is one."""
        if self.talk.why_declined is not None:
            return f"TLS was broken off: {self.talk.why_declined}"
        return None if self.error is None else sockets.said(self.error)

    def _by_error(self, number: int) -> Outcome:
        if self.connected:
            return Outcome.RESET if number in {errno.ECONNRESET, errno.EPIPE} else Outcome.UNKNOWN
        if number in {errno.ECONNREFUSED, errno.ECONNRESET}:
            return Outcome.REFUSED
        if number == errno.ETIMEDOUT:
            return Outcome.NO_CONNECTION
        return Outcome.UNREACHABLE if number in _UNREACHABLE else Outcome.UNKNOWN

    def _connect(self) -> None:
        number = self._socket.connect_ex(sockets.sockaddr(self.errand.address, self.errand.port))
        self._know_local()
        if number == errno.EINPROGRESS:
            self.look()
            self._watch(WRITE)
        elif number:
            self.sent_nothing = True
            self._end(number)
        else:
            self._made()

    def _made(self) -> None:
        self.stages.connected = now()
        self._know_local()
        self.talk.begin()
        self._write()
        self.look()

    def _know_local(self) -> None:
        local = sockets.endpoint(self._socket.getsockname())
        if local.port:
            self.local = local

    def _ready(self, _: int) -> None:
        """The socket has something to say."""
        if not self.connected:
            number = sockets.pending_error(self._socket)
            if number:
                self._end(number)
            else:
                self._made()
            return
        self._try(self._read)
        self._write()

    def _read(self) -> None:
        data = self._socket.recv(_AT_ONCE)
        stages = self.stages
        if not data:
            self.closed_by_peer = True
            self._end(None)
            return
        stages.latest = now()
        stages.heard = stages.heard or stages.latest
        self.talk.take(data)
        if stages.secured is None and self.talk.secured:
            stages.secured = stages.latest
        if stages.answered is None and self.talk.answered:
            stages.answered = stages.latest
            self.look()
        if self.talk.complete and not self.settled:
            self.look()
            stages.ended = stages.latest

    def _write(self) -> None:
        self._out += self.talk.outgoing()
        if self._out:
            self._try(self._send)
        if self.talk.received >= self.errand.most:
            self._watch(0)
        elif self.open and not self.closed_by_peer and self.error is None:
            self._watch(READ | WRITE if self._out else READ)

    def _send(self) -> None:
        sent = self._socket.send(self._out)
        self.stages.spoke = self.stages.spoke or now()
        self._out = self._out[sent:]

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._end(error.errno or errno.EIO)

    def _end(self, number: int | None) -> None:
        """Nothing more comes: an error, or a close by the server."""
        self.look()
        self.error = self.error or number
        self.stages.ended = self.stages.ended or now()
        self._watch(0)

    def _watch(self, events: int) -> None:
        if self.open:
            self._loop.watch(self._socket.fileno(), events, self._ready)


def _opened(errand: Errand) -> socket.socket:
    """A socket that is bound as the errand says, and not connected yet."""
    sock = socket.socket(sockets.family_of(errand.address), socket.SOCK_STREAM)
    try:
        _prepare(sock, errand)
    except BaseException:
        sock.close()
        raise
    return sock


def _prepare(sock: socket.socket, errand: Errand) -> None:
    sock.setblocking(False)  # noqa: FBT003 - the socket module's own signature
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # A port that this connection had may be tried again while its end is still under way.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if errand.interface is not None:
        sockets.bind_to_interface(sock, errand.interface)
    if errand.ttl is not None:
        sockets.set_hop_limit(sock, errand.ttl)
    if errand.mss is not None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, errand.mss)
    sockets.bind_source(sock, errand.source, errand.source_port)
