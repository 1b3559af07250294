"""Sockets by which other processes are told of changes in a filter: how much waits there, and how much was lost."""

import ctypes
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_NETFILTER = "12"  # NETLINK_NETFILTER, linux/netlink.h
_PIDFD_GETFD = 438  # asm-generic/unistd.h; the same number everywhere
_SO_RCVBUFFORCE = 33  # asm-generic/socket.h

ROOM = 32 << 20
"""Bytes that may wait to be read; a change takes about 1300 (with the kernel's own), and the kernel doubles this."""


class Subscription(NamedTuple):
    """A socket of a process that is told of changes."""

    descriptor: int
    waiting: int
    """Bytes that are not read yet."""
    lost: int
    """Messages for which there was no room."""


def of(process: int) -> list[Subscription]:
    """Return the sockets of a process that belong to a group of netfilter's (netlink(7)), by the kernel's list of them.

    Raises:
        FileNotFoundError: there is no such process.
    """
    own = dict(_sockets(process))
    found = []
    # The columns are those of net/netlink/af_netlink.c, netlink_native_seq_show.
    for row in Path(f"/proc/{process}/net/netlink").read_text().splitlines()[1:]:
        _, protocol, _, groups, waiting, _, _, _, lost, inode = row.split()
        if protocol == _NETFILTER and int(groups, 16) and inode in own:
            found.append(Subscription(own[inode], int(waiting), int(lost)))
    return found


def _sockets(process: int) -> Iterator[tuple[str, int]]:
    """Inode and descriptor of each socket."""
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        # A process that starts closes one as soon as it has opened it.
        with suppress(FileNotFoundError):
            kind, _, inode = str(descriptor.readlink()).partition(":")
            if kind == "socket":
                yield inode.strip("[]"), int(descriptor.name)


def enlarge(process: int, descriptor: int) -> None:
    """Make `ROOM` for what waits at a socket of another process (socket(7), SO_RCVBUFFORCE).

    Raises:
        OSError: there is no such process or descriptor, or pidfd_getfd(2) is not allowed.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    handle = os.pidfd_open(process)
    try:
        copy = libc.syscall(_PIDFD_GETFD, handle, descriptor, 0)
    finally:
        os.close(handle)
    if copy < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"pidfd_getfd: {os.strerror(number)}")
    with socket.socket(fileno=copy) as other:
        other.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, ROOM)
