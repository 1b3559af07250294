"""IP addresses as text."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address


@lru_cache(maxsize=16_384)
def address(packed: bytes) -> str:
    """The canonical text of an address of 4 or 16 bytes (RFC 5952)."""
    return str(IPv4Address(packed)) if len(packed) == 4 else str(IPv6Address(packed))
