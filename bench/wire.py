"""How well a wire carries: 20,000 packets a second at 10 ms, beside a plain veth pair (and netem where there is one).

Run as root: .venv/bin/python bench/wire.py [SECONDS]. Three numbers decide: packets lost that nobody asked for (must be
0), how much later than told packets arrive, and how much of one core the carrying takes.
"""
# ruff: noqa: INP001, T201, TID251 - a script for developers: run by path, answers by printing, asks for the time

import json
import os
import socket
import statistics
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bothways.lab.box import nodes, world
from bothways.lab.model.network import End, Link, Quality

RATE = 20_000
BURSTS = 1000
"""A second: what a paced sender in user space can keep."""
LATENCY_MS = 10.0
PORT = 4000
STAMP = struct.Struct("=QQ")
SIZE = 200
SO_TIMESTAMPNS = 35  # asm-generic/socket.h


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One run."""

    sent: int
    seconds: float
    late_ms: list[float]
    disordered: int
    carrier_cpu: float
    unplanned: int

    def row(self, name: str) -> str:
        """Words for it."""
        late = sorted(self.late_ms)
        cut = statistics.quantiles(late, n=100)
        return (
            f"{name:<12} offered {self.sent / self.seconds:8.0f}/s  carried {len(late):7d} of {self.sent:7d}  "
            f"unplanned {self.unplanned}  out of order {self.disordered}  one-way ms: median {cut[49]:.3f}, "
            f"99 % {cut[98]:.3f}, longest {late[-1]:.3f}  carrier {self.carrier_cpu:.0%} of a core"
        )


def send(seconds: float) -> int:
    """Send paced bursts; return how many packets."""
    with nodes.within("a"), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(("10.0.0.2", PORT))
        padding = bytes(SIZE - STAMP.size)
        count = 0
        start = time.monotonic_ns()
        for burst in range(int(seconds * BURSTS)):
            pause = start + burst * 1_000_000_000 // BURSTS - time.monotonic_ns()
            if pause > 0:
                time.sleep(pause / 1e9)
            for _ in range(RATE // BURSTS):
                sock.send(STAMP.pack(count, time.time_ns()) + padding)
                count += 1
    return count


def receive(sock: socket.socket, said: int) -> None:
    """Write number and delay of each packet until nothing comes for two seconds."""
    sock.settimeout(2.0)
    seen = []
    try:
        while True:
            data, told, _, _ = sock.recvmsg(SIZE, 64)
            seconds, ns = struct.unpack("=qq", told[0][2])
            number, at = STAMP.unpack_from(data)
            seen.append(STAMP.pack(number, max(seconds * 1_000_000_000 + ns - at, 0)))
    except TimeoutError:
        pass
    with open(said, "wb") as pipe:
        pipe.write(b"".join(seen))


def cpu_of(pid: int | None) -> float:
    """Seconds of CPU that a process took."""
    if pid is None:
        return 0.0
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def measured(seconds: float, pid: int | None, unplanned: Callable[[], int]) -> Result:
    """Send through whatever lies between a and b."""
    with nodes.within("b"):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    sock.bind(("10.0.0.2", PORT))
    read, write = os.pipe()
    if os.fork() == 0:
        receive(sock, write)
        os._exit(0)
    os.close(write)
    sock.close()
    before, start = cpu_of(pid), time.monotonic()
    sent = send(seconds)
    took = time.monotonic() - start
    carrier = cpu_of(pid) - before
    with open(read, "rb") as pipe:
        seen = list(STAMP.iter_unpack(pipe.read()))
    return Result(
        sent=sent,
        seconds=took,
        late_ms=[late / 1e6 for _, late in seen],
        disordered=sum(1 for one, following in zip(seen, seen[1:], strict=False) if following[0] < one[0]),
        carrier_cpu=carrier / took,
        unplanned=unplanned(),
    )


def mac_of(node: str) -> str:
    """The address of a node's end."""
    return str(json.loads(nodes.run(node, "ip", "-json", "link", "show", "eth0").stdout)[0]["address"])


def addressed() -> None:
    """Give both ends addresses."""
    for node, address in (("a", "10.0.0.1/24"), ("b", "10.0.0.2/24")):
        nodes.run(node, "ip", "address", "add", address, "dev", "eth0")
        nodes.run(node, "ip", "link", "set", "eth0", "up")
    for node, other in (("a", "10.0.0.2"), ("b", "10.0.0.1")):  # or packets overflow the queue of an open ARP question
        mac = mac_of({"10.0.0.1": "a", "10.0.0.2": "b"}[other])
        nodes.run(node, "ip", "neighbour", "add", other, "lladdr", mac, "dev", "eth0")


def plain(seconds: float) -> Result:
    """A veth pair without any wire: what the machine itself costs."""
    subprocess.run(  # noqa: S603 - iproute2
        ["/sbin/ip", "-n", "a", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", "b"], check=True
    )
    addressed()
    return measured(seconds, None, lambda: 0)


def wire(seconds: float) -> Result:
    """The lab's wire."""
    from bothways.lab.wires.wire import CarriedWire  # noqa: PLC0415 - imports pyroute2, inside of the world
    from bothways.lab.wires import ends

    ends.prepare()

    quality = Quality(latency_ms=LATENCY_MS)
    link = Link(a=End(node="a", interface="eth0"), b=End(node="b", interface="eth0"), there=quality, back=quality)
    laid = CarriedWire(link, 0, 0)
    addressed()
    return measured(seconds, laid._carrier.pid, lambda: laid.end().unplanned)


def in_a_world(run: Callable[[float], Result], name: str, seconds: float) -> None:
    """Run it between two nodes, print what came out."""

    def life() -> int:
        for node in "ab":
            subprocess.run(["/sbin/ip", "netns", "add", node], check=True)  # noqa: S603 - iproute2
        print(run(seconds).row(name))
        return 0

    world.live(life)


if __name__ == "__main__":
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    in_a_world(plain, "plain veth", seconds)
    in_a_world(wire, "wire", seconds)
