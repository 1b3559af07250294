"""One TCP segment as one observer saw it."""

from enum import IntFlag, StrEnum

from msgspec import Struct

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.said import Said
from bothways.units import Instant


class Flags(IntFlag):
    """The control bits of a TCP header (RFC 9293 section 3.1) at their places in the 16-bit word's low byte."""

    FIN = 0x01
    SYN = 0x02
    RST = 0x04
    PSH = 0x08
    ACK = 0x10
    URG = 0x20
    ECE = 0x40
    CWR = 0x80


# Asked of every packet again and again; the operators of IntFlag are Python's own and take ten times as long.
_FIN, _SYN, _RST, _ACK = int(Flags.FIN), int(Flags.SYN), int(Flags.RST), int(Flags.ACK)


class Content(StrEnum):
    """What the payload of a segment begins with, as far as its first bytes tell."""

    NOTHING = "nothing"
    CLIENT_HELLO = "client-hello"
    """A TLS record of type handshake that starts with a ClientHello (RFC 8446 section 4.1.2)."""
    TLS = "tls"
    """Another TLS record."""
    HTTP_REQUEST = "http-request"
    HTTP_RESPONSE = "http-response"
    OTHER = "other"
    """Bytes of none of these kinds: another protocol, or the middle of a message."""
    CUT_OFF = "cut-off"
    """There was payload, and the snap length kept too little of it to tell."""


class Checksum(StrEnum):
    """What a segment's checksum says (RFC 9293 section 3.1)."""

    GOOD = "good"
    BAD = "bad"
    UNFINISHED = "unfinished"
    """The sum of the pseudo-header alone, as a host leaves it that lets its network card do the rest: captures on the
    sender show it, and captures of what never crossed a cable. It says nothing."""


class Options(Struct, frozen=True, kw_only=True):
    """TCP options of one segment. An absent option is None; `cut` says that the list is incomplete."""

    mss: int | None = None
    """Maximum segment size in bytes (RFC 9293 section 3.7.1); on SYNs only."""

    window_scale: int | None = None
    """Shift count (RFC 7323 section 2); on SYNs only."""

    sack_permitted: bool = False
    sack_blocks: tuple[tuple[int, int], ...] = ()
    """Left and right edges, absolute sequence numbers (RFC 2018 section 3)."""

    ts_value: int | None = None
    """TSval (RFC 7323 section 3)."""

    ts_echo: int | None = None
    """TSecr (RFC 7323 section 3)."""

    others: tuple[tuple[int, int], ...] = ()
    """Kind and length in bytes of every other option, in their order: Fast Open, MPTCP, whatever there is."""

    cut: bool = False
    """The snap length cut the options off: an option that is None here may have been on the wire."""


class Segment(Struct, frozen=True, kw_only=True):
    """One TCP segment: header fields as they stood in the frame, nothing interpreted."""

    frame: int
    """Number of the frame in its capture file, from 1; of a packet in fragments, of the one that completed it."""

    part: int = 0
    """Which of the capture's files holds the frame, as an index into `Survey.parts`."""

    number: int
    """Place of the frame among all packets of the capture, from 1: the order in which they were recorded."""

    at: Instant
    """The observer's time stamp."""

    source: Endpoint
    destination: Endpoint

    seq: int
    """Sequence number, absolute, 0 to 2^32-1."""

    ack: int
    """Acknowledgement number, absolute; meaningless unless the ACK bit is set."""

    flags: Flags

    window: int
    """The window field as on the wire, not scaled."""

    payload: int
    """Bytes of TCP payload by the IP header's lengths: also right where the snap length cut the bytes off.
    May exceed the path's MTU where the observer's own host left segmentation to its network card."""

    ttl: int
    """TTL (IPv4) or hop limit (IPv6) as it arrived at the observer."""

    ip_id: int | None
    """IPv4 identification field; None for IPv6. Unique per packet only where the sender counts (RFC 6864)."""

    options: Options
    content: Content = Content.NOTHING

    name: str | None = None
    """The server's name if this segment carries one: SNI of a ClientHello, Host of an HTTP request. Escaped text."""

    said: Said | None = None
    """What its payload says of the service itself; None where it says nothing that can be read."""

    link_source: str | None = None
    """Link-layer sender (MAC address as hex with colons), None where the link type carries none."""

    link_receiver: str | None = None
    """Link-layer receiver, likewise; looked at in Ethernet only, and only of packets that are kept."""

    layers: tuple[str, ...] = ()
    """What carried the packet between the link header and its own IP header, outermost first: `vlan 12`, `mpls 1000`,
    `vxlan 42 10.0.0.1 > 10.0.0.2`. Of everything else only the innermost packet is told here, its TTL included."""

    partial: bool = False
    """Only the first fragment of its packet, or of one that carried it, was seen: where the packet itself was cut in
    fragments, `payload` counts only what the first one holds."""

    checksum: Checksum | None = None
    """None where it was not looked at, or the snap length left too little of the segment."""

    @property
    def has_ack(self) -> bool:
        """Whether `ack` counts."""
        return int(self.flags) & _ACK != 0

    @property
    def is_syn(self) -> bool:
        """The opening SYN, without ACK."""
        return int(self.flags) & (_SYN | _ACK) == _SYN

    @property
    def is_syn_ack(self) -> bool:
        """The server's half of the handshake."""
        return int(self.flags) & (_SYN | _ACK) == _SYN | _ACK

    @property
    def is_reset(self) -> bool:
        """A RST, with or without ACK."""
        return int(self.flags) & _RST != 0

    @property
    def is_fin(self) -> bool:
        """The sender says it has no more data."""
        return int(self.flags) & _FIN != 0

    @property
    def is_bare_ack(self) -> bool:
        """An acknowledgement that carries nothing else."""
        return int(self.flags) & (_ACK | _SYN | _FIN | _RST) == _ACK and not self.payload
