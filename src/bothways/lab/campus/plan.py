"""What a seed decides about a campus: lengths, addresses, names and ports.

Nothing of it may matter to a diagnosis. Addresses are private (RFC 1918, RFC 4193), of the benchmarking range
(RFC 2544, as RFC 6890 lists it) or for documentation (RFC 5737, RFC 3849), so that no lab ever names a real host.
"""

import ipaddress
from dataclasses import dataclass
from random import Random
from typing import Literal

Prefix = ipaddress.IPv4Network | ipaddress.IPv6Network

_ORGANISATIONS = ("orchard", "harbour", "meadow", "quarry", "lantern", "saltmarsh")
_CARRIERS = ("transit", "longline", "northpipe", "backhaul")
_CITIES = ("sfo", "fra", "osl", "nrt", "gru", "jnb", "lis")
_SITES = ("fonts", "www", "static", "shop", "api", "files")
_WORDS = ("willow", "pebble", "copper", "juniper", "thistle", "marble")
_ROLES = {
    "gateway": ("gw", "rtr", "mdf"),
    "distribution": ("dist", "aggr", "ds"),
    "firewall": ("fw", "asa", "pinch", "edge", "sx"),
    "core": ("core", "spine", "cr"),
    "border": ("border", "br", "uplink"),
}
_PORTS = (443, 443, 443, 8443, 4443)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A campus' own numbers and words."""

    ip: Literal[4, 6]
    transit: int
    """Routers between the border and the server, 2 to 5."""
    around: Literal["border", "core"]
    """Where the link around the firewall ends; it begins at the distribution."""
    inside: Prefix
    """All of the campus."""
    inside_subnets: tuple[Prefix, ...]
    outside: Prefix
    """All of the carrier's links."""
    outside_subnets: tuple[Prefix, ...]
    server_subnet: Prefix
    mirror_subnet: Prefix
    hosts: tuple[int, int, int]
    """Position of client, server and mirror in their subnets."""
    port: int
    latency_ms: float
    site: str
    """The name that people want to reach."""
    other_site: str
    devices: dict[str, str]
    """What a router, or the client, calls itself, by its node's name; a domain is part of it."""


def plan(seed: int, ip: Literal[4, 6]) -> Plan:
    """Return what a seed decides; the same for the same seed on every machine."""
    chance = Random(f"campus {seed} {ip}")  # noqa: S311 - variety, not secrecy
    transit = chance.randint(2, 5)
    organisation, carrier = f"{chance.choice(_ORGANISATIONS)}.example", f"{chance.choice(_CARRIERS)}.example"
    inside = _inside(chance, ip)
    whole = ipaddress.ip_network("198.18.0.0/15" if ip == 4 else "2001:db8::/32")
    outside = _nth(whole, 20 if ip == 4 else 48, chance.randrange(32))
    sites = chance.sample(_SITES, 2)
    word = chance.choice(_WORDS)
    return Plan(
        ip=ip,
        transit=transit,
        around=chance.choice(("border", "core")),
        inside=inside,
        inside_subnets=_subnets(inside, chance, 10),
        outside=outside,
        outside_subnets=_subnets(outside, chance, transit + 4),
        server_subnet=_documented(chance, ip, "203.0.113.0/24", "2001:db8:cafe::/48"),
        mirror_subnet=_documented(chance, ip, "192.0.2.0/24", "2001:db8:beef::/48"),
        hosts=(chance.randint(4, 13), chance.randint(4, 12), chance.randint(4, 12)),
        port=chance.choice(_PORTS),
        latency_ms=float(chance.randint(4, 20)),
        site=f"{sites[0]}.{word}.example",
        other_site=f"{sites[1]}.{word}.example",
        devices=_devices(chance, transit, organisation, carrier),
    )


def _inside(chance: Random, ip: int) -> Prefix:
    if ip == 6:
        return ipaddress.ip_network(
            f"fd{chance.randrange(256):02x}:{chance.randrange(1 << 16):x}:{chance.randrange(1 << 16):x}::/48"
        )
    if chance.random() < 0.5:
        return ipaddress.ip_network(f"10.{chance.randrange(256)}.0.0/16")
    return ipaddress.ip_network(f"172.{chance.randint(16, 31)}.{chance.randrange(0, 256, 16)}.0/20")


def _documented(chance: Random, ip: int, four: str, six: str) -> Prefix:
    whole = ipaddress.ip_network(four if ip == 4 else six)
    return _nth(whole, 28 if ip == 4 else 64, chance.randrange(16))


def _nth(whole: Prefix, length: int, position: int) -> Prefix:
    offset = position << (whole.max_prefixlen - length)
    return ipaddress.ip_network((int(whole.network_address) + offset, length))


def _subnets(whole: Prefix, chance: Random, count: int) -> tuple[Prefix, ...]:
    """Small subnets with gaps between them: addresses that look like a grown plan."""
    length = 28 if whole.version == 4 else 64
    first, step = chance.randint(1, 9), chance.randint(2, 6)
    return tuple(_nth(whole, length, first + step * n) for n in range(count))


def _devices(chance: Random, transit: int, organisation: str, carrier: str) -> dict[str, str]:
    devices = {role: f"{chance.choice(words)}{chance.randint(1, 4)}.{organisation}" for role, words in _ROLES.items()}
    city = chance.choice(_CITIES)
    first = chance.randint(1, 7)
    devices["client"] = f"desk{chance.randint(2, 30)}.{organisation}"
    devices |= {f"transit-{n + 1}": f"cr{first + n}.{city}{chance.randint(1, 3)}.{carrier}" for n in range(transit)}
    return devices
