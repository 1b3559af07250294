"""This machine's own packets to and from chosen addresses, both ways, and the ICMP errors about them.

    with Loop() as loop, Capture(loop, addresses=[...], file=folder / "client.pcap") as capture:
        ...                                     # connect, probe; the capture takes its turns in the loop
        capture.packets(attempt.local, attempt.peer)   # what was seen of one connection
        capture.listen(plan.hear)                      # every packet, both ways, the moment it is read

When the constructor returns, the capture runs: bind(2) of a packet socket puts it on the kernel's list before it
returns, and its filter is in force since before that. Packets wait in the kernel (up to `BUFFER` bytes) while the loop
does not turn. `close` reads what is left.
"""

import ctypes
import errno
import os
import socket
import struct
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from bothways.errors import CallError, MissingPermissionError
from bothways.evidence.endpoint import Endpoint
from bothways.host.network import packet_filter
from bothways.host.network.apart import Apart
from bothways.host.network.capture_file import CaptureFile
from bothways.host.network.loop import READ, Loop, now
from bothways.host.network.sockets import SO_RCVBUFFORCE, SO_TIMESTAMPNS
from bothways.probes.plan import Heard
from bothways.units import MILLISECOND, NANOSECONDS_PER_SECOND, Instant
from bothways.wire.address import address as canonical
from bothways.wire.ip import TCP, parse_ip
from bothways.wire.link import COOKED_V2

BUFFER = 8 << 20
"""Bytes of packets that wait in the kernel: a second at 60 Mbit/s."""

SNAP_LENGTH = 9216
"""Bytes kept of a packet in the file: a jumbo frame. What the card has put together from many is cut, for dossiers are
to be sent by mail. Listeners get all of it."""

_EVERY_PROTOCOL = 0x0003  # ETH_P_ALL, linux/if_ether.h
_ATTACH_FILTER = 26  # SO_ATTACH_FILTER
_SOL_PACKET, _STATISTICS = 263, 6
_OUTGOING = 4  # PACKET_OUTGOING
_LOOPBACK_DEVICE = 772  # ARPHRD_LOOPBACK
_TIMESPEC = struct.Struct("@ll")
_COOKED = struct.Struct(">HHIHBB8s")
_LARGEST = 1 << 17
_A_TURN = 512
"""Packets that are read before others have their turn."""

_FIRST, _LAST, _FLOWS = 16, 64, 1024
"""Packets kept of each connection for `Capture.packets`, from its beginning and of late; and of how many."""

_COPY_WITHIN = 5 * MILLISECOND
_RECENT = 16

_Seen = tuple[list[Heard], deque[Heard]]


class Capture:
    """A packet socket on all interfaces, and the file that it fills."""

    def __init__(self, loop: Loop, *, addresses: Iterable[str], file: Path, apart: Apart | None = None) -> None:
        """Begin.

        Args:
            loop: Where it takes its turns.
            addresses: Targets and controls; whatever else this machine sends and receives is not looked at.
            file: Written anew, and closed by `close`.
            apart: Which packets are not written: probes. Listeners hear of all.

        Raises:
            MissingPermissionError: this user may not capture, or this system cannot.
            CallError: too many addresses, or the file cannot be written.
        """
        wanted = tuple(dict.fromkeys(addresses))
        if len(wanted) > packet_filter.MOST:
            message = f"{len(wanted)} addresses are too many for one capture; name at most {packet_filter.MOST}"
            raise CallError(message)
        self.apart = apart or Apart()
        self.dropped = 0
        """Packets that the kernel dropped so far, because nobody read them in time."""
        self.written = 0
        self._loop = loop
        self._listeners: list[Callable[[Heard], None]] = []
        self._flows: dict[frozenset[Endpoint], _Seen] = defaultdict(lambda: ([], deque(maxlen=_LAST)))
        self._recent: deque[tuple[Instant, str, int, bytes]] = deque(maxlen=_RECENT)
        self._socket = _opened(wanted)
        try:
            self._file = file.open("wb")
        except OSError as error:
            self._socket.close()
            message = f"cannot write the capture {file}: {(error.strerror or str(error)).lower()}"
            raise CallError(message) from error
        self._writer = CaptureFile(
            self._file, link_type=COOKED_V2, snap_length=SNAP_LENGTH, filter_=packet_filter.words(wanted)
        )
        loop.watch(self._socket.fileno(), READ, self._readable)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def listen(self, hear: Callable[[Heard], None]) -> None:
        """Call *hear* with every packet from now on, our own among them."""
        self._listeners.append(hear)

    def unlisten(self, hear: Callable[[Heard], None]) -> None:
        """Do so no longer."""
        if hear in self._listeners:
            self._listeners.remove(hear)

    def packets(self, one: Endpoint, other: Endpoint) -> tuple[Heard, ...]:
        """What was seen of the connections between two ends, in its order: the first packets and the latest."""
        first, last = self._flows.get(frozenset((one, other)), ((), ()))
        return (*first, *last)

    def close(self) -> None:
        """Read what is left, write down what was lost, and end; the second time nothing happens."""
        if self._socket.fileno() < 0:
            return
        self._loop.forget(self._socket.fileno())
        try:
            self._drain(limit=BUFFER)
            self._count_losses()
        finally:
            self._socket.close()
            self._file.close()

    def _readable(self, _: int) -> None:
        self._drain(limit=_A_TURN)

    def _drain(self, *, limit: int) -> None:
        for _ in range(limit):
            try:
                packet, said, _, sender = self._socket.recvmsg(_LARGEST, 256)
            except (BlockingIOError, InterruptedError):
                break
            except OSError as error:
                if error.errno != errno.ENETDOWN:  # an interface went down, which is told once
                    raise
                continue
            self._take(packet, _stamp(said), sender)

    def _take(self, packet: bytes, at: Instant, sender: tuple[str, int, int, int, bytes]) -> None:
        interface, protocol, kind, device, hardware = sender
        if device == _LOOPBACK_DEVICE and kind == _OUTGOING:  # comes in again at once
            return
        if self._is_copy(at, interface, kind, packet):
            return
        heard = Heard(at=at, packet=packet)
        self._remember(heard)
        if not self.apart.is_probe(packet):
            index = _index_of(interface)
            head = _COOKED.pack(protocol, 0, index, device, kind, len(hardware), hardware[:8].ljust(8, b"\0"))
            self._writer.packet(at, head + packet[: SNAP_LENGTH - len(head)], len(head) + len(packet))
            self.written += 1
        for hear in tuple(self._listeners):
            hear(heard)

    def _is_copy(self, at: Instant, interface: str, kind: int, packet: bytes) -> bool:
        """The same packet on another interface: of a VLAN and its card, of a bridge and its port."""
        for then, where, which, before in self._recent:
            same = which == kind and where != interface and before == packet
            if same and at - then < _COPY_WITHIN:
                return True
        self._recent.append((at, interface, kind, packet))
        return False

    def _remember(self, heard: Heard) -> None:
        ends = _ends(heard.packet)
        if ends is None or (ends not in self._flows and len(self._flows) >= _FLOWS):
            return
        first, last = self._flows[ends]
        if len(first) < _FIRST:
            first.append(heard)
        else:
            last.append(heard)

    def _count_losses(self) -> None:
        _, dropped = struct.unpack("=II", self._socket.getsockopt(_SOL_PACKET, _STATISTICS, 8))
        self.dropped += dropped
        self._writer.lost(now(), self.dropped)


def _opened(addresses: tuple[str, ...]) -> socket.socket:
    """A packet socket that sees what it is to see, and nothing before that."""
    if not hasattr(socket, "AF_PACKET"):
        message = "packets can be captured on Linux only; the check goes on without"
        raise MissingPermissionError(message)
    try:
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK, 0)
    except PermissionError as error:
        message = "capturing packets takes CAP_NET_RAW: run as root, or give the capability to the interpreter"
        raise MissingPermissionError(message) from error
    try:
        _attach(sock, packet_filter.program(addresses))
        _widen(sock)
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        _bind_everywhere(sock)
    except BaseException:
        sock.close()
        raise
    return sock


def _bind_everywhere(sock: socket.socket) -> None:
    """Python's bind takes the name of one interface; index 0 of a struct sockaddr_ll is all of them (packet(7))."""
    where = struct.pack("=HHiHBB8s", socket.AF_PACKET, socket.htons(_EVERY_PROTOCOL), 0, 0, 0, 0, b"")
    if ctypes.CDLL(None, use_errno=True).bind(sock.fileno(), where, len(where)):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _attach(sock: socket.socket, program: bytes) -> None:
    """SO_ATTACH_FILTER takes a struct sock_fprog: how many instructions, and where they are."""
    held = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("@HP", len(program) // 8, ctypes.addressof(held))
    sock.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, described)


def _widen(sock: socket.socket) -> None:
    try:
        sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
    except OSError:  # takes CAP_NET_ADMIN; what everybody may have is less
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)


def _stamp(said: list[tuple[int, int, bytes]]) -> Instant:
    """When the kernel had the packet; now, where it does not say."""
    for level, kind, data in said:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS and len(data) >= _TIMESPEC.size:
            seconds, nanoseconds = _TIMESPEC.unpack_from(data)
            return Instant(seconds * NANOSECONDS_PER_SECOND + nanoseconds)
    return now()


def _index_of(interface: str) -> int:
    try:
        return socket.if_nametoindex(interface)
    except OSError:  # it is gone
        return 0


def _ends(packet: bytes) -> frozenset[Endpoint] | None:
    header = parse_ip(packet, 0, len(packet))
    if header is None or header.protocol != TCP or len(packet) < header.start + 4 or header.fragment_offset:
        return None
    start = header.start
    ports = int.from_bytes(packet[start : start + 2]), int.from_bytes(packet[start + 2 : start + 4])
    return frozenset(
        Endpoint(canonical(end), port) for end, port in zip((header.source, header.destination), ports, strict=True)
    )
