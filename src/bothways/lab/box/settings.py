"""Kernel settings of a node: those that every lab needs, and those that the network's description asks for."""

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from bothways.errors import InputError
from bothways.lab.model.network import Node
from bothways.lab.world.nodes import within

_SETTINGS = Path("/proc/sys")

_FORWARDING: Mapping[str, int | str] = {
    # First of all: a change of it resets others (kernel: Documentation/networking/ip-sysctl.rst, ip_forward).
    "net.ipv4.ip_forward": 1,
    "net.ipv6.conf.all.forwarding": 1,
    # A redirect would have the neighbour go another way than its routes say.
    "net.ipv4.conf.all.send_redirects": 0,
    "net.ipv4.conf.default.send_redirects": 0,
}

_EVERYWHERE: Mapping[str, int | str] = {
    # That a packet comes in by another link than its answer leaves by is what this lab is about; a check of the reverse
    # path (RFC 3704) would drop it. The larger of `all` and the interface's own counts, hence both.
    "net.ipv4.conf.all.rp_filter": 0,
    "net.ipv4.conf.default.rp_filter": 0,
    # Nobody else can have these addresses, and asking for a second whether somebody has keeps every node waiting.
    "net.ipv6.conf.all.accept_dad": 0,
    "net.ipv6.conf.default.accept_dad": 0,
    # Routes are those of the description, not what a neighbour advertises; nor is a neighbour asked for any.
    "net.ipv6.conf.default.accept_ra": 0,
    "net.ipv6.conf.default.router_solicitations": 0,
    "net.ipv4.conf.all.accept_redirects": 0,
    "net.ipv4.conf.default.accept_redirects": 0,
    "net.ipv6.conf.all.accept_redirects": 0,
    "net.ipv6.conf.default.accept_redirects": 0,
    # Path tools probe many hops at once, several tools at the same time; by default a kernel answers a sender with one
    # error a second (icmp(7), icmp_ratelimit), so that hops would be missing that are there. An empty mask takes every
    # type out of both limits, per sender and per machine.
    "net.ipv4.icmp_ratemask": 0,
    "net.ipv6.icmp.ratemask": "",
    # The one that every kernel has and allows in a namespace: evidence is not to depend on where it was made.
    "net.ipv4.tcp_congestion_control": "reno",
}


def prepare(node: Node, seed: int) -> None:
    """Write what every lab needs, before the node has links: they take over what is set as the default."""
    settings = {**(_FORWARDING if node.router else {}), **_EVERYWHERE}
    # Which of several ways a flow takes is the seed's to say, not the machine's boot's; two routers choose differently.
    settings["net.ipv4.fib_multipath_hash_seed"] = _number(f"{seed} {node.name}")
    with within(node.name):
        for name, value in settings.items():
            file = _file(name)
            # Not every kernel has all of them: the hash's seed came with Linux 6.11, and IPv6 may be missing.
            with suppress(FileNotFoundError):
                file.write_text(f"{value}\n")
    _apply(node, (name for name in node.settings if not _of_interface(name) and not _of_filter(name)))


def apply_to_interfaces(node: Node) -> None:
    """Write the settings of single interfaces, which are there by now.

    Raises:
        InputError: the kernel has no such setting, or does not take the value.
    """
    _apply(node, filter(_of_interface, node.settings))


def apply_to_filter(node: Node) -> None:
    """Write the settings of connection tracking, which may come to the kernel only with a ruleset that asks for it.

    Raises:
        InputError: the kernel has no such setting, or does not take the value.
    """
    _apply(node, filter(_of_filter, node.settings))


def change(node: str, settings: Mapping[str, int | str]) -> None:
    """Write settings of a node that runs.

    Raises:
        InputError: the kernel has no such setting, or does not take the value.
    """
    with within(node):
        for name, value in settings.items():
            try:
                _file(name).write_text(f"{value}\n")
            except OSError as error:
                message = f"setting {name} = {value} of {node}: {error.strerror}"
                raise InputError(message) from error


def _apply(node: Node, names: Iterable[str]) -> None:
    change(node.name, {name: node.settings[name] for name in names})


def _file(name: str) -> Path:
    """The file of a setting; as sysctl(8) has it, a slash in a name's part stands for the part's own dot."""
    return _SETTINGS / name.translate(str.maketrans("./", "/."))


def _of_interface(name: str) -> bool:
    return _part(name, 2) in {"conf", "neigh"} and _part(name, 3) not in {"all", "default"}


def _of_filter(name: str) -> bool:
    return _part(name, 1) == "netfilter"


def _part(name: str, position: int) -> str:
    parts = name.split(".")
    return parts[position] if position < len(parts) else ""


def _number(text: str) -> int:
    """A number from 1 to 2^32 - 1 that is as good as drawn; 0 would mean the machine's own."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") or 1
