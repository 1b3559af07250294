"""What an ICMP error shows of the probe that it answers: how it looked when it arrived there.

A difference from what was sent tells of a device that rewrote it on the way (tracebox: Detal et al. 2013, "Revealing
Middlebox Interference with Tracebox").
"""

from msgspec import Struct


class QuotedProbe(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The quoted headers, as far as the report shows them; None is "not shown", never zero."""

    ttl: int | None = None
    """TTL that was left when the probe was dropped: 1 is ordinary, 0 a router that forwards at 1, more a hidden one."""

    tos: int | None = None
    """Type of service or traffic class, all eight bits."""

    source: str | None = None
    """Source address, canonical: another one than was sent from is NAT in between."""

    destination: str | None = None

    source_port: int | None = None
    destination_port: int | None = None
    ip_id: int | None = None
    size: int | None = None
    """Total length of the quoted IP packet, in bytes, by its own header."""

    mss: int | None = None
    """Maximum segment size that a quoted SYN offers, in bytes."""

    rewritten: bool | None = None
    """Whether addresses or ports differ from what was sent, by its checksum, where a tool tells that alone (`nat_id` of
    dublin-traceroute, `nat` of Trippy): NAT in between."""


class Label(Struct, frozen=True, kw_only=True):
    """One entry of an MPLS label stack (RFC 3032 section 2.1)."""

    value: int
    """20 bits."""

    traffic_class: int | None = None
    """3 bits (RFC 5462)."""

    bottom: bool | None = None
    """Whether it is the last of the stack."""

    ttl: int | None = None
    """8 bits."""
