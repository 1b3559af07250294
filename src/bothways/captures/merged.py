"""Several files of one vantage read as one capture: rotated files one after the other, others by time.

Each file is read as a stream and keeps its own order; memory holds one packet of each file that is open.
"""

from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from bothways.captures.container import read_packets
from bothways.captures.raw_packet import FileFacts, RawPacket
from bothways.captures.troubles import Trouble
from bothways.evidence.problem import Problem
from bothways.units import Instant

MOST_TOGETHER = 64
"""Files read side by side: a tap has two halves, a server some interfaces; the bound keeps descriptors and memory."""


class Direct(Protocol):
    """A file that a reader may read by itself, where it lies on disk as it is to be read."""

    def descriptor(self) -> int | None:
        """Open it: a descriptor that the caller closes; None where its bytes have to be asked for in chunks."""

    def reached(self, offset: int) -> None:
        """Told from time to time how many bytes were read."""

    def stopped(self, errno: int, offset: int) -> None:
        """Told that the system let no more be read from *offset* on."""


class Part(Struct, kw_only=True):
    """One file of a capture, and what was met in it while it was read."""

    file: str
    """How citations are to name it."""

    chunks: Iterable[bytes]
    """Its bytes in pieces; not asked for before its time has come."""

    direct: Direct | None = None
    """The same file for a reader that takes descriptors; None where there is none."""

    begins: Instant | None = None
    """Time of its first packet, where it is known before: until then the file need not be opened."""

    facts: FileFacts = field(default_factory=FileFacts)
    packets: int = 0
    first: Instant | None = None
    """Earliest time in it; None while no packet was read."""

    last: Instant | None = None
    link_types: set[int] = field(default_factory=set)

    def items(self) -> Iterator[RawPacket | Problem]:
        """Its packets and problems in order, counted."""
        for item in read_packets(self.chunks, self.facts):
            if isinstance(item, RawPacket):
                self.packets += 1
                self.link_types.add(item.link_type)
                self.first = item.at if self.first is None else min(self.first, item.at)
                self.last = item.at if self.last is None else max(self.last, item.at)
            yield item


def first_moment(chunks: Iterable[bytes]) -> Instant | None:
    """Time of a capture's first packet; None where it has none. No more is asked of *chunks* than that takes."""
    packets = (item for item in read_packets(chunks, FileFacts()) if isinstance(item, RawPacket))
    first = next(packets, None)
    return None if first is None else first.at


def read_parts(parts: Sequence[Part], *, consecutive: bool) -> Iterator[RawPacket | Problem]:
    """Give the packets of all *parts* as those of one capture, numbered throughout, and problems where they stand.

    Args:
        parts: The files; their places here are what packets call them by.
        consecutive: Each file was written when the one before was full, so that it follows that one whatever the times
            of the last packets; otherwise packets come by time, of equal times those of the earlier part first.
    """
    if len(parts) == 1:
        yield from parts[0].items()
        return
    number = 0
    for part, item in _one_by_one(parts) if consecutive else _by_time(parts):
        if isinstance(item, Problem):
            yield replace(item, file=parts[part].file)
        else:
            number += 1
            yield _placed(item, part, number)


def _placed(packet: RawPacket, part: int, number: int) -> RawPacket:
    """*packet* at its place in the capture; written out, as `replace` takes three times as long for each packet."""
    return RawPacket(
        frame=packet.frame,
        part=part,
        number=number,
        at=packet.at,
        link_type=packet.link_type,
        data=packet.data,
        wire_length=packet.wire_length,
        offset=packet.offset,
    )


_Placed = tuple[int, RawPacket | Problem]


def _one_by_one(parts: Sequence[Part]) -> Iterator[_Placed]:
    return ((index, item) for index, part in enumerate(parts) for item in part.items())


def _by_time(parts: Sequence[Part]) -> Iterator[_Placed]:
    """The items of all parts; a part is opened when its time has come."""
    waiting = sorted(range(len(parts)), key=lambda index: (parts[index].begins or 0, index), reverse=True)
    following: list[Iterator[RawPacket | Problem]] = [iter(()) for _ in parts]
    heads: list[tuple[Instant, int, RawPacket]] = []
    crowded = False
    while waiting or heads:
        while waiting and (not heads or (parts[waiting[-1]].begins or 0) <= heads[0][0]):
            if len(heads) >= MOST_TOGETHER:
                if not crowded:
                    crowded = True
                    yield waiting[-1], Trouble.CROWDED.problem(MOST_TOGETHER)
                break
            index = waiting.pop()
            following[index] = parts[index].items()
            yield from _advance(index, following[index], heads)
        if heads:
            _, index, packet = heappop(heads)
            yield index, packet
            yield from _advance(index, following[index], heads)


def _advance(
    index: int, items: Iterator[RawPacket | Problem], heads: list[tuple[Instant, int, RawPacket]]
) -> Iterator[_Placed]:
    """Put a part's next packet among *heads*; gives the problems before it."""
    for item in items:
        if isinstance(item, RawPacket):
            # No part has two heads, so that packets themselves are never compared.
            heappush(heads, (item.at, index, item))
            return
        yield index, item
