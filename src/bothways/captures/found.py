"""An IP packet where it was found in a frame."""

from msgspec import Struct

from bothways.captures.raw_packet import RawPacket
from bothways.wire.ip import IpHeader


class Found(Struct, frozen=True, kw_only=True):
    """An IP packet, and what carried it."""

    packet: RawPacket
    """The frame that is cited for it."""

    data: bytes
    """What the header's offsets count in: the frame's bytes, or those of a datagram put together from fragments."""

    ip: IpHeader
    link_source: str | None
    layers: tuple[str, ...]
    """See `Segment.layers`."""

    partial: bool = False
    """See `Segment.partial`."""
