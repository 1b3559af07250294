"""VLANs: an interface of a node whose frames carry a tag on another one (IEEE 802.1Q), with or without the kernel."""

import errno
import fcntl
import os
import struct
from typing import Any, Protocol

from pyroute2 import IPRoute  # type: ignore[import-untyped] # it has no types
from pyroute2.netlink.exceptions import NetlinkError  # type: ignore[import-untyped] # it has no types

from bothways.lab.wires import counters
from bothways.lab.wires.count import Count, WayCount
from bothways.lab.wires.packet_socket import opened
from bothways.lab.wires.process import Worker, WorkerError
from bothways.lab.world.nodes import within

_TUNSETIFF, _TUNSETPERSIST = 0x400454CA, 0x400454CB  # linux/if_tun.h
_IFF_TAP, _IFF_NO_PI = 0x0002, 0x1000
_REQUEST = struct.Struct("16sH22x")  # struct ifreq with ifr_flags
_QUEUE = 10_000
"""Frames that may wait in a TAP device for the tagger: half a second at 20,000 a second."""


class Tag(Protocol):
    """A tagged interface."""

    def stop(self) -> None:
        """Let it stop, without waiting for it: so that many can stop together."""

    def end(self) -> Count:
        """Stop tagging, and tell what was done: *there* is out of the node, *back* into it. To be called once."""


def tag(node: str, interface: str, vlan: int) -> Tag:
    """Make `INTERFACE.VLAN` in a node: what is sent there leaves *interface* with the tag, and what comes there had it.

    It has the MAC address and the MTU of *interface*, and is down; *interface* is up afterwards. A kernel without 8021q
    leaves the tagging to a process, between a TAP device of that name and a packet socket; captures on both interfaces
    show the same as with 8021q. It need not be waited for: what comes before that process works is tagged when it does.

    Args:
        node: Where.
        interface: An interface of that node, whose MTU is set.
        vlan: 1 to 4094.

    Raises:
        NetlinkError: there is such an interface already, or the kernel will not have it.
    """
    name = f"{interface}.{vlan}"
    with within(node), IPRoute() as ip:
        (below,) = ip.get_links(ifname=interface)
        ip.link("set", index=below["index"], state="up")
        try:
            ip.link("add", ifname=name, kind="vlan", link=below["index"], vlan_id=vlan)
        except NetlinkError as error:
            if error.code != errno.EOPNOTSUPP:
                raise
        else:
            return KernelTag(node, name)
        device = _tap(name)
        try:
            (above,) = ip.get_links(ifname=name)
            ip.tc("replace", "noqueue", index=above["index"])  # as 8021q has it: a full device drops, and counts
            ip.link("set", index=above["index"], address=below.get("address"), mtu=below.get("mtu"), txqlen=_QUEUE)
            return CarriedTag(node, interface, name, vlan, device)
        except BaseException:
            os.close(device)
            raise


class KernelTag:
    """An interface of 8021q: what the kernel does, it does for all."""

    def __init__(self, node: str, name: str) -> None:
        self._node, self._name = node, name

    def stop(self) -> None:
        """Nothing has to be stopped."""

    def end(self) -> Count:
        """Tell what was done, which goes on being done."""
        seen = counters.of(self._node, self._name)
        return Count(
            there=WayCount(taken=seen.sent, carried=seen.sent),
            back=WayCount(taken=seen.received, carried=seen.received),
            surprises=counters.surprises(self._node, self._name, f"{self._node}'s {self._name}"),
        )


class CarriedTag:
    """An interface whose frames a process tags."""

    def __init__(self, node: str, interface: str, name: str, vlan: int, device: int) -> None:
        """Start the process; this thread is in the node. The descriptor *device* is closed at the end."""
        self._node, self._name, self._device = node, name, device
        with opened(interface, past_queues=False) as sock:
            told: dict[str, Any] = {"tap": device, "socket": sock.fileno(), "vlan": vlan}
            self._tagger = Worker("bothways.lab.wires.tagger", told, [device, sock.fileno()])

    def stop(self) -> None:
        """Let it stop."""
        self._tagger.stop()

    def end(self) -> Count:
        """Stop tagging, and tell what was done."""
        there = back = WayCount()
        name = f"{self._node}'s {self._name}"
        unwanted = 0
        surprises: dict[str, int] = {}
        try:
            report = self._tagger.end()
        except WorkerError as error:
            surprises[str(error)] = 1
        else:
            there, back = (WayCount(**counted) for counted in report["ways"])
            surprises |= {f"{what}, by the tagger of {name}": n for what, n in report["surprises"].items() if n}
            unwanted = report["unwanted"]
        surprises |= counters.surprises(self._node, self._name, name, unwanted=unwanted)
        os.close(self._device)  # not before: a device that no descriptor holds drops, and counts, what the node sends
        return Count(there=there, back=back, surprises=surprises)


def _tap(name: str) -> int:
    """A TAP device (Linux' Documentation/networking/tuntap.rst) that stays when its descriptor is closed.

    It asks for no offload, so the frames out of it are whole and their checksums complete.
    """
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.ioctl(device, _TUNSETIFF, _REQUEST.pack(name.encode(), _IFF_TAP | _IFF_NO_PI))
        fcntl.ioctl(device, _TUNSETPERSIST, 1)
    except OSError:
        os.close(device)
        raise
    return device
