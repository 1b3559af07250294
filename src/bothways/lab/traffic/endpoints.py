"""Which address and port of its node a program calls from, settled before it calls."""

import errno
import socket
from itertools import cycle, islice

from bothways.lab.world import nodes

_OUTSIDE = range(61000, 65536)
"""Ports that no kernel gives away by itself: above the usual `net.ipv4.ip_local_port_range` (ip-sysctl.rst)."""


class Ports:
    """Ports for programs that must be found again in a capture even if they never get a connection."""

    def __init__(self) -> None:
        self._next = cycle(_OUTSIDE)

    def take(self, node: str, to: str) -> int:
        """A port of the node that is free for calls to an address of *to*'s family; none is given twice in a row.

        Raises:
            OSError: all are taken, or there is no such node.
        """
        with nodes.within(node):
            for port in islice(self._next, len(_OUTSIDE)):
                if _is_free(port, to):
                    return port
        message = f"no free port on {node}"
        raise OSError(errno.EADDRNOTAVAIL, message)


def own_address(node: str, to: str) -> str | None:
    """The address that the node would call *to* from; None without a route. Sends nothing.

    Raises:
        OSError: there is no such node.
    """
    with nodes.within(node), socket.socket(_family(to), socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((to, 9))
        except OSError:
            return None
        return str(probe.getsockname()[0])


def _is_free(port: int, to: str) -> bool:
    """Whether a program could bind it; connections that linger in TIME_WAIT count."""
    with socket.socket(_family(to), socket.SOCK_STREAM) as trial:
        try:
            trial.bind(("", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
        return True


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET
