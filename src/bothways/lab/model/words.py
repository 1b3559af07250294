"""Which words may stand where in a scenario: they become names of files, interfaces, hosts and settings.

Each function answers with what is wrong, as the end of a sentence, or with nothing.
"""

import ipaddress
import math
import re

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Prefix = ipaddress.IPv4Network | ipaddress.IPv6Network
Interface = ipaddress.IPv4Interface | ipaddress.IPv6Interface

DEFAULTS = {4: "default", 6: "default6"}
"""What a route to everywhere is called, by version of IP."""
_EVERYWHERE = {"default": "0.0.0.0/0", "default6": "::/0"}

LONGEST_INTERFACE = 15
"""IFNAMSIZ - 1, linux/if.h."""

_NODE = re.compile(r"[a-z0-9]([a-z0-9-]{0,29}[a-z0-9])?")
_INTERFACE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,14}")
_TAKEN_INTERFACES = {"lo", "all", "default"}
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]{0,99}")
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")
_SETTING = re.compile(r"net(\.[A-Za-z0-9_][A-Za-z0-9_/-]*)+")


def wrong_node(name: str) -> str:
    """A node's name, which is its namespace's."""
    return "" if _NODE.fullmatch(name) else "must be 1 to 31 small letters, digits, and hyphens inside"


def wrong_interface(name: str) -> str:
    """An interface's name, as the kernel takes it, less what has a meaning of its own to some program."""
    if name in _TAKEN_INTERFACES:
        return "is a name with a meaning of its own"
    return "" if _INTERFACE.fullmatch(name) else "must be 1 to 15 letters, digits, hyphens and underscores"


def wrong_file(name: str) -> str:
    """The name of a file that a run makes."""
    return "" if _FILE.fullmatch(name) else "must be a plain file name: letters, digits, and . _ + - inside"


def wrong_host(name: str) -> str:
    """What an address is called."""
    return "" if _HOST.fullmatch(name) else "must be a host name"


def wrong_setting(name: str) -> str:
    """A kernel setting that a network namespace has for itself."""
    return "" if _SETTING.fullmatch(name) else "must be the sysctl name of a setting of the network, `net...`"


def wrong_chance(chance: float) -> str:
    """A probability."""
    return "" if 0 <= chance <= 1 else "must be from 0 to 1"


def wrong_number(number: float, least: float, most: float) -> str:
    """A number with bounds."""
    return "" if math.isfinite(number) and least <= number <= most else f"must be from {least:,} to {most:,}"


def wrong_prefix(text: str) -> str:
    """A network in CIDR notation, or everywhere."""
    try:
        prefix(text)
    except ValueError as error:
        return f"must be a prefix: {error}"
    return ""


def prefix(to: str) -> Prefix:
    """Read what a route leads to.

    Raises:
        ValueError: it is no prefix.
    """
    return ipaddress.ip_network(_EVERYWHERE.get(to, to))


def wrong_address(text: str) -> str:
    """An address alone."""
    return "" if address(text) else "must be an address of IPv4 or IPv6"


def address(text: str) -> Address | None:
    """Read an address; None if it is none, or one with a zone."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return None if getattr(found, "scope_id", None) else found


def wrong_own_address(text: str) -> str:
    """An address that an interface can have, with the length of its prefix."""
    try:
        found = ipaddress.ip_interface(text)
    except ValueError as error:
        return f"must be an address with the length of its prefix, such as 192.0.2.1/28: {error}"
    if "/" not in text:
        return "must have the length of its prefix behind it, such as /28 or /64"
    if getattr(found, "scope_id", None) or (found.version == 6 and found.is_link_local):
        return "must not be a link-local address: every interface has one of its own"
    if found.is_multicast or found.is_unspecified or found.is_loopback:
        return "must be an address that a neighbour can send to"
    network = found.network
    if found.version == 4 and network.prefixlen < 31 and found.ip in {network[0], network[-1]}:
        return f"must not be the first or the last address of {network}: they mean the network and everybody on it"
    return ""


def wrong_value(value: int | str) -> str:
    """What is written to a kernel setting."""
    if isinstance(value, int):
        return wrong_number(value, -(2**63), 2**63 - 1)
    return "" if len(value) <= 200 and value.isprintable() else "must be at most 200 printable characters"
