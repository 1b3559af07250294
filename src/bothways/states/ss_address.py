"""Addresses as ss prints them: `10.0.0.1:443`, `[2001:db8::1]:443`, `*:22`, `[fe80::1]%eth0:546`, and older `:::22`."""

import re
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.report_lines import address_in

_ADDRESS = re.compile(
    r"(?:\[(?P<six>[^\]]+)\]|(?P<plain>[^%\[\]]+?))(?:%(?P<zone>[^:%\[\]]{1,15}))?:(?P<port>[^:\s]{1,40})"
)
_ANY = {"*", "0.0.0.0", "::"}  # noqa: S104 - as printed, nothing is bound to it

SERVICES = {
    "ftp": 21,
    "ssh": 22,
    "telnet": 23,
    "smtp": 25,
    "domain": 53,
    "http": 80,
    "kerberos": 88,
    "pop3": 110,
    "sunrpc": 111,
    "imap2": 143,
    "imap": 143,
    "bgp": 179,
    "ldap": 389,
    "https": 443,
    "microsoft-ds": 445,
    "submissions": 465,
    "submission": 587,
    "ldaps": 636,
    "domain-s": 853,
    "imaps": 993,
    "pop3s": 995,
    "ms-sql-s": 1433,
    "nfs": 2049,
    "mysql": 3306,
    "ms-wbt-server": 3389,
    "postgresql": 5432,
    "amqp": 5672,
    "x11": 6000,
    "redis": 6379,
    "http-alt": 8080,
}
"""The IANA service names that somebody who forgot -n is likeliest to see; any other one is asked for by number."""


class SocketAddress(NamedTuple):
    """One end of a socket."""

    address: str | None
    """Canonical; an IPv4 address in IPv6 clothes (RFC 4291 section 2.5.5.2) as IPv4. None for any address."""

    port: int | None
    """None for any port, and for a service name that is not known."""


def address_and_port(text: str) -> SocketAddress | None:
    """The end that *text* names; None where it names none."""
    match = _ADDRESS.fullmatch(text)
    if match is None:
        return None
    port = _port(match["port"])
    address = match["six"] or match["plain"]
    if address in _ANY:
        return SocketAddress(None, port)
    known = _unmapped(address)
    return None if known is None else SocketAddress(known, port)


def peer_of(end: SocketAddress) -> Endpoint | None:
    """A peer; None where a listening socket's row only says that it could be any."""
    return Endpoint(end.address, end.port) if end.address is not None and end.port is not None else None


def _port(text: str) -> int | None:
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 5 and int(text) <= 0xFFFF else None
    return SERVICES.get(text)


def _unmapped(text: str) -> str | None:
    address = address_in(text)
    if address is None or "%" in address:
        return address
    parsed = ip_address(address)
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return str(mapped) if mapped else address
