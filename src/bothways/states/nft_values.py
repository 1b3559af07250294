"""Values on the right side of nftables matches: one, a range, or an anonymous set of them (nft(8), "EXPRESSIONS").

Each function gives None where it does not understand every element, for half a match would be another rule.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network, summarize_address_range

from bothways.evidence.report_lines import escaped

STATES = frozenset({"new", "established", "related", "invalid", "untracked"})
MOST_PREFIXES = 200_000
"""Prefixes of one match: as many as a line of the listing can name. A range falls into many and could fill memory."""

PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "132": "sctp", "ipv6-icmp": "icmpv6"}
"""Numbers and nft's second names, as this program calls them (IANA's protocol numbers)."""


def elements(value: str) -> list[str]:
    """The elements of `a`, `a,b` or `{ a, b }`."""
    inner = value[1:-1] if value.startswith("{") and value.endswith("}") else value
    return [one.strip() for one in inner.split(",") if one.strip()]


def prefixes(value: str) -> tuple[str, ...] | None:
    """Addresses, prefixes and ranges as prefixes, hosts as /32 or /128."""
    found: list[str] = []
    for one in elements(value):
        try:
            found.extend(_networks(one))
        except (ValueError, TypeError):
            return None
        if len(found) > MOST_PREFIXES:
            return None
    return tuple(found) or None


def _networks(one: str) -> list[str]:
    first, dash, last = one.partition("-")
    if not dash:
        return [escaped(str(ip_network(one, strict=False)))]
    low, high = ip_address(first.strip()), ip_address(last.strip())
    # A range of one family falls into at most 62 prefixes (IPv4) or 254 (IPv6).
    if isinstance(low, IPv4Address) and isinstance(high, IPv4Address):
        return [str(network) for network in summarize_address_range(low, high)]
    if isinstance(low, IPv6Address) and isinstance(high, IPv6Address):
        return [str(network) for network in summarize_address_range(low, high)]
    raise ValueError


def ports(value: str) -> tuple[tuple[int, int], ...] | None:
    """Ports and ranges of ports as inclusive ranges. Names of services are not looked up."""
    found: list[tuple[int, int]] = []
    for one in elements(value):
        match = re.fullmatch(r"(\d{1,5})(?:\s*-\s*(\d{1,5}))?", one, re.ASCII)
        if match is None:
            return None
        low, high = int(match[1]), int(match[2] or match[1])
        if not low <= high <= 0xFFFF:
            return None
        found.append((low, high))
    return tuple(found) or None


def states(value: str) -> frozenset[str] | None:
    """States of connection tracking; nft also writes alternatives with a bar."""
    found = frozenset(elements(value.replace("|", ",")))
    return found if found and found <= STATES else None


def protocols(value: str) -> frozenset[str] | None:
    """Names of transport protocols."""
    found = frozenset(PROTOCOLS.get(one, one) for one in elements(value))
    return found if found and all(re.fullmatch(r"[a-z][a-z0-9-]{0,15}", one, re.ASCII) for one in found) else None
