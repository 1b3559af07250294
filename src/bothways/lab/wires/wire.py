"""A wire between two nodes: a link that does to its frames what its qualities say, and counts what it does.

    node a ─ interface ══ hidden end ─ socket ─┐ carrier: ┌─ socket ─ hidden end ══ interface ─ node b
             (veth pair)                       └──────────┘           (veth pair)

A kernel with netem does it all itself, but for inspection and rewriting (`bothways.lab.wires.netem`); otherwise a
process carries frames (`bothways.lab.wires.carrier`). Either way the wire counts losses that it was not told to make,
at every place where there can be some: a run that has any says nothing about the network that was asked for.
"""

from typing import Protocol

import msgspec

from bothways.lab.model.network import End, Link, Quality
from bothways.lab.wires import counters, ends, netem
from bothways.lab.wires.count import Count, WayCount
from bothways.lab.wires.packet_socket import opened
from bothways.lab.wires.process import Worker, WorkerError
from bothways.lab.wires.schedule import Treatment
from bothways.lab.world.nodes import within

_MTU = 1500


class Wire(Protocol):
    """A wire that lies."""

    def await_ready(self) -> None:
        """Wait until it carries.

        Raises:
            WorkerError: its carrier did not start.
        """

    def stop(self) -> None:
        """Let it stop, without waiting for it: so that many can stop together."""

    def end(self) -> Count:
        """Stop it, and tell what it did. To be called once, while both nodes and their interfaces still exist."""


def lay(link: Link, number: int, seed: int) -> Wire:
    """Lay a wire between two nodes of this lab, both of which exist.

    It need not be waited for: frames that come before its carrier works are carried when it does, later than told.

    Both interfaces are then up, send whole frames (`bothways.lab.wires.offload`) and have the link's MTU. Addresses and
    routes are the caller's affair, VLAN interfaces too; frames keep their tags on the wire.

    Args:
        link: What lies where. A way without a quality is as fast as the machine.
        number: Which wire this is: no two of a lab have the same.
        seed: Of all that chance decides; each way of each number has its own chance. The same frames in the same order
            meet the same fate.

    Raises:
        NetlinkError: an interface of that name exists.
        OSError: a node does not exist.
    """
    ends.prepare()
    if link.inspection is None and link.rewriting is None and netem.is_there():
        return netem.NetemWire(link, link.mtu or _MTU)
    return CarriedWire(link, number, seed)


class CarriedWire:
    """A wire that a process carries."""

    def __init__(self, link: Link, number: int, seed: int) -> None:
        self._ends = {f"w{number}a": link.a, f"w{number}b": link.b}
        for hidden, end in self._ends.items():
            ends.lay(end, hidden, link.mtu or _MTU)
        with within(ends.HIDDEN):
            sockets = [opened(hidden, past_queues=True) for hidden in self._ends]
        # Both sockets listen, and both ends are up, before the first frame is carried: none comes unseen or too early.
        for end in self._ends.values():
            ends.up(end)
        told = {
            "sockets": [sock.fileno() for sock in sockets],
            "there": _treatment(link.there),
            "back": _treatment(link.back),
            "tags": link.vlan is not None,
            "seed": f"{seed} {number}",
            "inspection": link.inspection and {"names": link.inspection.names, "answer": link.inspection.answer},
            "rewriting": link.rewriting and msgspec.to_builtins(link.rewriting),
        }
        try:
            self._carrier = Worker("bothways.lab.wires.carrier", told, [sock.fileno() for sock in sockets])
        finally:
            for sock in sockets:
                sock.close()

    def await_ready(self) -> None:
        """Wait until it carries."""
        self._carrier.await_ready()

    def stop(self) -> None:
        """Let it stop."""
        self._carrier.stop()

    def end(self) -> Count:
        """Stop it, and tell what it did."""
        surprises: dict[str, int] = {}
        there = back = WayCount()
        try:
            report = self._carrier.end()
        except WorkerError as error:
            surprises[str(error)] = 1
        else:
            there, back = (WayCount(**counted) for counted in report["ways"])
            for end, seen in zip(self._ends.values(), report["surprises"], strict=True):
                surprises |= {f"{what}, from {_name(end)}": frames for what, frames in seen.items()}
        for hidden, end in self._ends.items():
            name = _name(end)
            surprises |= counters.surprises(end.node, end.interface, name)
            surprises |= counters.surprises(ends.HIDDEN, hidden, f"the wire's end before {name}")
        return Count(there=there, back=back, surprises=surprises)


def _treatment(quality: Quality | None) -> Treatment:
    if quality is None:
        return Treatment()
    return Treatment(
        latency_ns=round(quality.latency_ms * 1_000_000),
        loss=quality.loss,
        reorder=quality.reorder,
        duplicate=quality.duplicate,
        rate_kbit=quality.rate_kbit,
        queue=quality.queue,
        burst=quality.burst,
    )


def _name(end: End) -> str:
    return f"{end.node}'s {end.interface}"
