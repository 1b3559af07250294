"""An ICMP or ICMPv6 error, joined to the TCP connection that it quotes."""

from enum import StrEnum

from msgspec import Struct

from bothways.evidence.endpoint import Endpoint
from bothways.units import Instant


class Unreachable(StrEnum):
    """What the reporter says, the same words for both address families."""

    PROHIBITED = "prohibited"
    """ICMP 3/9, 3/10, 3/13 (RFC 1812 section 5.2.7.1), ICMPv6 1/1, 1/5, 1/6 (RFC 4443 section 3.1): an administrator
    forbids it."""
    HOST = "host"
    """ICMP 3/1, 3/7 and ICMPv6 1/3: the last router cannot reach the host."""
    NETWORK = "network"
    """ICMP 3/0, 3/6 and ICMPv6 1/0: no route."""
    PORT = "port"
    """ICMP 3/3 and ICMPv6 1/4. A host says it of UDP; of TCP a filter says it (Linux `reject` by default)."""
    TOO_BIG = "too-big"
    """ICMP 3/4 (RFC 1191) and ICMPv6 2/0 (RFC 8201)."""
    EXPIRED = "expired"
    """ICMP 11/0 and ICMPv6 3/0: the TTL ran out in transit."""
    OTHER = "other"


class IcmpError(Struct, frozen=True, kw_only=True):
    """One error message and as much of the quoted packet as it brought along."""

    frame: int
    """Number of the frame in its capture file, from 1."""

    part: int = 0
    """Which of the capture's files holds the frame, as an index into `Survey.parts`."""

    at: Instant
    reporter: str
    """Address of the router or host that sent the error."""

    says: Unreachable
    type: int
    """Type as on the wire (ICMP or ICMPv6 numbering, by the reporter's address family)."""

    code: int
    next_hop_mtu: int | None
    """MTU that a too-big message reports, in bytes; None for other messages and where it reports none (RFC 1191
    section 5)."""

    ttl: int
    """TTL of the error itself as it arrived at the observer."""

    source: Endpoint
    """Sender of the quoted packet."""

    destination: Endpoint
    """Where the quoted packet was going."""

    seq: int | None
    """Sequence number in the quote; None where the quote was cut before it."""

    quoted_ttl: int
    """TTL in the quoted IP header."""

    receiver: str | None = None
    """Address that the error itself was sent to."""

    translated: Endpoint | None = None
    """Source in the quote, where it is none that this observer knows: a translator gave the error to its host and left
    its own address in the quote. `source` is then what the host itself used."""

    quoted_ip_id: int | None = None
    """Its IPv4 identification; None for IPv6."""

    quoted_mss: int | None = None
    """Maximum segment size that a quoted SYN announces; None for other packets and for short quotes."""
