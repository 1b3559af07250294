"""What a program takes for the name of its host: a lab shares this machine's, which is nobody's business."""

import ctypes
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bothways.lab.model.network import Network

LONGEST = 64  # __NEW_UTS_LEN, linux/utsname.h

_CLONE_NEWUTS = 0x04000000  # linux/sched.h
_LIBC = ctypes.CDLL(None, use_errno=True)


def hostname(network: Network, node: str) -> str:
    """Return what a node would be called: as the network's names have its first address, or else as the node."""
    called = {name.address: name.name for name in reversed(network.names)}
    addresses = (address.partition("/")[0] for end in network.ends(node) for address in end.addresses)
    return next((called[address] for address in addresses if address in called), node)[:LONGEST]


@contextmanager
def host_called(name: str) -> Iterator[None]:
    """Let this thread, and the programs that it starts, see another host name (uts_namespaces(7)).

    Raises:
        OSError: unshare(2), sethostname(2) or setns(2) is not allowed.
    """
    with Path("/proc/thread-self/ns/uts").open("rb") as home:
        _checked("unshare", _LIBC.unshare(_CLONE_NEWUTS))
        try:
            socket.sethostname(name)
            yield
        finally:
            _checked("setns", _LIBC.setns(home.fileno(), _CLONE_NEWUTS))


def _checked(function: str, failed: int) -> None:
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, f"{function}: {os.strerror(number)}")
