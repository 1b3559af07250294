"""What the readers of capture files have in common: a packet as the file keeps it, and what the file says of itself."""

from dataclasses import dataclass

from bothways.units import Instant

LARGEST_PACKET = 262_144
"""Bytes. libpcap keeps no more of a packet (MAXIMUM_SNAPLEN), so that a larger one is damage, not a packet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPacket:
    """One packet as a capture file keeps it."""

    frame: int
    """Number in the file, from 1."""

    at: Instant
    link_type: int
    data: bytes
    """What was kept of it."""

    wire_length: int
    """Bytes that it had on the wire by the file's word, never fewer than were kept."""

    offset: int
    """Where its record starts in the file, bytes."""


@dataclass(slots=True, kw_only=True)
class FileFacts:
    """What a capture file says of itself; complete once all its packets were read."""

    format: str = "unknown"
    snap_length: int | None = None
    """The smallest limit that any of the file's interfaces had, bytes; None where there was none."""

    dropped: int | None = None
    """Packets that the capturing program lost; None where the file does not say."""

    def limit(self, snap_length: int) -> None:
        """Take an interface's snap length in; 0 stands for no limit."""
        if snap_length and (self.snap_length is None or snap_length < self.snap_length):
            self.snap_length = snap_length
