"""Which hops a person means who names a device: by its address, its name, or a part of the name that is its own.

Names of routers tell more than the device: the interface in front (`xe-0-0-1.fw1.example.net`) or behind (`fw1-eth0`),
or the neighbour that the interface leads to (`fw1--core`, `fw1-to-core`). That part is not the device's own.
"""

import re
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from bothways.evidence.path_report import HopReply
from bothways.evidence.report_lines import address_in
from bothways.paths.routers import INTERFACE

LONGEST_NAME = 255
"""Characters of a name that are looked at (RFC 1035 section 2.3.4)."""

_NEIGHBOUR = re.compile(r"--|[-_](?:to|2)[-_]")
"""What stands between the device's own name and that of the neighbour on this interface."""

_TOKEN = re.compile(r"[a-z0-9]+")


class Closeness(IntEnum):
    """How closely a word fits a hop."""

    PART = 1
    """Words of the device's own label, in a row."""
    DEVICE = 2
    """The device's name without its interface, or without its domain."""
    EXACT = 3
    """All of its name, its first label, its address, or a prefix that holds its address."""


@lru_cache(maxsize=4096)
def own_label(name: str) -> str:
    """The label of *name* that names the device, lower case, without interfaces and neighbours."""
    labels = name[:LONGEST_NAME].casefold().split(".")
    # What is left behind the interface's label must still be a device in a domain.
    behind_interface = len(labels) > 3 and INTERFACE.fullmatch(labels[0]) is not None
    label = _NEIGHBOUR.split(labels[1 if behind_interface else 0], maxsplit=1)[0]
    head, dash, last = label.rpartition("-")
    return head if dash and INTERFACE.fullmatch(last) else label


def keys_of(name: str) -> tuple[str, ...]:
    """The names of a device by which a list may hold the hop called *name*, the closest first; of an address none."""
    name = name[:LONGEST_NAME].casefold().rstrip(".")
    if not name or _is_address(name):
        return ()
    first, _, behind = name.partition(".")
    interface = (behind,) if INTERFACE.fullmatch(first) and own_label(name) != first else ()
    return tuple(dict.fromkeys((name, *interface, first, own_label(name))))


def closeness(reply: HopReply, word: str) -> Closeness | None:
    """How closely *word*, in a person's mouth, fits the router of *reply*; None where it does not."""
    wanted = word.casefold().rstrip(".")
    if not wanted:
        return None
    if _by_address(reply, word):
        return Closeness.EXACT
    name = (reply.name or "").casefold().rstrip(".")[:LONGEST_NAME]
    if not name or _is_address(name):
        return None
    if wanted in {name, name.partition(".")[0]}:
        return Closeness.EXACT
    own = own_label(name)
    # One report has the whole name, another the host's alone.
    short = wanted.partition(".")[0] if "." not in name else wanted
    if wanted == own or short == name or (name.partition(".")[2] == wanted and own == wanted.partition(".")[0]):
        return Closeness.DEVICE
    return Closeness.PART if _in_a_row(_TOKEN.findall(wanted), _TOKEN.findall(own)) else None


def meant_by(word: str, replies: Iterable[HopReply]) -> tuple[HopReply, ...]:
    """Those of *replies* that *word* fits most closely.

    Where it fits several devices by a part of their names only, nobody knows which is meant: see `in_doubt`.
    """
    found = list(_closest(word, tuple(dict.fromkeys(replies))))
    return () if len(_devices(found)) > 1 and _closeness_of(word, found) is Closeness.PART else tuple(found)


def in_doubt(word: str, replies: Iterable[HopReply]) -> tuple[str, ...]:
    """The names of the several devices that *word* fits by a part of them; empty where it is clear what it means."""
    found = list(_closest(word, tuple(dict.fromkeys(replies))))
    devices = _devices(found)
    return devices if len(devices) > 1 and _closeness_of(word, found) is Closeness.PART else ()


def _closest(word: str, replies: tuple[HopReply, ...]) -> tuple[HopReply, ...]:
    fits = [(found, reply) for reply in replies if (found := closeness(reply, word)) is not None]
    best = max((found for found, _ in fits), default=None)
    return tuple(reply for found, reply in fits if found is best)


def _closeness_of(word: str, found: list[HopReply]) -> Closeness | None:
    return closeness(found[0], word) if found else None


def _devices(replies: Iterable[HopReply]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(own_label(reply.name) for reply in replies if reply.name))


def _by_address(reply: HopReply, word: str) -> bool:
    if reply.address is None:
        return False
    if "/" not in word:
        return reply.address == (address_in(word) or word)
    network = network_in(word)
    return network is not None and within(reply.address, network)


@lru_cache(maxsize=4096)
def network_in(text: str) -> IPv4Network | IPv6Network | None:
    """*text* as a prefix, whose host bits may be set; None if it is none."""
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def within(address: str, network: IPv4Network | IPv6Network) -> bool:
    """Whether *address* lies in *network*."""
    try:
        return ip_address(address) in network
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    return address_in(text) is not None


def _in_a_row(wanted: list[str], tokens: list[str]) -> bool:
    """Whether *wanted* stand in *tokens* one after the other; the last one may go on with a number (`fw` in `fw1`)."""
    if not wanted:
        return False
    *head, last = wanted
    for start in range(len(tokens) - len(wanted) + 1):
        *front, end = tokens[start : start + len(wanted)]
        if front == head and last in {end, end.rstrip("0123456789")}:
            return True
    return False
