"""IP addresses as text."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


@lru_cache(maxsize=16_384)
def address(packed: bytes) -> str:
    """The canonical text of an address of 4 or 16 bytes (RFC 5952).

    IPv4-mapped addresses are written in the mixed form that its section 5 recommends, `::ffff:192.0.2.1`, which Python
    does by itself from 3.13 on.
    """
    if len(packed) == 4:
        return str(IPv4Address(packed))
    full = IPv6Address(packed)
    return str(full) if full.ipv4_mapped is None else f"::ffff:{full.ipv4_mapped}"


@lru_cache(maxsize=16_384)
def packed(text: str) -> bytes:
    """The 4 or 16 bytes of an address that `address` wrote."""
    return ip_address(text).packed


@lru_cache(maxsize=1 << 16)
def network_of(text: str) -> str:
    """The network that an address is counted into: a /24 of IPv4, a /64 of IPv6.

    Text that is no IP address stands for itself.
    """
    try:
        return str(ip_network(f"{text}/{64 if ':' in text else 24}", strict=False))
    except ValueError:
        return text
