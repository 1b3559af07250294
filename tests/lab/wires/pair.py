"""Two nodes with a wire between them, and packets from one to the other."""

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyroute2 import netns  # type: ignore[import-untyped] # it has no types

from bothways.lab.model.network import End, Inspection, Link, Quality
from bothways.lab.wires.count import Count
from bothways.lab.wires.wire import CarriedWire, lay
from bothways.lab.world.nodes import run, within
from bothways.lab.world.waiting import until

A, B = "10.0.0.1", "10.0.0.2"
A6, B6 = "fd00::1", "fd00::2"
PORT = 4000
_LAST = 2**32 - 1
SO_RCVBUFFORCE, SO_TIMESTAMPNS = 33, 35  # asm-generic/socket.h


def two_nodes() -> None:
    for node in "ab":
        netns.create(node)
        with within(node):  # duplicate address detection takes seconds, in which no neighbour is looked for
            Path("/proc/sys/net/ipv6/conf/default/accept_dad").write_text("0", encoding="ascii")


def link(
    there: Quality | None = None,
    back: Quality | None = None,
    *,
    mtu: int | None = None,
    vlan: int | None = None,
    inspection: Inspection | None = None,
) -> Link:
    ends = {name: End(node=name, interface="eth0") for name in "ab"}
    return Link(a=ends["a"], b=ends["b"], mtu=mtu, vlan=vlan, there=there, back=back, inspection=inspection)


def addressed(interface: str = "eth0") -> None:
    """Give both ends addresses, and let them find each other."""
    for node, four, six in (("a", A, A6), ("b", B, B6)):
        run(node, "ip", "link", "set", interface, "up")
        run(node, "ip", "address", "add", f"{four}/24", "dev", interface)
        run(node, "ip", "address", "add", f"{six}/64", "dev", interface, "nodad")
    for node, others in (("a", (B, B6)), ("b", (A, A6))):
        for other in others:
            run(node, "ip", "neighbour", "replace", other, "dev", interface, "nud", "none", "use")
            until(lambda: "lladdr" in run(node, "ip", "neighbour", "show", other).stdout, f"{node} to find {other}")  # noqa: B023 - called before the next turn


def wired(told: Link, *, seed: int = 1) -> CarriedWire:
    """Nodes a and b, addressed, with a wire of that kind between them that carries."""
    two_nodes()
    wire = lay(told, 0, seed)
    assert isinstance(wire, CarriedWire)
    wire.await_ready()
    addressed()
    return wire


@contextmanager
def datagrams(family: socket.AddressFamily = socket.AF_INET) -> Iterator[tuple[socket.socket, socket.socket]]:
    """A UDP socket in each node; b's takes any number, a's is connected to it."""
    with within("a"):
        sender = socket.socket(family, socket.SOCK_DGRAM)
    with within("b"):
        receiver = socket.socket(family, socket.SOCK_DGRAM)
    with sender, receiver:
        receiver.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
        receiver.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        receiver.bind(("", PORT))
        receiver.settimeout(10)
        sender.settimeout(10)
        sender.connect((B if family == socket.AF_INET else B6, PORT))
        yield sender, receiver


def everything(sender: socket.socket, receiver: socket.socket) -> list[int]:
    """Numbers of all packets on the way: chance spares what goes to all, so a broadcast comes through, and last."""
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    sender.sendto(_LAST.to_bytes(4), ("10.0.0.255", PORT))
    numbers = []
    while (number := received(receiver, 1)[0][0]) != _LAST:
        numbers.append(number)
    return numbers


def burst(sender: socket.socket, count: int, *, size: int = 100, first: int = 0) -> None:
    for number in range(first, first + count):
        sender.send(number.to_bytes(4) + bytes(size - 4))


def paced(sender: socket.socket, rate: int, seconds: float) -> int:
    """Send *rate* packets a second, in bursts of a millisecond's worth; return how many."""
    start = time.monotonic()
    count = rate // 1000
    for tick in range(int(seconds * 1000)):
        time.sleep(max(start + tick / 1000 - time.monotonic(), 0))
        burst(sender, count, first=tick * count)
    return int(seconds * 1000) * count


def received(receiver: socket.socket, count: int) -> list[tuple[int, int]]:
    """Number and time of arrival, in ns, of that many packets."""
    seen = []
    for _ in range(count):
        data, told, _, _ = receiver.recvmsg(2000, 64)
        seconds, ns = struct.unpack("=qq", told[0][2])
        seen.append((int.from_bytes(data[:4]), seconds * 1_000_000_000 + ns))
    return seen


def assert_as_told(count: Count) -> None:
    assert count.unplanned == 0, count.surprises
    for way in (count.there, count.back):
        arrived = way.taken + way.duplicated + way.injected
        assert arrived == way.carried + way.failed + way.lost + way.overflowed + way.inspected + way.waiting
