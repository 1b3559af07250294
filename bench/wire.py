"""How well a wire carries: 20,000 packets a second at 10 ms, beside what the kernel does by itself.

Run as root: .venv/bin/python bench/wire.py [SECONDS]. The peers, in the same run: a veth pair without any wire, which
shows what the machine and the measuring cost; tbf (tc-tbf(8)) for a wire with a rate; netem where the kernel has it.
"""

import itertools
import json
import os
import socket
import statistics
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from pyroute2 import netns  # type: ignore[import-untyped] # it has no types

from bothways.lab.model.network import End, Link, Quality
from bothways.lab.wires import ends, netem
from bothways.lab.wires.count import Count
from bothways.lab.wires.wire import CarriedWire, Wire
from bothways.lab.world import nodes, world

PACKETS = 20_000
"""A second."""
BURSTS = 1000
"""A second: what a paced sender in user space can keep."""
SIZE = 200
"""Bytes of payload; 242 on the wire, so 38.7 Mbit/s."""
LATENCY_MS = 10.0
RATE_KBIT = 20_000
"""About half of what is offered."""
PORT = 4000
STAMP = struct.Struct("=QQ")
SO_TIMESTAMPNS = 35  # asm-generic/socket.h


class Result(NamedTuple):
    """One run. Rates are packets a second, times are one-way, in ms."""

    offered: float
    sent: int
    arrived: int
    rate: float
    """From the first arrival to the last."""
    disordered: int
    median: float
    late: float
    """99 % took no longer."""
    cpu: float
    """Share of one core that the carrying process took."""
    planned: int
    unplanned: int

    def row(self) -> str:
        """Words for it."""
        return (
            f"offered {self.offered:6.0f}/s  arrived {self.arrived:7d} of {self.sent:7d}, {self.rate:6.0f}/s  "
            f"lost as told {self.planned:6d}, unplanned {self.unplanned}  out of order {self.disordered}  "
            f"one-way {self.median:7.3f} ms median, {self.late:7.3f} ms 99 %  carrier {self.cpu:4.0%} of a core"
        )


def send(seconds: float) -> int:
    """Send paced bursts; return how many packets."""
    padding = bytes(SIZE - STAMP.size)
    each = PACKETS // BURSTS
    bursts = int(seconds * BURSTS)
    with nodes.within("a"), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(("10.0.0.2", PORT))
        start = time.monotonic()
        for burst in range(bursts):
            time.sleep(max(start + burst / BURSTS - time.monotonic(), 0))
            for number in range(burst * each, (burst + 1) * each):
                sock.send(STAMP.pack(number, time.time_ns()) + padding)
    return bursts * each


def receive(sock: socket.socket, said: int) -> None:
    """Write number, sending and arrival of each packet, once none has come for two seconds."""
    sock.settimeout(2.0)
    seen = []
    try:
        while True:
            data, told, _, _ = sock.recvmsg(SIZE, 64)
            seconds, ns = struct.unpack("=qq", told[0][2])
            seen.append(data[: STAMP.size] + (seconds * 1_000_000_000 + ns).to_bytes(8, sys.byteorder))
    except TimeoutError:
        Path(f"/dev/fd/{said}").write_bytes(b"".join(seen))


def carriers_cpu() -> float:
    """Seconds of CPU that carriers took so far (proc(5), schedstat)."""
    took = 0
    for process in Path("/proc").glob("[0-9]*"):
        if b"bothways.lab.wires.carrier" in (process / "cmdline").read_bytes():
            took += int((process / "schedstat").read_text(encoding="ascii").split()[0])
    return took / 1e9


def measured(seconds: float, end: Callable[[], Count]) -> Result:
    """Send through whatever lies between a and b; the receiver is a process of its own."""
    with nodes.within("b"):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    sock.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)  # SO_RCVBUFFORCE
    sock.bind(("10.0.0.2", PORT))
    read, write = os.pipe()
    if os.fork() == 0:
        receive(sock, write)
        os._exit(0)
    os.close(write)
    sock.close()
    before, start = carriers_cpu(), time.monotonic()
    sent = send(seconds)
    took = time.monotonic() - start
    cpu = (carriers_cpu() - before) / took
    seen = list(struct.iter_unpack("=QQQ", Path(f"/dev/fd/{read}").read_bytes()))
    cuts = statistics.quantiles((max(arrived - left, 0) / 1e6 for _, left, arrived in seen), n=100)
    count = end()
    return Result(
        offered=sent / took,
        sent=sent,
        arrived=len(seen),
        rate=len(seen) / (seen[-1][2] - seen[0][2]) * 1e9,
        disordered=sum(1 for one, following in itertools.pairwise(seen) if following[0] < one[0]),
        median=cuts[49],
        late=cuts[98],
        cpu=cpu,
        planned=count.there.lost + count.there.overflowed,
        unplanned=count.unplanned,
    )


def addressed() -> None:
    """Give both ends addresses, and each the other's: packets would overflow the queue of an open ARP question."""
    macs = {}
    for node, address in (("a", "10.0.0.1"), ("b", "10.0.0.2")):
        nodes.run(node, "ip", "address", "add", f"{address}/24", "dev", "eth0")
        nodes.run(node, "ip", "link", "set", "eth0", "up")
        macs[address] = json.loads(nodes.run(node, "ip", "-json", "link", "show", "eth0").stdout)[0]["address"]
    nodes.run("a", "ip", "neighbour", "add", "10.0.0.2", "lladdr", macs["10.0.0.2"], "dev", "eth0")
    nodes.run("b", "ip", "neighbour", "add", "10.0.0.1", "lladdr", macs["10.0.0.1"], "dev", "eth0")


def cable(*discipline: str) -> Callable[[], Count]:
    """Lay a veth pair, with a queueing discipline or none."""
    nodes.run("a", "ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", "b")
    if discipline:
        nodes.run("a", "tc", "qdisc", "add", "dev", "eth0", "root", *discipline)
    return Count


def wire(quality: Quality, *, by_kernel: bool = False) -> Callable[[], Count]:
    """Lay a wire of that quality, both ways."""
    link = Link(a=End(node="a", interface="eth0"), b=End(node="b", interface="eth0"), there=quality, back=quality)
    laid: Wire = netem.NetemWire(link, 1500) if by_kernel else CarriedWire(link, 0, 0)
    laid.await_ready()
    return laid.end


def in_a_world(name: str, seconds: float, lay: Callable[[], Callable[[], Count]]) -> Result:
    """Measure what *lay* lays between two nodes, and print it."""
    read, write = os.pipe()

    def life() -> int:
        netns.create("a")
        netns.create("b")
        ends.prepare()
        end = lay()
        addressed()
        os.write(write, json.dumps(measured(seconds, end)).encode())
        return 0

    world.live(life)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        result = Result(*json.loads(pipe.read()))
    print(f"{name:<16}{result.row()}")
    return result


def main(seconds: float) -> None:
    """Run all, print what one is beside another."""
    delayed, limited = Quality(latency_ms=LATENCY_MS), Quality(rate_kbit=RATE_KBIT)
    plain = in_a_world("plain veth", seconds, cable)
    carried = in_a_world("wire, 10 ms", seconds, lambda: wire(delayed))
    print(
        f"  wire / veth: {carried.rate / plain.rate:.3f} of the rate; later than told by "
        f"{carried.median - LATENCY_MS:.3f} ms (99 %: {carried.late - LATENCY_MS:.3f} ms); "
        f"{carried.cpu * 1e6 / carried.rate:.1f} us of CPU a packet"
    )
    bucket = in_a_world(
        "tbf, 20 Mbit", seconds, lambda: cable("tbf", "rate", f"{RATE_KBIT}kbit", "burst", "3000", "limit", "242000")
    )
    paced = in_a_world("wire, 20 Mbit", seconds, lambda: wire(limited))
    told = RATE_KBIT * 1000 / 8 / (SIZE + 42)
    print(f"  of the rate told: wire {paced.rate / told:.3f}, tbf {bucket.rate / told:.3f}")
    print(f"  wire / tbf: {paced.rate / bucket.rate:.3f} of the rate")
    if has_netem():
        kernel = in_a_world("netem, 10 ms", seconds, lambda: wire(delayed, by_kernel=True))
        print(f"  wire / netem: {carried.rate / kernel.rate:.3f} of the rate")
        print(f"  wire / netem: {carried.median / kernel.median:.3f} of the latency")
    else:
        print("  this kernel has no netem to compare with")


def has_netem() -> bool:
    """Whether this kernel has netem."""

    def life() -> int:
        ends.prepare()
        return int(netem.is_there())

    return bool(world.live(life))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 4.0)
