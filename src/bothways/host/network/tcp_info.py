"""What this machine's kernel says of one TCP connection: getsockopt(TCP_INFO), struct tcp_info of linux/tcp.h.

Kernels append to the structure and never change what is there; one that is older or newer returns less or more, and
what it did not return is None.
"""

import array
import fcntl
import socket
import struct
import termios
from functools import partial

from msgspec import Struct

from bothways.evidence.socket import Progress, Socket, SocketState
from bothways.host.network.loop import now
from bothways.host.network.sockets import endpoint
from bothways.units import MILLISECOND, Duration, Instant

_STATES = {
    1: SocketState.ESTABLISHED,
    2: SocketState.SYN_SENT,
    3: SocketState.SYN_RECEIVED,
    4: SocketState.FIN_WAIT_1,
    5: SocketState.FIN_WAIT_2,
    6: SocketState.TIME_WAIT,
    7: SocketState.CLOSED,
    8: SocketState.CLOSE_WAIT,
    9: SocketState.LAST_ACK,
    10: SocketState.LISTEN,
    11: SocketState.CLOSING,
    12: SocketState.SYN_RECEIVED,
}
"""net/tcp_states.h."""

_BYTES = 512
"""More than any kernel returns."""

_UNSIGNED_32 = struct.Struct("=I")
_UNSIGNED_64 = struct.Struct("=Q")

_MICROSECOND = 1000


class TcpInfo(Struct, frozen=True, kw_only=True):
    """One sample. None: this kernel does not tell, or the system has no TCP_INFO."""

    at: Instant
    state: SocketState | None
    retransmits: int | None = None
    """How often the retransmission timer ran out since the last progress (tcpi_retransmits)."""

    backoff: int | None = None
    unacked: int | None = None
    """Segments in flight."""

    retrans: int | None = None
    """Segments that were sent again and are not acknowledged."""

    rto: Duration | None = None
    rtt: Duration | None = None
    """Smoothed; None before the first sample."""

    send_mss: int | None = None
    receive_mss: int | None = None
    path_mtu: int | None = None
    """What the kernel believes of the path, bytes."""

    advertised_mss: int | None = None
    total_retrans: int | None = None
    """Segments sent again in the life of the connection."""

    last_data_received: Duration | None = None
    """Before the sample; None where none ever came."""

    last_ack_received: Duration | None = None
    """Before the sample; None where none ever came. A connection that was only opened counts from its SYN+ACK."""

    bytes_sent: int | None = None
    bytes_acked: int | None = None
    """The SYN counts as one (Linux, tcp_ack)."""

    bytes_received: int | None = None
    segments_out: int | None = None
    segments_in: int | None = None
    unread: int = 0
    """Bytes that arrived in order and were not read by the program."""

    unsent_or_unacked: int = 0
    """Bytes written by the program and not acknowledged."""

    def as_socket(self, local: tuple[str, int], peer: tuple[str, int]) -> Socket:
        """The sample as evidence; *local* and *peer* as getsockname(2) tells them."""
        here, there = endpoint(local), endpoint(peer)
        return Socket(
            line=0,
            state=self.state or SocketState.CLOSED,
            local_address=here.address,
            local_port=here.port,
            peer=there,
            received=self.unread,
            pending=self.unsent_or_unacked,
            retries=self.retransmits,
            progress=Progress(
                bytes_sent=self.bytes_sent,
                bytes_acked=self.bytes_acked,
                bytes_received=self.bytes_received,
                unacked=self.unacked,
                backoff=self.backoff,
                retransmitted=self.total_retrans,
                since_acknowledgement=self.last_ack_received,
            ),
        )


def sample(sock: socket.socket) -> TcpInfo | None:
    """What the kernel says of *sock* now; None where it says nothing (another system, a closed socket)."""
    at = now()
    try:
        data = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _BYTES)
    except (AttributeError, OSError):
        return None
    number = partial(_number, data)
    rtt, data_came = number(68), number(128, wide=True)
    # Before the first acknowledgement the kernel's field is a time since its own start.
    ack_came = number(120, wide=True)
    return TcpInfo(
        at=at,
        state=_STATES.get(data[0]) if data else None,
        retransmits=data[2] if len(data) > 2 else None,
        backoff=data[4] if len(data) > 4 else None,
        rto=_times(number(8), _MICROSECOND),
        send_mss=number(16),
        receive_mss=number(20),
        unacked=number(24),
        retrans=number(36),
        last_data_received=_times(number(52), MILLISECOND) if data_came else None,
        last_ack_received=_times(number(56), MILLISECOND) if ack_came else None,
        path_mtu=number(60),
        rtt=_times(rtt, _MICROSECOND) if rtt else None,
        advertised_mss=number(84),
        total_retrans=number(100),
        bytes_acked=ack_came,
        bytes_received=data_came,
        segments_out=number(136),
        segments_in=number(140),
        bytes_sent=number(200, wide=True),
        unread=_queued(sock, termios.FIONREAD),
        unsent_or_unacked=_queued(sock, termios.TIOCOUTQ),
    )


def _number(data: bytes, offset: int, *, wide: bool = False) -> int | None:
    """A field by its offset; None where the kernel's structure ends before it does."""
    field = _UNSIGNED_64 if wide else _UNSIGNED_32
    if offset + field.size > len(data):
        return None
    number: int = field.unpack_from(data, offset)[0]
    return number


def _times(count: int | None, unit: int) -> Duration | None:
    return None if count is None else Duration(count * unit)


def _queued(sock: socket.socket, which: int) -> int:
    """Bytes in a queue of the socket: SIOCINQ and SIOCOUTQ of tcp(7)."""
    count = array.array("i", [0])
    try:
        fcntl.ioctl(sock.fileno(), which, count)
    except OSError:
        return 0
    return max(count[0], 0)
