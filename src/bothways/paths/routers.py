"""Which replies come from the same router."""

import re

from bothways.evidence.path_report import Hop, HopReply

GENERIC_NAMES = frozenset({"_gateway", "gateway", "localhost", "router", "unknown"})
"""Names that many routers bear. `_gateway` is what systemd-resolved calls the default gateway of whoever asks (nss-
myhostname(8))."""


def same_router(one: HopReply, other: HopReply) -> bool:
    """Whether two replies certainly come from one router.

    The same address, or the same name that is not a generic one.
    """
    if one.address is not None and one.address == other.address:
        return True
    name = one.name.casefold() if one.name else None
    return name is not None and name not in GENERIC_NAMES and other.name is not None and name == other.name.casefold()


INTERFACE = re.compile(
    r"(?:eth|en[opsx]|ge|xe|et|te|gi|gig|fa|ae|po|be|lo|vl|vlan|irb|bond|tengige|hundredgige|bundle-ether|port-channel)"
    r"[-_/a-z]{0,6}\d{1,5}(?:[-_]\d{1,5}){0,4}",
    re.ASCII,
)
"""First label by which operators tell a router's interfaces apart: `eth0`, `xe-0-0-1`, `ae12`, `te0-0-0-3`."""

LEAST_LABELS = 3
"""What is left behind the interface's label must still name a device, and not a whole domain."""


def same_device(one: HopReply, other: HopReply) -> bool:
    """Whether two replies come from one router as far as names tell, which may name its interfaces apart.

    Packets of opposite ways enter a router by different interfaces, so that its replies bear different addresses.
    """
    if same_router(one, other):
        return True
    device = _device(one)
    return device is not None and device == _device(other)


def keys(reply: HopReply) -> frozenset[str]:
    """By what a reply is known: two are of one device (`same_device`) where they have one of these in common."""
    name, device = (reply.name or "").casefold(), _device(reply)
    told = (
        f"address {reply.address}" if reply.address is not None else "",
        f"name {name}" if name and name not in GENERIC_NAMES else "",
        f"device {device}" if device is not None else "",
    )
    return frozenset(filter(None, told))


def _device(reply: HopReply) -> str | None:
    """A router's name without the label of the interface; None where it has none."""
    interface, dot, device = (reply.name or "").casefold().partition(".")
    named = bool(dot) and device.count(".") + 1 >= LEAST_LABELS and INTERFACE.fullmatch(interface) is not None
    return device if named else None


def is_called(reply: HopReply, word: str) -> bool:
    """Whether *word*, a name or an address in a user's mouth, means this router.

    All of its name, its first label, its address.
    """
    wanted = word.casefold()
    name = (reply.name or "").casefold()
    return wanted in {reply.address, name, name.split(".", maxsplit=1)[0]} and bool(wanted)


def label(hop: Hop) -> str:
    """How a hop is called in a sentence: its name, else its address, else that it is silent."""
    if not hop.replies:
        return f"silent hop {hop.index}"
    return hop.replies[0].name or hop.replies[0].address or f"hop {hop.index}"
