"""One socket per node to the kernel's network configuration (rtnetlink(7)), and its refusals in words."""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from pyroute2 import IPRoute  # type: ignore[import-untyped]  # it ships no types
from pyroute2.netlink.exceptions import NetlinkError  # type: ignore[import-untyped]  # it ships no types

from bothways.errors import InputError
from bothways.lab.world.nodes import within

Sockets = dict[str, Any]
"""By node: pyroute2's `IPRoute`."""

_MEANINGS = {
    errno.EEXIST: "it is there already",
    errno.ENETUNREACH: "the gateway is on none of the node's own networks",
    errno.EHOSTUNREACH: "the gateway is on none of the node's own networks",
    errno.EINVAL: "the kernel says that this cannot be",
}
"""What an error number means for an address, a route or a rule."""


@contextmanager
def sockets(nodes: Iterable[str]) -> Iterator[Sockets]:
    """Open a socket in each of the nodes."""
    with ExitStack() as stack:
        opened: Sockets = {}
        for node in nodes:
            with within(node):
                opened[node] = stack.enter_context(IPRoute())
        yield opened


@contextmanager
def part(what: str) -> Iterator[None]:
    """Name the part of the network that the kernel is asked for.

    Raises:
        InputError: the kernel refused; says which part, and why.
    """
    try:
        yield
    except NetlinkError as error:
        why = _MEANINGS.get(error.code, os.strerror(error.code))
        message = f"{what}: {why}"
        raise InputError(message) from error


def indices(socket: Any) -> dict[str, int]:
    """Return a node's interfaces by their names."""
    return {link.get("ifname"): link["index"] for link in socket.get_links()}
