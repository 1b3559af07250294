"""Rulesets of the campus, as nft(8) reads them."""

from typing import Literal

ICMP = "meta l4proto { icmp, ipv6-icmp } counter accept"
"""First, and counted by itself: what path tools send must not blur the counters of TCP's rules."""

DROP, RESET, PROHIBITED = "drop", "reject with tcp reset", "reject with icmpx type admin-prohibited"
"""What a rule does to what it does not want: `nft` words."""

TAKE = "accept"
"""What a tolerant one does."""


def stateful(*, invalid: str = DROP, first: str = "", before_routing: bool = False) -> str:
    """Let the inside open connections, and pass what belongs to them: connection tracking decides.

    Args:
        invalid: what happens to packets that fit no connection.
        first: a rule before all others.
        before_routing: whether what fits no connection is met on its way in, before the route is looked up (and the
            TTL lowered), not after.
    """
    early = f"""
    chain prerouting {{
        type filter hook prerouting priority filter; policy accept;
        meta l4proto tcp ct state invalid counter {invalid}
    }}"""
    return f"""table inet filter {{{early if before_routing else ""}
    chain forward {{
        type filter hook forward priority filter; policy drop;
        {first}
        {ICMP}
        ct state established,related counter accept
        meta l4proto tcp ct state invalid counter {invalid}
        iifname "eth0*" ct state new counter accept
    }}
}}
"""


def stateless(
    *rules: str, hook: Literal["forward", "input", "output", "postrouting"] = "forward", table: str = "filter"
) -> str:
    """Pass everything that none of *rules* stops; no connection is tracked."""
    lines = "\n        ".join(rules)
    return f"""table inet {table} {{
    chain {hook} {{
        type filter hook {hook} priority filter; policy accept;
        {lines}
    }}
}}
"""


def errors_about_tcp(kind: Literal["unreachable", "exceeded"], ip: int) -> str:
    """Match ICMP errors that quote a TCP packet: those about pings and traceroutes are others.

    The quoted header begins 64 bits into the error (RFC 792, RFC 4443 section 3), its protocol 72 bits into an IPv4
    header (RFC 791) and 48 into one of IPv6 (RFC 8200 section 3).
    """
    named = "destination-unreachable" if kind == "unreachable" else "time-exceeded"
    return f"icmpv6 type {named} @th,112,8 6" if ip == 6 else f"icmp type {named} @th,136,8 6"


def translating(inside: str, interface: str, ip: int) -> str:
    """Give all that leaves by an interface its address: NAPT, RFC 2663 section 4.1.2."""
    family = "ip" if ip == 4 else "ip6"
    return f"""table inet translation {{
    chain postrouting {{
        type nat hook postrouting priority srcnat; policy accept;
        oifname "{interface}" {family} saddr {inside} counter masquerade
    }}
}}
"""
