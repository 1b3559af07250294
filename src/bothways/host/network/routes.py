"""Where this machine's packets to an address leave, without sending any.

A datagram socket that is connected has asked the kernel's routes (connect(2)); the interface and the gateway stand in
its tables, as far as /proc shows them.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from pathlib import Path

from msgspec import Struct

from bothways.host.network.sockets import bind_source, bind_to_interface, endpoint, family_of, said, sockaddr

_ANY_PORT = 9
_UP = 0x1  # RTF_UP, linux/route.h


class Route(Struct, frozen=True, kw_only=True):
    """How packets leave."""

    source: str | None
    """Address that they bear; None: there is no route, and *why* says so."""

    interface: str = ""
    gateway: str = ""
    """Empty where the address is on the link, or where the tables do not tell."""

    why: str = ""


def route_to(address: str, *, source: str | None = None, interface: str | None = None) -> Route:
    """Ask the kernel.

    Raises:
        CallError: *source* or *interface* is not this machine's.
    """
    with socket.socket(family_of(address), socket.SOCK_DGRAM) as asking:
        if interface is not None:
            bind_to_interface(asking, interface)
        bind_source(asking, source)
        try:
            asking.connect(sockaddr(address, _ANY_PORT))
        except OSError as error:
            return Route(source=None, why=said(error.errno or 0))
        used = endpoint(asking.getsockname()).address
    over, gateway = _table_v6(address) if ":" in address else _table_v4(address)
    return Route(source=used, interface=interface or over, gateway=gateway)


def _table_v4(address: str) -> tuple[str, str]:
    """Interface and gateway of the longest prefix in /proc/net/route (proc(5)); empty where it does not tell."""
    wanted, best, found = int(IPv4Address(address)), -1, ("", "")
    for line in _lines("/proc/net/route")[1:]:
        fields = line.split()
        try:
            to, by, bits = (_host_order(fields[at]) for at in (1, 2, 7))
            name, flags = fields[0], int(fields[3], 16)
        except (IndexError, ValueError):
            continue
        if flags & _UP and wanted & bits == to and bits > best:
            best, found = bits, (name, str(IPv4Address(by)) if by else "")
    return found


def _host_order(text: str) -> int:
    return int.from_bytes(bytes.fromhex(text), "little")


def _table_v6(address: str) -> tuple[str, str]:
    wanted, best, found = IPv6Address(address.partition("%")[0]), -1, ("", "")
    for line in _lines("/proc/net/ipv6_route"):
        fields = line.split()
        try:
            length = int(fields[1], 16)
            network = IPv6Network((bytes.fromhex(fields[0]), length), strict=False)
            by, flags, name = IPv6Address(bytes.fromhex(fields[4])), int(fields[8], 16), fields[9]
        except (IndexError, ValueError):
            continue
        if flags & _UP and wanted in network and length > best and name != "lo":
            best, found = length, (name, "" if by.is_unspecified else str(by))
    return found


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
