"""The bodies of pcapng blocks (draft-ietf-opsawg-pcapng section 4)."""

import struct
from collections.abc import Iterator

from msgspec import Struct

from bothways.evidence.report_lines import escaped
from bothways.units import NANOSECONDS_PER_SECOND, Instant
from bothways.wire.address import address

_END_OF_OPTIONS = 0
_IF_TSRESOL = 9
_IF_FILTER = 11
_IF_TSOFFSET = 14
_EPB_DROPCOUNT = 4
_ISB_IFDROP = 5
_ISB_OSDROP = 7

_LIBPCAP_FILTER = 0
"""First byte of a filter option whose rest is the filter's text; others are programs for machines."""

_LONGEST_FILTER = 1000
"""Bytes of a filter's text that are kept."""

_LONGEST_NAME = 1020
"""Bytes of a name that are kept: room for 255 characters of any kind."""

_UNKNOWN_DROPS = 0xFFFF

_ADDRESS_BYTES = {1: 4, 2: 16}
"""By the kind of a name record: IPv4, IPv6; the other kinds name link-layer addresses."""

_LATEST = (1 << 63) - 1
"""The furthest moment that 64 bits of nanoseconds hold, the year 2262; a file may claim later ones."""


class Interface(Struct, frozen=True, kw_only=True):
    """One interface that a section captured on."""

    link_type: int
    snap_length: int
    """Bytes kept of each packet; 0 for no limit."""

    resolution: int = 1_000_000
    """Ticks of its time stamps in a second."""

    offset: int = 0
    """Seconds to add to its time stamps."""

    filter: bytes | None = None
    """The text of its capture filter as the file has it; None where it has none."""

    def instant(self, ticks: int) -> Instant:
        """The moment that a time stamp means."""
        moment = self.offset * NANOSECONDS_PER_SECOND + ticks * NANOSECONDS_PER_SECOND // self.resolution
        return Instant(max(-_LATEST, min(moment, _LATEST)))


class PacketBody(Struct, frozen=True, kw_only=True):
    """What a block with a packet holds."""

    interface: int
    ticks: int | None
    """Time stamp in the interface's units; None in simple packet blocks, which have none."""

    kept: int
    """Bytes of the packet that the block claims to hold."""

    data: bytes
    """Fewer than `kept` where the block is too short for its claim."""

    wire_length: int
    lost: int | None = None
    """Packets lost on the interface between the one before and this one; None where the block does not say."""


class BlockReader:
    """Reads block bodies of a section in its byte order. Too short a body gives None."""

    def __init__(self, byte_order: str) -> None:
        self.pair = struct.Struct(byte_order + "II")
        """A block's type and total length."""

        self.length = struct.Struct(byte_order + "I")
        """A block's total length, repeated at its end."""

        self.version = struct.Struct(byte_order + "HH")
        """A section's format version, major and minor."""

        self._interface = struct.Struct(byte_order + "H2xI")
        self._packet = struct.Struct(byte_order + "IIIII")
        self._old_packet = struct.Struct(byte_order + "HHIIII")
        self._statistics = struct.Struct(byte_order + "III")
        self._option = struct.Struct(byte_order + "HH")
        self._wide = struct.Struct(byte_order + "Q")
        self._wide_signed = struct.Struct(byte_order + "q")

    def interface(self, body: bytes) -> Interface | None:
        """An interface description (section 4.2)."""
        if len(body) < self._interface.size:
            return None
        link_type, snap_length = self._interface.unpack_from(body)
        resolution, offset, text = 1_000_000, 0, None
        for code, value in self._options(body, self._interface.size):
            if code == _IF_TSRESOL and len(value) == 1:
                # "If the Most Significant Bit is equal to zero, the remaining bits indicates the resolution of the
                # timestamp as a negative power of 10 [...] If the Most Significant Bit is equal to one, [...] of 2"
                resolution = 2 ** (value[0] & 0x7F) if value[0] & 0x80 else 10 ** value[0]
            elif code == _IF_TSOFFSET and len(value) == self._wide_signed.size:
                (offset,) = self._wide_signed.unpack(value)
            elif code == _IF_FILTER and len(value) > 1 and value[0] == _LIBPCAP_FILTER:
                text = value[1 : 1 + _LONGEST_FILTER].rstrip(b"\0")
        return Interface(
            link_type=link_type, snap_length=snap_length, resolution=resolution, offset=offset, filter=text or None
        )

    def packet(self, body: bytes) -> PacketBody | None:
        """An enhanced packet (section 4.3)."""
        if len(body) < self._packet.size:
            return None
        interface, high, low, kept, wire_length = self._packet.unpack_from(body)
        end = self._packet.size + kept
        lost = None
        # Options stand behind the padding; most packets have none.
        if len(body) > end + -kept % 4:
            for code, value in self._options(body, end + -kept % 4):
                if code == _EPB_DROPCOUNT and len(value) == self._wide.size:
                    (lost,) = self._wide.unpack(value)
        return PacketBody(
            interface=interface,
            ticks=high << 32 | low,
            kept=kept,
            data=body[self._packet.size : end],
            wire_length=wire_length,
            lost=lost,
        )

    def old_packet(self, body: bytes) -> PacketBody | None:
        """A packet in the block that the enhanced one replaced (appendix A)."""
        if len(body) < self._old_packet.size:
            return None
        interface, lost, high, low, kept, wire_length = self._old_packet.unpack_from(body)
        return PacketBody(
            interface=interface,
            ticks=high << 32 | low,
            kept=kept,
            data=body[self._old_packet.size : self._old_packet.size + kept],
            wire_length=wire_length,
            lost=None if lost == _UNKNOWN_DROPS else lost,
        )

    def simple_packet(self, body: bytes, snap_length: int) -> PacketBody | None:
        """A packet without a time stamp, of the first interface, whose limit tells how much was kept (section 4.4)."""
        if len(body) < self.length.size:
            return None
        (wire_length,) = self.length.unpack_from(body)
        kept = min(wire_length, snap_length) if snap_length else wire_length
        data = body[self.length.size : self.length.size + kept]
        return PacketBody(interface=0, ticks=None, kept=kept, data=data, wire_length=wire_length)

    def dropped(self, body: bytes) -> tuple[int, int] | None:
        """Number of the interface and packets lost on it so far (section 4.6); None where the block does not say."""
        if len(body) < self._statistics.size:
            return None
        interface, _, _ = self._statistics.unpack_from(body)
        lost = [
            int(self._wide.unpack(value)[0])
            for code, value in self._options(body, self._statistics.size)
            if code in {_ISB_IFDROP, _ISB_OSDROP} and len(value) == self._wide.size
        ]
        return (interface, sum(lost)) if lost else None

    def names(self, body: bytes) -> Iterator[tuple[str, str]]:
        """Addresses and their names, of each the first, escaped (section 4.5)."""
        for kind, value in self._options(body, 0):
            size = _ADDRESS_BYTES.get(kind)
            if size is None or len(value) <= size:
                continue
            name = name_text(value[size:].split(b"\0", 1)[0][:_LONGEST_NAME])
            if name:
                yield address(value[:size]), name

    def _options(self, body: bytes, at: int) -> Iterator[tuple[int, bytes]]:
        """Code and value of each option (section 3.5) or name record; one that claims more than is left ends them."""
        while at + self._option.size <= len(body):
            code, length = self._option.unpack_from(body, at)
            at += self._option.size
            if code == _END_OF_OPTIONS or at + length > len(body):
                return
            yield code, body[at : at + length]
            at += length + -length % 4


def name_text(raw: bytes) -> str:
    """A name record's name, escaped; empty where it is blank."""
    return escaped(_text(raw).strip())


def filter_text(raw: bytes) -> str:
    """The text of a capture filter, escaped."""
    return escaped(_text(raw), _LONGEST_FILTER)


def _text(raw: bytes) -> str:
    """UTF-8 as the format has all text; what is none shows up as escapes."""
    return raw.decode(errors="surrogateescape")
