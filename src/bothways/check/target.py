"""What a user wants to have checked: `HOST[:PORT]` or a URL, read into a name or address, a port, what is said there.

One host at a time: ranges, groups and whoever is everybody are refused, because what is sent to them reaches people who
have no part in the complaint.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

from msgspec import Struct

from bothways.check.asking import SCHEMES, ask_at
from bothways.errors import CallError
from bothways.host.found import shown
from bothways.host.network.errand import Ask

USUAL_PORT = 443
"""Where none is given: most complaints are of web sites, and their sites are there."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.ASCII | re.DOTALL)
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_][a-z0-9_-]{0,62})*", re.ASCII)
_RANGE = re.compile(r"[0-9a-f.:]*(?:/\d+|[0-9]-[0-9.]+|\*)[0-9.*]*", re.ASCII | re.IGNORECASE)
_NUMBERS = re.compile(r"[0-9.]+|0x[0-9a-f]+", re.ASCII | re.IGNORECASE)
"""What was meant for an address."""

_FORM = "a target is HOST, HOST:PORT, [IPV6]:PORT or a URL: www.example.net, 192.0.2.1:22, https://www.example.net/"


class Target(Struct, frozen=True, kw_only=True):
    """One target as the user names it."""

    written: str
    """As he wrote it, printable."""

    host: str
    """A name in its ASCII form (RFC 5890 section 2.3.2.1), in lower case without a dot at its end, or an address in its
    canonical form."""

    port: int
    ask: Ask
    path: str = "/"
    """What is asked of a web server."""

    @property
    def is_address(self) -> bool:
        """Whether the host is an address, so that there is no name to look up and none to say."""
        return _address(self.host) is not None

    def __str__(self) -> str:
        """`www.example.net:443`, `[2001:db8::1]:443`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def target_of(written: str) -> Target:
    """Read one argument.

    Raises:
        CallError: It is no single host that can be checked; the sentence says why.
    """
    scheme = _SCHEME.fullmatch(written)
    told = SCHEMES.get(scheme[1].lower()) if scheme else None
    if scheme and told is None:
        message = f"{shown(written)}: no scheme {shown(scheme[1])} is known; {', '.join(SCHEMES)} are"
        raise CallError(message)
    authority, path = _authority(scheme[2]) if scheme else (written, "/")
    host, number = _split(authority, written)
    port = _port(number, written) if number is not None else (told.port if told else USUAL_PORT)
    if not port:
        message = f"{shown(written)}: say which port, as in {shown(scheme[0] if scheme else written)}:1234"
        raise CallError(message)
    ask = told.ask if told else ask_at(port)
    return Target(written=shown(written), host=host_of(host, written), port=port, ask=ask, path=path)


def host_of(host: str, written: str) -> str:
    """A name in its ASCII form or an address in its canonical one.

    Raises:
        CallError: It is neither, or an address that nobody alone has; *written* is what the sentence names.
    """
    address = _address(host)
    if address is not None:
        if why := refused(address):
            message = f"{shown(written)}: {why}"
            raise CallError(message)
        return str(address)
    if _RANGE.fullmatch(host):
        message = f"{shown(written)}: that is a range, and a check is of one host at a time; name each host"
        raise CallError(message)
    name = _ascii(host.rstrip("."))
    if name is None or not _NAME.fullmatch(name) or _NUMBERS.fullmatch(name.rpartition(".")[2]):
        message = f"{shown(written)}: {shown(host) or 'nothing'} is neither a host's name nor an address; {_FORM}"
        raise CallError(message)
    return name


def refused(address: IPv4Address | IPv6Address) -> str:
    """Why *address* is not checked, as the end of a sentence; empty where it is."""
    plain = getattr(address, "ipv4_mapped", None) or address
    if plain.is_multicast:
        return "that is a multicast address, and a TCP connection has one other end; name a host"
    if plain.is_unspecified or (plain.version == 4 and plain.packed[0] == 0):
        return "that address stands for no host; name the one that is meant"
    if plain.version == 4 and int(plain) == 0xFFFFFFFF:
        return "that is the broadcast address; name a host"
    if plain.version == 4 and plain.is_reserved:
        return "that address is reserved, and no host has it; check the number"
    if plain.is_link_local:
        return "that is a link-local address: no path leads there that could be looked at; name a host beyond the link"
    return ""


def _authority(rest: str) -> tuple[str, str]:
    """Of what follows a scheme: host and port, and what is asked for."""
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    asked = rest[len(authority) :].partition("#")[0]
    path = asked if asked.startswith("/") else f"/{asked}"
    # A URL copied from somewhere may hold spaces or control characters, which would end the request's first line.
    path = "".join(one if "!" <= one <= "~" else "".join(f"%{byte:02X}" for byte in one.encode()) for one in path)
    return authority.rpartition("@")[2], path


def _split(authority: str, written: str) -> tuple[str, str | None]:
    """Host and the port's text; None where there is none."""
    if authority.startswith("["):
        host, bracket, rest = authority[1:].partition("]")
        if bracket and (not rest or rest.startswith(":")) and ":" in host:
            return host, rest[1:] if rest else None
    elif authority.count(":") == 1:
        host, _, number = authority.partition(":")
        return host, number
    elif _address(authority) or ":" not in authority or _RANGE.fullmatch(authority):
        return authority, None
    message = f"{shown(written)}: it cannot be read; {_FORM}"
    raise CallError(message)


def _port(number: str, written: str) -> int:
    if number.isascii() and number.isdigit() and 1 <= int(number[:6]) <= 0xFFFF:
        return int(number)
    message = f"{shown(written)}: a port is a number from 1 to 65535"
    raise CallError(message)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _ascii(host: str) -> str | None:
    """The name as it stands in the DNS; None where it cannot."""
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
