"""What an IP address alone tells of where it can stand."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_INSIDE = tuple(
    ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8")
) + tuple(ip_network(text) for text in ("fc00::/7", "fe80::/10", "::1/128"))
"""Addresses that mean another host in another network: RFC 1918 and 6598, 3927, 4193, 4291 section 2.5.6, and a host
to itself. Those for documentation (RFC 5737, RFC 3849) stand for public ones."""


@lru_cache(maxsize=4096)
def parsed(address: str | None) -> IPv4Address | IPv6Address | None:
    """*address* as a number; None where it is a name, or nothing."""
    try:
        return ip_address(address) if address else None
    except ValueError:
        return None


def family(address: str | None) -> int | None:
    """4 or 6; None for a name."""
    number = parsed(address)
    return number.version if number else None


@lru_cache(maxsize=4096)
def is_private(address: str | None) -> bool:
    """Whether *address* means another host in another network, and may be translated on the way."""
    number = parsed(address)
    return number is not None and any(number.version == net.version and number in net for net in _INSIDE)


def are_other_hosts(one: str | None, other: str | None) -> bool:
    """Whether two addresses certainly are two addresses of the wide network: of one family, and none translated."""
    if one == other or family(one) is None or family(one) != family(other):
        return False
    return not is_private(one) and not is_private(other)
