"""What probes brought: packets sent on purpose, each with a limited way to go, and what came back for each.

A *trace* sends one kind of packet of one flow at growing TTLs (RFC 1812 section 5.3.1: the router that counts it down
to nought says so). Laid side by side, traces of different packets of the same flow show what a device on the path
drops, and between which two distances it stands.
"""

from enum import StrEnum

from msgspec import Struct

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.path_report import Mark
from bothways.evidence.quoted_probe import QuotedProbe
from bothways.units import Duration, Instant


class Sends(StrEnum):
    """What a trace sends. *Inside* is within a connection that the kernel opened and still holds."""

    SYN = "syn"
    """The opening of a connection that is not there yet; the kernel's own, or one like it."""
    STRAY_ACK = "stray-ack"
    """An ACK that belongs to no connection, and to no SYN that any device saw."""
    INSIDE_SYN = "inside-syn"
    """The connection's own SYN once more, after its SYN+ACK came."""
    INSIDE_ACK = "inside-ack"
    """A bare ACK of the connection, numbered as a keepalive, which servers answer (RFC 9293 section 3.8.4)."""
    INSIDE_DATA = "inside-data"
    """A few harmless bytes in the connection: no ClientHello, no name in them."""
    INSIDE_HELLO = "inside-hello"
    """A TLS ClientHello with the name that was asked for."""
    INSIDE_OTHER_HELLO = "inside-other-hello"
    """A ClientHello of the same size with another name."""
    INSIDE_LARGE = "inside-large"
    """Harmless bytes in a segment as large as the connection's MSS allows, not to be fragmented."""
    UDP = "udp"
    """Datagrams to ports where nobody listens."""


class Came(StrEnum):
    """What came back."""

    TIME_EXCEEDED = "time-exceeded"
    """ICMP: a router counted the TTL down to nought."""
    UNREACHABLE = "unreachable"
    """ICMP destination unreachable, whichever code."""
    TOO_BIG = "too-big"
    """ICMP fragmentation needed (type 3 code 4), ICMPv6 packet too big."""
    SYN_ACK = "syn-ack"
    RESET = "reset"
    ACK = "ack"
    """A segment without data that acknowledges, a challenge among them (RFC 5961)."""
    DATA = "data"
    """A segment with data of the server."""
    ERROR = "error"
    """The kernel told its program of an ICMP error and not whose (EHOSTUNREACH on a socket)."""


class Reply(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer to one probe."""

    came: Came
    sender: str | None
    """Address that it came from, canonical; None where the kernel did not say."""

    after: Duration
    """Since the probe was sent."""

    ttl: int | None = None
    """TTL or hop limit with which it arrived."""

    mark: Mark | None = None
    """Which kind of unreachable."""

    mtu: int | None = None
    """Bytes that would fit, where it is too big."""

    quoted: QuotedProbe | None = None
    """What an ICMP error shows of the probe."""

    rewritten: tuple[str, ...] = ()
    """What the quote shows otherwise than it was sent: `source address`, `sequence number`, `MSS`, ...; TTL, checksum
    and what else every router changes are left out."""


class Shot(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One probe."""

    line: int
    ttl: int
    at: Instant
    replies: tuple[Reply, ...] = ()
    """In the order of their arrival; empty: silence until the trace was over."""


class ProbeTrace(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One kind of packet in one flow, at one distance after the other."""

    line: int
    sends: Sends
    source: Endpoint
    destination: Endpoint
    size: int
    """Bytes of each IP packet."""

    shots: tuple[Shot, ...]
    """In the order in which they were sent; several may have the same TTL."""

    name: str | None = None
    """The server name in a ClientHello, escaped."""

    ended: Instant | None = None
    """Until when replies were awaited; None where the log was broken off before."""

    control: bool = False
    """It went to something that was probed for comparison."""


class ProbeLog(Struct, frozen=True, kw_only=True):
    """All traces of one file, in its order."""

    file: str
    traces: tuple[ProbeTrace, ...]
