"""What the readers of capture files have in common: a packet as the file keeps it, and what the file says of itself."""

from msgspec import Struct, field

from bothways.units import Instant

LARGEST_PACKET = 262_144
"""Bytes. libpcap keeps no more of a packet (MAXIMUM_SNAPLEN), so that a larger one is damage, not a packet."""

_UNKNOWN = "unknown"


class RawPacket(Struct, frozen=True, kw_only=True):
    """One packet as a capture file keeps it."""

    frame: int
    """Number in the file, from 1."""

    part: int = 0
    """Which of the capture's files holds it, from 0."""

    number: int
    """Place in the capture over all its files, from 1."""

    at: Instant
    link_type: int
    data: bytes
    """What was kept of it."""

    wire_length: int
    """Bytes that it had on the wire by the file's word, never fewer than were kept."""

    offset: int
    """Where its record starts in the file, bytes."""


class FileFacts(Struct, kw_only=True):
    """What a capture file says of itself; complete once all its packets were read."""

    format: str = _UNKNOWN
    snap_length: int | None = None
    """The smallest limit that any of the file's interfaces had, bytes; None where there was none."""

    dropped: int | None = None
    """Packets that the capturing program lost; None where the file does not say."""

    ended_early: bool = False
    """The file ends within a record."""

    names: dict[str, str] = field(default_factory=dict)
    """Names by address, as the file resolves them, escaped."""

    filters: dict[bytes, None] = field(default_factory=dict)
    """The capture filters that the file says were in force, as it has them, in order."""

    def __or__(self, other: "FileFacts") -> "FileFacts":
        """What two files of one capture say together."""
        formats = dict.fromkeys((*self.format.split(", "), *other.format.split(", ")))
        if len(formats) > 1:
            formats.pop(_UNKNOWN, None)
        limits = [limit for limit in (self.snap_length, other.snap_length) if limit is not None]
        lost = (self.dropped or 0) + (other.dropped or 0)
        # A file that says nothing may have lost some: beside it, another's nought is no nought of the whole.
        known = lost or (self.dropped is not None and other.dropped is not None)
        return FileFacts(
            format=", ".join(formats),
            snap_length=min(limits, default=None),
            dropped=lost if known else None,
            ended_early=self.ended_early or other.ended_early,
            names=other.names | self.names,
            filters=self.filters | other.filters,
        )

    def limit(self, snap_length: int) -> None:
        """Take an interface's snap length in; 0 stands for no limit, and so does more than any packet can have."""
        if 0 < snap_length <= LARGEST_PACKET and (self.snap_length is None or snap_length < self.snap_length):
            self.snap_length = snap_length
