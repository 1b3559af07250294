"""The kernel's own counters of an interface."""

from pathlib import Path
from typing import NamedTuple

from bothways.lab.world.nodes import within

_TABLE = Path("/proc/thread-self/net/dev")


class Counters(NamedTuple):
    """Packets that an interface passed and dropped since it was made (proc_pid_net(5))."""

    received: int
    received_dropped: int
    """Of a veth: that found the receiving processor's backlog full (net.core.netdev_max_backlog), were larger than the
    interface takes, or of a protocol that nobody speaks (Linux' net/core/dev.c)."""
    sent: int
    sent_dropped: int
    """Of a veth: that its other end did not take, by its count, because it was down, or for the first two reasons above
    (drivers/net/veth.c). Of a TAP device: that nobody read in time (drivers/net/tun.c)."""


def of(node: str, interface: str) -> Counters:
    """Read the counters of an interface.

    Raises:
        KeyError: there is no such interface.
        OSError: there is no such node.
    """
    with within(node):
        table = _TABLE.read_text(encoding="utf-8")
    for line in table.splitlines()[2:]:
        name, _, numbers = line.partition(":")
        if name.strip() == interface:
            column = [int(number) for number in numbers.split()]
            return Counters(received=column[1], received_dropped=column[3], sent=column[9], sent_dropped=column[11])
    raise KeyError(interface)


def surprises(node: str, interface: str, name: str, *, unwanted: int = 0) -> dict[str, int]:
    """What an interface dropped, in words for `bothways.lab.wires.count.Count.surprises`.

    Args:
        node: Where.
        interface: Which.
        name: What it is called in those words.
        unwanted: How many it was right to drop on receipt, as it was down.

    Raises:
        KeyError: there is no such interface.
        OSError: there is no such node.
    """
    seen = of(node, interface)
    told = {
        f"dropped on receipt by {name}": seen.received_dropped - unwanted,
        f"dropped on sending by {name}": seen.sent_dropped,
    }
    return {what: packets for what, packets in told.items() if packets > 0}
