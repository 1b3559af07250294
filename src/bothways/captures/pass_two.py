"""Pass two: walk a capture again and keep the packets of the chosen connections."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from bothways.captures.checksums import checksum_of
from bothways.captures.decode import Decoded, Decoder
from bothways.captures.merged import Part, read_parts
from bothways.captures.raw_packet import RawPacket
from bothways.captures.uses import Uses
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
    between: defaultdict[frozenset[Endpoint], list[_Kept]] = defaultdict(list)
    for keeper in kept:
        between[frozenset((keeper.choice.opener, keeper.choice.other))].append(keeper)
    wanted = {ends: _Wanted(keepers) for ends, keepers in between.items()}
    for packet, decoded in _between(read_parts(parts, consecutive=consecutive), chosen):
        if not isinstance(decoded, Segment | IcmpError):
            continue
        known, uses = decoded, wanted.get(frozenset((decoded.source, decoded.destination)))
        if uses is None and isinstance(decoded, IcmpError):
            known = _as_its_host_knows(decoded)
            uses = wanted.get(frozenset((known.source, known.destination)))
        if uses is not None and (keepers := uses.of(packet.number)):
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


class _Wanted:
    """The chosen connections between the same two ends."""

    def __init__(self, keepers: Sequence["_Kept"]) -> None:
        self._keepers = keepers
        self._uses = Uses([keeper.choice for keeper in keepers])

    def of(self, number: int) -> list["_Kept"]:
        """Those to which packet *number* belongs, and not to another use of the same ports."""
        return [self._keepers[place] for place in self._uses.around(number)]


class _Kept:
    """What was kept of one chosen connection."""

    def __init__(self, choice: Chosen) -> None:
        self.choice = choice
        self._segments: list[tuple[int, Segment]] = []
        self._errors: list[IcmpError] = []

    def offer(self, decoded: Segment | IcmpError, number: int) -> None:
        """Keep one of its packets."""
        if isinstance(decoded, Segment):
            self._segments.append((number, decoded))
        else:
            self._errors.append(decoded)

    def packets(self) -> Packets:
        """All that was kept, in the capture's order: first fragments that waited in vain came late."""
        self._segments.sort(key=lambda kept: kept[0])
        segments = tuple(segment for _, segment in self._segments)
        return Packets(number=self.choice.number, segments=segments, errors=tuple(self._errors))
