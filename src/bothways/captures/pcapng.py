"""Captures in blocks: draft-ietf-opsawg-pcapng."""

from collections.abc import Generator, Iterator

from bothways.captures.losses import Losses
from bothways.captures.pcapng_blocks import BlockReader, Interface, PacketBody
from bothways.captures.raw_packet import LARGEST_PACKET, FileFacts, RawPacket
from bothways.captures.stream import ByteStream
from bothways.captures.troubles import Trouble
from bothways.evidence.problem import Problem
from bothways.units import Instant

SECTION_HEADER = b"\x0a\x0d\x0d\x0a"
"""Type of the block that starts a section; reads the same in both byte orders."""

_BYTE_ORDERS = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}
"""The byte-order magic 0x1A2B3C4D as each kind of writer writes it (section 4.1)."""

_MAJOR = 1
_INTERFACE = 1
_OLD_PACKET = 2
_SIMPLE_PACKET = 3
_NAMES = 4
_STATISTICS = 5
_PACKET = 6
_READ = frozenset({_INTERFACE, _OLD_PACKET, _SIMPLE_PACKET, _STATISTICS, _PACKET})
"""Blocks without which the rest cannot be understood; names are read where they are short enough."""

_MOST_NAMES = 10_000
"""Names kept of one file; a case has dozens, and Wireshark may write down all that it ever resolved."""

_MOST_FILTERS = 10

_LARGEST_BLOCK = 1 << 20
"""Bytes of a block that is read into memory: room for the largest packet and for more options than anybody writes."""

_MOST_INTERFACES = 1 << 16
"""In a section; the oldest kind of packet block could not name more."""

_FRAME = 12
"""Bytes of a block around its body: type, length, and the length again."""


def read_pcapng(stream: ByteStream, facts: FileFacts) -> Iterator[RawPacket | Problem]:
    """Give the packets of a pcapng capture, in order, and problems where they stand.

    A block whose content makes no sense is stepped over; where the chain of blocks itself breaks, reading ends.

    Args:
        stream: The file behind the type of its first block, which is a section header.
        facts: Filled with what the blocks say, as they are read.
    """
    facts.format = "pcapng"
    return _Pcapng(stream, facts).items()


class _Pcapng:
    """The state of a walk over blocks: the section's byte order and interfaces, and the packets counted so far."""

    def __init__(self, stream: ByteStream, facts: FileFacts) -> None:
        self._stream = stream
        self._facts = facts
        self._blocks = BlockReader("<")
        self._interfaces: list[Interface] = []
        self._used: set[int] = set()
        self._foreign = False
        self._losses = Losses()
        self._frame = 0
        self._latest = Instant(0)
        self._timeless = False

    def items(self) -> Iterator[RawPacket | Problem]:
        """All packets and problems."""
        yield from self._walk()
        if not self._frame:
            for interface in self._interfaces:
                self._facts.limit(interface.snap_length)

    def _walk(self) -> Iterator[RawPacket | Problem]:
        start, kind = 0, SECTION_HEADER
        while kind:
            if kind == SECTION_HEADER:
                trouble = yield from self._start_section(start)
            elif len(kind) < 4:
                trouble = self._ended(Trouble.ENDS_IN_BLOCK_HEADER, start)
            else:
                trouble = yield from self._block(kind, start)
            if trouble is not None:
                yield trouble
                return
            start = self._stream.offset
            kind = self._stream.take(4)

    def _ended(self, trouble: Trouble, start: int, *numbers: int) -> Problem:
        self._facts.ended_early = True
        return trouble.problem(*numbers, offset=start)

    def _start_section(self, start: int) -> Generator[Problem, None, Problem | None]:
        """Read a section header: the length before the magic is in the byte order that the magic tells.

        How long the section is stands there, too, or -1 (section 4.1); its blocks tell it as well.
        """
        head = self._stream.take(8)
        if len(head) < 8:
            return self._ended(Trouble.ENDS_IN_SECTION_HEADER, start)
        order = _BYTE_ORDERS.get(head[4:])
        if order is None:
            return Trouble.NO_BYTE_ORDER.problem(offset=start)
        self._blocks = BlockReader(order)
        self._interfaces = []
        self._used = set()
        self._losses.new_section()
        (total,) = self._blocks.length.unpack(head[:4])
        if total < 28 or total % 4:
            return Trouble.SECTION_LENGTH.problem(total, offset=start)
        version = self._stream.take(4)
        if len(version) == 4:
            major, minor = self._blocks.version.unpack(version)
            self._foreign = major != _MAJOR
            if self._foreign:
                yield Trouble.SECTION_VERSION.problem(major, minor, offset=start)
        self._stream.skip(total - 20)
        return self._close(total, start)

    def _block(self, kind: bytes, start: int) -> Generator[RawPacket | Problem, None, Problem | None]:
        """Read or step over one block; gives the problem that ends the walk, if there is one."""
        head = kind + self._stream.take(4)
        if len(head) < self._blocks.pair.size:
            return self._ended(Trouble.ENDS_IN_BLOCK_HEADER, start)
        number, total = self._blocks.pair.unpack(head)
        # "This value MUST be a multiple of 4." (section 3.1)
        if total < _FRAME or total % 4 or (number in _READ and total > _LARGEST_BLOCK):
            return Trouble.BLOCK_LENGTH.problem(total, offset=start)
        size = total - _FRAME
        if self._foreign or not (number in _READ or (number == _NAMES and total <= _LARGEST_BLOCK)):
            self._stream.skip(size)
            return self._close(total, start)
        body = self._stream.take(size)
        trouble = self._close(total, start)
        if trouble is None:
            yield from self._understand(number, body, start)
        return trouble

    def _understand(self, number: int, body: bytes, start: int) -> Iterator[RawPacket | Problem]:
        """Take in a whole block of a kind that matters."""
        if number == _INTERFACE:
            yield from self._add_interface(body, start)
        elif number == _STATISTICS:
            lost = self._blocks.dropped(body)
            if lost is not None and lost[0] < len(self._interfaces):
                self._losses.report(*lost)
                self._facts.dropped = self._losses.total
        elif number == _NAMES:
            self._add_names(body)
        elif number == _PACKET:
            yield from self._packet(self._blocks.packet(body), start)
        elif number == _OLD_PACKET:
            yield from self._packet(self._blocks.old_packet(body), start)
        else:
            yield from self._simple_packet(body, start)

    def _simple_packet(self, body: bytes, start: int) -> Iterator[RawPacket | Problem]:
        packet = self._blocks.simple_packet(body, self._interfaces[0].snap_length) if self._interfaces else None
        if packet is not None and not self._timeless:
            self._timeless = True
            yield Trouble.TIMELESS.problem(offset=start)
        yield from self._packet(packet, start)

    def _add_interface(self, body: bytes, start: int) -> Iterator[Problem]:
        interface = self._blocks.interface(body)
        if interface is None or len(self._interfaces) >= _MOST_INTERFACES:
            yield Trouble.SENSELESS_INTERFACE.problem(offset=start)
            return
        self._interfaces.append(interface)
        # One on which nothing was captured was filtered, too.
        if interface.filter is not None and len(self._facts.filters) < _MOST_FILTERS:
            self._facts.filters.setdefault(interface.filter)

    def _add_names(self, body: bytes) -> None:
        names = self._facts.names
        for address, name in self._blocks.names(body):
            if len(names) >= _MOST_NAMES:
                return
            names.setdefault(address, name)

    def _packet(self, body: PacketBody | None, start: int) -> Iterator[RawPacket | Problem]:
        if body is None or body.interface >= len(self._interfaces) or not body.kept == len(body.data) <= LARGEST_PACKET:
            yield Trouble.SENSELESS_PACKET.problem(offset=start)
            return
        self._frame += 1
        interface = self._interfaces[body.interface]
        if body.interface not in self._used:
            self._used.add(body.interface)
            self._facts.limit(interface.snap_length)
        if body.lost is not None:
            self._losses.before_packet(body.interface, body.lost)
            self._facts.dropped = self._losses.total
        if body.ticks is not None:
            self._latest = interface.instant(body.ticks)
        yield RawPacket(
            frame=self._frame,
            number=self._frame,
            at=self._latest,
            link_type=interface.link_type,
            data=body.data,
            wire_length=max(body.wire_length, body.kept),
            offset=start,
        )

    def _close(self, total: int, start: int) -> Problem | None:
        """Read a block's second length, which allows a file to be read backwards."""
        tail = self._stream.take(4)
        if len(tail) < 4:
            return self._ended(Trouble.ENDS_IN_BLOCK, start, total)
        (again,) = self._blocks.length.unpack(tail)
        if again != total:
            return Trouble.LENGTHS_DIFFER.problem(total, again, offset=start)
        return None
