"""What a path tool reported: the hops of one way, as far as they answered."""

from enum import StrEnum

from msgspec import Struct

from bothways.evidence.quoted_probe import Label, QuotedProbe
from bothways.units import Duration, Instant


class Mark(StrEnum):
    """What a router answered instead of "time exceeded" (traceroute's `!` marks)."""

    HOST = "!H"
    NETWORK = "!N"
    PROTOCOL = "!P"
    PROHIBITED = "!X"
    PRECEDENCE = "!V"
    NEEDS_FRAGMENTATION = "!F"
    SOURCE_ROUTE = "!S"
    CUTOFF = "!C"
    SERVICE = "!T"
    OTHER = "!<num>"
    """Another code of ICMP destination unreachable."""


class HopReply(Struct, frozen=True, kw_only=True):
    """What one responder showed at one distance; two of them where its replies differ in more than their time."""

    name: str | None
    """As the tool printed it (escaped text); None where it printed an address alone."""

    address: str | None
    """IP address, canonical; None where the tool printed a name alone."""

    marks: tuple[Mark, ...] = ()
    round_trips: tuple[Duration, ...] = ()
    """What was measured: single samples; of tools that keep statistics (mtr, Trippy) best, average, worst, in that
    order."""

    back: int | None = None
    """Hops that the reply seems to have come, by the TTL with which it arrived, where the tool prints that: tracepath's
    `asymm` and `back`, traceroute's `--back`. They print it where it differs from the hops there, so None may mean as
    many. A guess of the initial TTL is in it."""

    reply_ttl: int | None = None
    """TTL or hop limit with which the reply arrived; None where the report does not say."""

    quoted: QuotedProbe | None = None
    """What the reply quoted of the probe; None where the report shows nothing of it."""

    labels: tuple[Label, ...] = ()
    """The MPLS label stack under which the probe came, outermost first (RFC 4950); empty where none was reported."""

    networks: tuple[int, ...] = ()
    """Numbers of the autonomous systems that the tool's own look-up found for the address; it may be out of date."""


class Hop(Struct, frozen=True, kw_only=True):
    """One distance from the source. Silence is silence: `replies` is empty, not a router called `???`."""

    index: int
    """TTL of the probes, from 1."""

    line: int | None
    """Line in the report, from 1, where it stands or where its JSON value starts; None where it has none."""

    replies: tuple[HopReply, ...]
    sent: int | None
    """Probes sent at this distance; None where the report does not say."""

    loss: float | None
    """Share of probes without reply, 0 to 1; None where the report does not say. A router may limit its replies:
    loss that later hops do not share is not loss on the path."""

    mtu: int | None = None
    """Path MTU in bytes that the tool learnt at this distance (tracepath's `pmtu`, traceroute's `F=`); None where it
    learnt nothing new."""

    @property
    def silent(self) -> bool:
        """Nobody answered at this distance."""
        return not self.replies


class PathReport(Struct, frozen=True, kw_only=True):
    """One report of one way."""

    file: str
    tool: str
    """The program, or the service that ran it, in lower case: `mtr`, `traceroute`, `tracert`, `scamper`, `atlas`."""

    probe: str | None
    """`icmp`, `udp`, `tcp-syn`, `tcp-ack`; None where the report does not tell."""

    source: str | None
    """The reporting host as the report names it (often a bare host name); None where it does not."""

    destination: str | None
    """Where the probes went: name or address as the report has it; None where it is not said."""

    destination_address: str | None
    """Its IP address where the report says so, canonical; None otherwise."""

    hops: tuple[Hop, ...]
    line: int | None = None
    """Line where this report starts in its file."""

    started: Instant | None = None
    """When the tool began, by its host's clock; None where the report does not say so or names no time zone."""

    reached: bool | None = None
    """Whether the destination answered, in the tool's own word; None where it says nothing about that."""

    source_address: str | None = None
    """The address that probes were sent from, canonical; None where the report does not say so. Behind NAT the
    destination sees another one."""

    port: int | None = None
    """Destination port of the probes where all have the same; None where it varies or the report does not say."""

    flow: str | None = None
    """What keeps this report's probes on one path where a tool tries several (paris- and dublin-traceroute): its name
    of the flow; None where the tool tries one, or varies it by probe."""
