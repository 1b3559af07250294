"""The ends of wires: veth pairs, each with one end in a node and the other in a namespace where wires begin."""

import fcntl
import socket
import struct
from pathlib import Path

from pyroute2 import IPRoute, netns  # type: ignore[import-untyped] # it has no types

from bothways.lab.model.network import End
from bothways.lab.wires import offload
from bothways.lab.world.nodes import NAMESPACES, within

HIDDEN = ".wires"
"""The namespace that is no node of the network. One for all wires of a lab."""

_LARGEST = 65535
"""MTU of the hidden ends: what a node may send, they may take."""

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1  # linux/sockios.h, linux/if.h
_FLAGS = struct.Struct("16sH22x")  # struct ifreq with ifr_flags


def prepare() -> None:
    """Make the hidden namespace if this lab has none yet."""
    if (NAMESPACES / HIDDEN).exists():
        return
    netns.create(HIDDEN)
    with within(HIDDEN):
        for which in ("all", "default"):  # a kernel that speaks IPv6 at a hidden end would be heard in the node
            Path(f"/proc/sys/net/ipv6/conf/{which}/disable_ipv6").write_text("1", encoding="ascii")


def lay(end: End, hidden: str, mtu: int) -> None:
    """Make a pair: *hidden*, which is up, and the end in the node, which is not, and sends whole frames.

    Raises:
        NetlinkError: the interface exists, or cannot be.
        OSError: there is no such node.
    """
    with within(HIDDEN), IPRoute() as ip:
        peer = {"ifname": end.interface, "net_ns_fd": str(NAMESPACES / end.node), "mtu": mtu}
        ip.link("add", ifname=hidden, kind="veth", mtu=_LARGEST, state="up", peer=peer)
        # All frames that it is given are whole; and what it may cut up itself, the other end does not verify
        # (Linux drivers/net/veth.c, veth_skb_is_eligible_for_gro).
        offload.off(hidden)
    with within(end.node):
        offload.off(end.interface)


def up(end: End) -> None:
    """Let a node use its end.

    Raises:
        OSError: there is no such interface.
    """
    with within(end.node), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        name = end.interface.encode()
        _, flags = _FLAGS.unpack(fcntl.ioctl(sock, _SIOCGIFFLAGS, _FLAGS.pack(name, 0)))
        fcntl.ioctl(sock, _SIOCSIFFLAGS, _FLAGS.pack(name, flags | _IFF_UP))
