"""Wires of a kernel that has netem (tc-netem(8)): a veth pair, and on each end a queueing discipline that sends.

Two things differ from a carried wire. Chance is the kernel's own, not the seed's, and touches every frame, ARP and
neighbour discovery too. And the limit of the queue counts frames that are on their way together with those that wait
for the rate, so it is set to the sum of both.
"""

import json
import math
import shutil
from functools import cache

from pyroute2 import IPRoute  # type: ignore[import-untyped] # it has no types

from bothways.lab.model.network import End, Link, Quality
from bothways.lab.wires import counters, ends, offload
from bothways.lab.wires.count import Count, WayCount
from bothways.lab.world import nodes

_UNLIMITED = 1_000_000
"""Frames: no machine has so many on their way at once."""
_SHORTEST_BITS = 42 * 8
"""Bits of the shortest frame that nodes send: ARP over Ethernet."""


@cache
def is_there() -> bool:
    """Tell whether this kernel has netem, by trying, in the hidden namespace (`bothways.lab.wires.ends.prepare`)."""
    if shutil.which("tc") is None:
        return False
    tried = nodes.run(ends.HIDDEN, "tc", "qdisc", "replace", "dev", "lo", "root", "netem", check=False)
    return not tried.returncode


def words(quality: Quality) -> list[str]:
    """What tc(8) is told about one way."""
    told = ["netem", "limit", str(_limit(quality)), "delay", f"{round(quality.latency_ms * 1000)}us"]
    if quality.latency_ms:
        told += _chance("reorder", quality.reorder)  # which tc takes with a delay only
    told += _loss(quality) + _chance("duplicate", quality.duplicate)
    return told if quality.rate_kbit is None else [*told, "rate", f"{quality.rate_kbit}kbit"]


class NetemWire:
    """A wire that the kernel is."""

    def __init__(self, link: Link, mtu: int) -> None:
        """Lay it; both ends are up, and send whole frames.

        Raises:
            NetlinkError: an interface of that name exists.
            OSError: a node does not exist.
            ProgramError: tc(8) does not understand a quality.
        """
        self._ways = ((link.a, link.b, link.there), (link.b, link.a, link.back))
        with nodes.within(link.a.node), IPRoute() as ip:
            peer = {"ifname": link.b.interface, "net_ns_fd": str(nodes.NAMESPACES / link.b.node), "mtu": mtu}
            ip.link("add", ifname=link.a.interface, kind="veth", mtu=mtu, peer=peer)
        for sender, _, quality in self._ways:
            with nodes.within(sender.node):
                offload.off(sender.interface)
            if quality is not None:
                nodes.run(sender.node, *_on(sender.interface, "add"), "root", *words(quality))
            ends.up(sender)

    def await_ready(self) -> None:
        """It carries from the beginning."""

    def stop(self) -> None:
        """Nothing has to be stopped: the interfaces go with their nodes."""

    def end(self) -> Count:
        """Tell what it did so far.

        netem counts what it lost by chance together with what found its queue full: all of that is `lost`. Copies and
        overtakers are not counted. Unplanned are only the losses that the veth pair saw itself.
        """
        surprises: dict[str, int] = {}
        for end, _, _ in self._ways:
            surprises |= counters.surprises(end.node, end.interface, f"{end.node}'s {end.interface}")
        there, back = (_counted(*way) for way in self._ways)
        return Count(there=there, back=back, surprises=surprises)


def _counted(sender: End, receiver: End, quality: Quality | None) -> WayCount:
    lost = 0 if quality is None else _lost(sender)
    sent, arrived = (counters.of(end.node, end.interface) for end in (sender, receiver))
    return WayCount(taken=sent.sent + lost, carried=arrived.received, lost=lost)


def _lost(sender: End) -> int:
    told = json.loads(nodes.run(sender.node, *_on(sender.interface, "show", "-statistics", "-json")).stdout)
    return int(told[0]["drops"])


def _on(interface: str, verb: str, *options: str) -> tuple[str, ...]:
    return "tc", *options, "qdisc", verb, "dev", interface


def _loss(quality: Quality) -> list[str]:
    """By itself, or in bursts as `bothways.lab.wires.schedule` has them: p begins one, r ends it."""
    if not quality.loss or quality.burst <= 1 or quality.loss >= 1:
        return _chance("loss", quality.loss)
    begins = min(1.0, quality.loss / (quality.burst * (1 - quality.loss)))
    return ["loss", "gemodel", f"{begins * 100:.6f}%", f"{100 / quality.burst:.6f}%"]


def _chance(word: str, chance: float) -> list[str]:
    return [word, f"{chance * 100:.6f}%"] if chance else []


def _limit(quality: Quality) -> int:
    if quality.rate_kbit is None:
        return _UNLIMITED
    return quality.queue + math.ceil(quality.rate_kbit * quality.latency_ms / _SHORTEST_BITS)
