"""Pass one: walk a capture once and keep one row of counters per connection and way."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

from bothways.captures.connection_table import ConnectionTable
from bothways.captures.decode import Decoded, Decoder
from bothways.captures.eviction import MOST_ROWS, with_crowd
from bothways.captures.merged import Part, read_parts
from bothways.captures.other import Other
from bothways.captures.pcapng_blocks import filter_text
from bothways.captures.raw_packet import RawPacket
from bothways.captures.thinning import thinned
from bothways.captures.timeline import Timeline
from bothways.captures.troubles import Trouble
from bothways.evidence.capture import Survey
from bothways.evidence.icmp_error import IcmpError
from bothways.evidence.problem import Problem
from bothways.evidence.segment import Segment
from bothways.wire.layer import Hidden
from bothways.wire.link import LINK_NAMES, link_name

_MOST_PROBLEMS = 100
"""Problems listed of one capture; a file of nothing but trouble must not fill memory."""


def survey(chunks: Iterable[bytes], *, file: str) -> Survey:
    """Walk a capture once.

    Args:
        chunks: The capture's bytes, in pieces of any size; they are let go as they are read.
        file: How citations are to name the file.

    Returns:
        The rows and the quality of the observer. Bytes that are no capture give a survey without packets and a problem
        that says so; nothing is raised whatever they are.
    """
    return survey_parts([Part(file=file, chunks=chunks)], consecutive=True)


def survey_parts(
    parts: Sequence[Part], *, consecutive: bool, most_rows: int = MOST_ROWS, many: int | None = None
) -> Survey:
    """Walk several files of one vantage once, as one capture.

    Args:
        parts: The files, at least one; how much was met in each is kept in it.
        consecutive: As `read_parts` has it.
        most_rows: Connections held at a time; of more, `Survey.crowd` tells which were left out.
        many: Of more connections than these a sample of those that went plainly alike is kept
            (`bothways.captures.thinning`); None keeps all, as every capture that is joined with others needs them.

    Returns:
        As `survey` does; problems name their file where there are several.
    """
    tally = _Tally([part.file for part in parts], most_rows)
    for item in read_parts(parts, consecutive=consecutive):
        if isinstance(item, Problem):
            tally.note(item)
        else:
            tally.add(item)
    tally.sum_up()
    found = _found(tally, parts)
    return found if many is None else thinned(found, many=many)


def _found(tally: "_Tally", parts: Sequence[Part]) -> Survey:
    facts = reduce(or_, (part.facts for part in parts))
    return Survey(
        file=parts[0].file,
        parts=tuple(part.file for part in parts),
        format=facts.format,
        link_types=tuple(dict.fromkeys(link_name(number) for number in tally.link_types)),
        snap_length=facts.snap_length,
        packets=tally.packets,
        tcp_packets=tally.tcp_packets,
        other_ip_packets=tally.other_ip_packets,
        first=tally.times.first,
        last=tally.times.last,
        final=tally.times.final,
        steps_back=tally.times.steps_back,
        furthest_back=tally.times.furthest_back,
        disordered=tally.times.disordered,
        longest_silence=tally.times.longest_silence,
        silent_from=tally.times.silent_from,
        cut_packets=tally.cut_packets,
        largest_frame=tally.largest_frame,
        dropped=facts.dropped,
        ended_early=facts.ended_early,
        names=tuple(facts.names.items()),
        filter="; ".join(dict.fromkeys(filter_text(raw) for raw in facts.filters)) or None,
        rows=tuple(tally.table.rows),
        problems=with_crowd(tally.problems, tally.table.crowd),
        crowd=tally.table.crowd,
        layers=tuple(tally.layers.items()),
        fragments=tally.decoder.fragments,
        unfinished=tally.decoder.unfinished,
        encrypted=tally.encrypted,
    )


class _Tally:
    """The running counts of one capture."""

    def __init__(self, files: Sequence[str], most_rows: int) -> None:
        self.decoder = Decoder()
        self.table = ConnectionTable(most_rows=most_rows)
        self.layers: Counter[str] = Counter()
        self._files = files
        self.problems: list[Problem] = []
        self.link_types: dict[int, None] = {}
        self.packets = 0
        self.tcp_packets = 0
        self.other_ip_packets = 0
        self.cut_packets = 0
        self.encrypted = 0
        self.largest_frame = 0
        self.times = Timeline()
        self._malformed = _Repeated(Trouble.MALFORMED)
        self._orphans = _Repeated(Trouble.ORPHANS)
        self._earlier = _Repeated(Trouble.EARLIER_FRAGMENTS)

    def add(self, packet: RawPacket) -> None:
        """Count one packet of the file."""
        self.packets += 1
        self.times.pass_by(packet.at)
        self.largest_frame = max(self.largest_frame, packet.wire_length)
        if packet.link_type not in self.link_types:
            self._meet(packet)
        self._sort(packet, self.decoder.decode(packet))
        if self.decoder.pending:
            for late, decoded in self.decoder.further():
                self._sort(late, decoded)

    def _sort(self, packet: RawPacket, decoded: Decoded) -> None:
        match decoded:
            case Segment():
                self.tcp_packets += 1
                self.cut_packets += decoded.options.cut
                if decoded.layers:
                    self.layers.update(word.split(" ", 1)[0] for word in decoded.layers)
                if not self.table.add(decoded, packet.number):
                    self._earlier.count(packet)
            case IcmpError():
                if not self.table.add_error(decoded, packet.number):
                    self._orphans.count(packet)
            case Hidden():
                self.encrypted += 1
                self.layers[str(decoded)] += 1
            case Other():
                self._sort_other(packet, decoded)

    def _sort_other(self, packet: RawPacket, other: Other) -> None:
        match other:
            case Other.CUT_TCP:
                self.tcp_packets += 1
                self.cut_packets += 1
            case Other.CUT_ERROR | Other.CUT_TUNNEL:
                self.cut_packets += 1
            case Other.MALFORMED_TCP:
                self.tcp_packets += 1
                self._malformed.count(packet)
            case Other.IP:
                self.other_ip_packets += 1
            case Other.NOT_IP | Other.FRAGMENT:
                pass

    def _meet(self, packet: RawPacket) -> None:
        """Note a link type the first time that it is met."""
        self.link_types[packet.link_type] = None
        if packet.link_type not in LINK_NAMES:
            file = self._file_of(packet)
            self.note(Trouble.UNKNOWN_LINK.problem(packet.link_type, offset=packet.offset, file=file))

    def _file_of(self, packet: RawPacket) -> str | None:
        """Which file to name; the only one goes without saying."""
        return self._files[packet.part] if len(self._files) > 1 else None

    def note(self, problem: Problem) -> None:
        """Keep a problem, as long as there are not too many."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(problem)
        elif len(self.problems) == _MOST_PROBLEMS:
            self.problems.append(Trouble.FURTHER.problem(offset=problem.offset, file=problem.file))

    def sum_up(self) -> None:
        """Take in what still waited for fragments, settle what only the end shows, say once what was met often."""
        for late, decoded in self.decoder.finish():
            self._sort(late, decoded)
        self.table.settle()
        self._orphans.less(self.table.adopted)
        if self.decoder.overlapping:
            self.note(Trouble.OVERLAPPING_FRAGMENTS.problem(self.decoder.overlapping))
        for repeated in (self._malformed, self._orphans, self._earlier):
            first = repeated.first
            if first is not None:
                file = self._file_of(first)
                self.note(repeated.trouble.problem(repeated.times, offset=first.offset, file=file))


class _Repeated:
    """Trouble that is counted and reported once, at the place where it was first met."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        self.times = 0
        self.first: RawPacket | None = None

    def count(self, packet: RawPacket) -> None:
        """Count it once more."""
        self.times += 1
        if self.first is None:
            self.first = packet

    def less(self, times: int) -> None:
        """Take back what turned out to be no trouble."""
        self.times -= times
        if not self.times:
            self.first = None
