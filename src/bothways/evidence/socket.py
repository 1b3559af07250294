"""What a host's kernel itself says of its TCP sockets at one moment."""

from enum import StrEnum

from msgspec import Struct

from bothways.evidence.endpoint import Endpoint
from bothways.units import Duration


class SocketState(StrEnum):
    """States of a connection (RFC 9293 section 3.3.2)."""

    LISTEN = "LISTEN"
    SYN_SENT = "SYN-SENT"
    SYN_RECEIVED = "SYN-RECEIVED"
    ESTABLISHED = "ESTABLISHED"
    FIN_WAIT_1 = "FIN-WAIT-1"
    FIN_WAIT_2 = "FIN-WAIT-2"
    CLOSE_WAIT = "CLOSE-WAIT"
    CLOSING = "CLOSING"
    LAST_ACK = "LAST-ACK"
    TIME_WAIT = "TIME-WAIT"
    CLOSED = "CLOSED"


SYNCHRONISED = frozenset(
    {
        SocketState.ESTABLISHED,
        SocketState.CLOSE_WAIT,
        SocketState.FIN_WAIT_1,
        SocketState.FIN_WAIT_2,
        SocketState.LAST_ACK,
        SocketState.CLOSING,
    }
)
"""States after the handshake in which a kernel still holds what an application had or has."""


class Progress(Struct, frozen=True, kw_only=True):
    """How far a connection got, by the kernel's TCP_INFO. None is what was not printed and may be more than nought."""

    bytes_sent: int | None
    """Data bytes sent, repeats included."""

    bytes_acked: int | None
    """Sequence numbers that the peer acknowledged. A client's SYN is one of them, a FIN too (Linux, tcp_ack)."""

    bytes_received: int | None
    """Sequence numbers taken in order from the peer."""

    unacked: int | None
    """Segments sent and not acknowledged."""

    backoff: int | None
    """How often the retransmission timeout was doubled since the last progress."""

    retransmitted: int | None
    """Segments sent again in the life of the connection."""

    since_acknowledgement: Duration | None
    """Since the last acknowledgement of the peer came in; None where there never was any."""


class Socket(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One socket of a listing."""

    line: int
    state: SocketState
    local_address: str | None
    """None: it listens on every address of the host."""

    local_port: int
    peer: Endpoint | None
    """None where it listens."""

    received: int
    """Recv-Q. Connected: bytes that the program has not read. Listening: connections that wait to be accepted."""

    pending: int
    """Send-Q. Connected: bytes not acknowledged. Listening: the backlog; the queue is full when *more* wait than this
    (Linux, sk_acceptq_is_full)."""

    retries: int | None
    """How often the retransmission timer ran out since the last progress: repeats of a SYN, a SYN+ACK or of data;
    None where timers were not printed or another timer runs."""

    progress: Progress | None
    """None where it was not printed."""

    dropped: int | None = None
    """Packets that this socket dropped since it was made (Linux, sk_drops); of a listening one, openings and last ACKs
    of connections to this very port. None where it was not printed."""

    @property
    def local(self) -> Endpoint | None:
        """This end; None where it listens on every address."""
        return None if self.local_address is None else Endpoint(self.local_address, self.local_port)


class SocketList(Struct, frozen=True, kw_only=True):
    """One listing of sockets."""

    file: str
    sockets: tuple[Socket, ...]
