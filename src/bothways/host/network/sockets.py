"""Numbers of Linux that Python's socket module does not name, and what many modules do with a socket."""

import errno
import os
import socket
import struct
from ipaddress import ip_address

from bothways.errors import CallError, MissingPermissionError
from bothways.evidence.endpoint import Endpoint
from bothways.wire.address import address as canonical

# linux/in.h, linux/in6.h, asm-generic/socket.h
IP_MTU_DISCOVER = 10
IP_RECVERR = 11
IP_MTU = 14
IP_PMTUDISC_PROBE = 3
"""Set Don't Fragment, and ignore the path MTU that the kernel knows."""

IPV6_MTU_DISCOVER = 23
IPV6_MTU = 24
IPV6_RECVERR = 25
SO_TIMESTAMPNS = 35
SO_RCVBUFFORCE = 33

LARGEST_HOP_LIMIT = 255


def is_v6(address: str) -> bool:
    """Whether the text of an address is one of IPv6."""
    return ":" in address


def family_of(address: str) -> socket.AddressFamily:
    """The address family of an address."""
    return socket.AF_INET6 if is_v6(address) else socket.AF_INET


def sockaddr(address: str, port: int) -> tuple[str, int] | tuple[str, int, int, int]:
    """What connect(2) and bind(2) take for an address, whose zone (`fe80::1%eth0`) may be named."""
    if not is_v6(address):
        return address, port
    plain, _, zone = address.partition("%")
    return plain, port, 0, _zone(zone)


def _zone(name: str) -> int:
    if not name:
        return 0
    try:
        return int(name) if name.isdigit() else socket.if_nametoindex(name)
    except OSError as error:
        message = f"there is no interface {name!r} on this machine"
        raise CallError(message) from error


def endpoint(name: tuple[str, int] | tuple[str, int, int, int]) -> Endpoint:
    """An end of a connection as getsockname(2) and getpeername(2) tell it, canonical, without its zone."""
    return Endpoint(canonical(ip_address(name[0].partition("%")[0]).packed), name[1])


def set_hop_limit(sock: socket.socket, ttl: int) -> None:
    """The TTL or hop limit of what a socket sends from now on, repeats included."""
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, ttl)
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)


def restore_hop_limit(sock: socket.socket) -> None:
    """Back to what the system's own connections have."""
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, -1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, _usual_ttl())


def _usual_ttl() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as fresh:
        return fresh.getsockopt(socket.IPPROTO_IP, socket.IP_TTL)


def bind_to_interface(sock: socket.socket, name: str) -> None:
    """Send and receive over one interface only.

    Raises:
        CallError: there is no such interface.
        MissingPermissionError: this system wants a privilege for it.
    """
    if not hasattr(socket, "SO_BINDTODEVICE"):
        message = f"cannot bind to interface {name!r}: this system has no SO_BINDTODEVICE; give a source address"
        raise CallError(message)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, name.encode() + b"\0")
    except PermissionError as error:
        message = f"binding to interface {name!r} takes CAP_NET_RAW on this system; give a source address instead"
        raise MissingPermissionError(message) from error
    except OSError as error:
        message = f"there is no interface {name!r} on this machine"
        raise CallError(message) from error


def pending_error(sock: socket.socket) -> int:
    """The error that waits on a socket (an errno), which is taken off it; 0 where there is none."""
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def reset_on_close(sock: socket.socket) -> None:
    """Close leaves nothing behind in this kernel, and tells the peer so (SO_LINGER of 0: a RST, no TIME-WAIT)."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def said(number: int) -> str:
    """An errno in words, with its name: `no route to host (EHOSTUNREACH)`."""
    return f"{os.strerror(number).lower()} ({errno.errorcode.get(number, number)})"


def bind_source(sock: socket.socket, address: str | None, port: int = 0) -> None:
    """Let *sock* send from an address and a port; None and 0 leave them to the kernel.

    Raises:
        CallError: the address is not this machine's, or of the other family, or another socket holds the port.
    """
    if address is None and not port:
        return
    if address is not None and family_of(address) != sock.family:
        message = f"{address} is of another address family than what is to be reached from it"
        raise CallError(message)
    if port:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    elif hasattr(socket, "IP_BIND_ADDRESS_NO_PORT"):
        # The port is chosen when it is known where to, so that many connections may share one.
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_BIND_ADDRESS_NO_PORT, 1)
    try:
        sock.bind(sockaddr(address or ("::" if sock.family == socket.AF_INET6 else "0.0.0.0"), port))  # noqa: S104 - a client's
    except OSError as error:
        where = f"{address or 'this machine'}{f' port {port}' if port else ''}"
        message = f"cannot send from {where}: {said(error.errno or 0)}"
        raise CallError(message) from error
