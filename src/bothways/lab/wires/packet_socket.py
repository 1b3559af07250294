"""AF_PACKET sockets (packet(7)): every frame that comes to an interface, with its VLAN tag, and what was dropped."""

import socket
import struct

from bothways.lab.wires.frame import tagged

_SOL_PACKET = 263  # linux/socket.h
_STATISTICS, _AUXDATA, _QDISC_BYPASS, _IGNORE_OUTGOING = 6, 8, 20, 23  # linux/if_packet.h
_SO_SNDBUFFORCE, _SO_RCVBUFFORCE = 32, 33  # asm-generic/socket.h
_ETH_P_ALL = 0x0003  # linux/if_ether.h

_BUFFER = 64 << 20
"""Bytes that may wait to be read, by the kernel's count: about 2,300 for a full frame, so 27,000 of those: more than a
second at 20,000 a second. Only what waits takes memory."""

LARGEST_FRAME = 14 + 4 + 65535
"""Header, tag, and the largest packet of IPv4."""

_AUXILIARY = struct.Struct("=IIIHHHH")  # struct tpacket_auxdata
_TAG_VALID = 1 << 4  # TP_STATUS_VLAN_VALID
_WITHOUT_WAITING = socket.MSG_DONTWAIT | socket.MSG_TRUNC
"""MSG_TRUNC: tell the length that the frame had, not that which fitted."""
_SPACE = socket.CMSG_SPACE(_AUXILIARY.size)


def opened(interface: str, *, past_queues: bool) -> socket.socket:
    """A socket on an interface of this thread's namespace; it sees what comes in from now on, not what goes out.

    What it sends goes out *past_queues*, and then past every capture too (`PACKET_QDISC_BYPASS`), or not.

    Raises:
        OSError: there is no such interface, or no permission.
    """
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    try:
        sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
        sock.setsockopt(socket.SOL_SOCKET, _SO_SNDBUFFORCE, _BUFFER)
        for option, value in ((_AUXDATA, 1), (_IGNORE_OUTGOING, 1), (_QDISC_BYPASS, past_queues)):
            sock.setsockopt(_SOL_PACKET, option, value)
        sock.bind((interface, _ETH_P_ALL))
    except OSError:
        sock.close()
        raise
    return sock


class Reader:
    """Reads frames from such a socket without ever waiting: None where no frame waits."""

    def __init__(self, sock: socket.socket) -> None:
        self._view = memoryview(bytearray(LARGEST_FRAME))
        self._receive, self._receive_all = sock.recv_into, sock.recvmsg_into
        self.truncated = 0
        """Frames that were larger than any frame, of which only a part could be kept."""

    def next(self) -> bytes | None:
        """Read a frame; the kernel has taken a tag off, if there was one."""
        try:
            size = self._receive(self._view, 0, _WITHOUT_WAITING)
        except BlockingIOError:
            return None
        return self._whole(size)

    def next_apart(self) -> tuple[bytes, int] | None:
        """Read a frame without its tag, and its tag control information; 0 where it has none."""
        try:
            size, told, _, _ = self._receive_all([self._view], _SPACE, _WITHOUT_WAITING)
        except BlockingIOError:
            return None
        for level, kind, data in told:
            if (level, kind) == (_SOL_PACKET, _AUXDATA):
                status, *_, tag, _ = _AUXILIARY.unpack(data)
                return self._whole(size), tag if status & _TAG_VALID else 0
        return self._whole(size), 0

    def next_tagged(self) -> bytes | None:
        """Read a frame as it was on the wire, with its tag if it had one."""
        both = self.next_apart()
        if both is None:
            return None
        frame, tag = both
        return tagged(frame, tag) if tag else frame

    def _whole(self, size: int) -> bytes:
        if size > LARGEST_FRAME:
            self.truncated += 1
        return self._view[:size].tobytes()


def dropped(sock: socket.socket) -> int:
    """How many frames the kernel dropped since the last look, because nobody had read those before them."""
    _, drops = struct.unpack("=II", sock.getsockopt(_SOL_PACKET, _STATISTICS, 8))
    return int(drops)
