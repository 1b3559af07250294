"""Pass two: walk a capture again and keep the packets of the chosen connections."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from bothways.captures.checksums import checksum_of
from bothways.captures.decode import Decoded, Decoder
from bothways.captures.merged import Part, read_parts
from bothways.captures.raw_packet import RawPacket
from bothways.evidence.capture import Chosen, Packets
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.icmp_error import IcmpError
from bothways.evidence.problem import Problem
from bothways.evidence.segment import Segment
from bothways.wire.link import link_receiver


def extract(chunks: Iterable[bytes], *, file: str, chosen: Sequence[Chosen]) -> tuple[Packets, ...]:
    """Walk a capture once more and keep the packets of the chosen connections, with the ICMP errors that quote them.

    Args:
        chunks: The capture's bytes again, in pieces of any size.
        file: How the file is called; packets name only their frames.
        chosen: What pass one's rows were chosen for. Memory grows with their packets.

    Returns:
        The packets, in the order of *chosen*; none where the file does not hold them.
    """
    return extract_parts([Part(file=file, chunks=chunks)], consecutive=True, chosen=chosen)


def extract_parts(parts: Sequence[Part], *, consecutive: bool, chosen: Sequence[Chosen]) -> tuple[Packets, ...]:
    """Walk several files of one vantage once more; *parts* and *consecutive* are what `survey_parts` was given."""
    kept = [_Kept(choice) for choice in chosen]
    wanted: dict[frozenset[Endpoint], list[_Kept]] = {}
    for keeper in kept:
        wanted.setdefault(frozenset((keeper.choice.opener, keeper.choice.other)), []).append(keeper)
    for packet, decoded in _between(read_parts(parts, consecutive=consecutive), chosen):
        if not isinstance(decoded, Segment | IcmpError):
            continue
        known, keepers = decoded, wanted.get(frozenset((decoded.source, decoded.destination)), ())
        if not keepers and isinstance(decoded, IcmpError):
            known = _as_its_host_knows(decoded)
            keepers = wanted.get(frozenset((known.source, known.destination)), ())
        if keepers:
            whole = known if isinstance(known, IcmpError) else _summed(packet, known)
            for keeper in keepers:
                keeper.offer(whole, packet.number)
    return tuple(keeper.packets() for keeper in kept)


def _as_its_host_knows(error: IcmpError) -> IcmpError:
    """An error whose quote a translator forgot to translate back (RFC 5508 section 4.2), if it kept the port."""
    if error.receiver is None:
        return error
    source = Endpoint(error.receiver, error.source.port)
    return replace(error, source=source, translated=error.source)


def _summed(packet: RawPacket, segment: Segment) -> Segment:
    """The segment with what costs too much to find for packets that nobody wants."""
    receiver = link_receiver(packet.link_type, packet.data)
    return replace(segment, checksum=checksum_of(packet, segment), link_receiver=receiver)


def _between(items: Iterator[RawPacket | Problem], chosen: Sequence[Chosen]) -> Iterator[tuple[RawPacket, Decoded]]:
    """What the packets from the first chosen one to the last show.

    What stands before is only looked through for fragments, whose others may come later; what stands behind need not be
    read.
    """
    first = min((choice.first_number for choice in chosen), default=1)
    last = max((choice.last_number for choice in chosen), default=0)
    decoder = Decoder()
    for item in items:
        if isinstance(item, Problem):
            continue  # pass one reported it
        if item.number > last:
            break
        if item.number < first:
            decoder.look_through(item)
        else:
            yield item, decoder.decode(item)
        yield from decoder.further()
    yield from decoder.finish()


class _Kept:
    """What was kept of one chosen connection."""

    def __init__(self, choice: Chosen) -> None:
        self.choice = choice
        self._segments: list[tuple[int, Segment]] = []
        self._errors: list[IcmpError] = []

    def offer(self, decoded: Segment | IcmpError, number: int) -> None:
        """Keep a packet between the connection's ends, if it does not belong to another use of the same ports."""
        if not self.choice.first_number <= number <= self.choice.last_number:
            return
        if isinstance(decoded, Segment):
            self._segments.append((number, decoded))
        else:
            self._errors.append(decoded)

    def packets(self) -> Packets:
        """All that was kept, in the capture's order: first fragments that waited in vain came late."""
        self._segments.sort(key=lambda kept: kept[0])
        segments = tuple(segment for _, segment in self._segments)
        return Packets(number=self.choice.number, segments=segments, errors=tuple(self._errors))
