"""How far two observers' clocks are apart, estimated from the packets that both saw."""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from bothways.connections.drift import Piece, Sample, pieces
from bothways.connections.exchange import Exchange, Seen
from bothways.connections.identity import Columns, Identity, identity
from bothways.connections.numbering import answered_twice
from bothways.connections.rewriting import columns_kept
from bothways.evidence.segment import Segment
from bothways.units import Duration, Instant, between, plain
from bothways.way import Way

USUAL_DRIFT = 0.0002
"""What an ordinary computer's clock may gain or lose beyond the packets that were compared: twice the usual 100 ppm."""

NOTABLE_DRIFT = 5e-6
"""Below that many parts a drift is not worth words, nor surely one."""


class Reckoned(Struct, frozen=True, kw_only=True):
    """A moment of one clock as another has it."""

    at: Instant
    margin: Duration | None
    """By how much it may be wrong besides the error of the estimate; None where nobody knows: a clock was set."""


class ClockOffset(Struct, frozen=True, kw_only=True):
    """What must be added to the upstream observer's times to get the downstream observer's."""

    pieces: tuple[Piece, ...]
    """In order of capture; never empty, and several where a clock was set meanwhile."""

    @property
    def _main(self) -> Piece:
        return max(self.pieces, key=lambda piece: piece.until - piece.since)

    @property
    def offset(self) -> Duration:
        """The offset at the beginning of the longest piece."""
        return self._main.apart

    @property
    def error(self) -> Duration | None:
        """Half the round trip between the observers.

        None where packets of one way only were seen at both, so that the offset includes that way's delay.
        """
        return self._main.error

    @property
    def drift(self) -> float:
        """How fast the downstream clock gains on the upstream one: 0.0001 for 100 ppm; 0 where none is certain."""
        return self._main.rate

    @property
    def steps(self) -> int:
        """How often one of the clocks was set."""
        return len(self.pieces) - 1

    def downstream(self, moment: Instant) -> Reckoned:
        """*moment* of the upstream clock as the downstream clock has it."""
        piece, margin = self._holding([(piece, moment) for piece in self.pieces])
        return Reckoned(at=piece.downstream(moment), margin=margin)

    def upstream(self, moment: Instant) -> Reckoned:
        """*moment* of the downstream clock as the upstream clock has it."""
        piece, margin = self._holding([(piece, piece.upstream(moment)) for piece in self.pieces])
        return Reckoned(at=piece.upstream(moment), margin=margin)

    def reckon(self, moment: Instant, way: Way) -> Reckoned:
        """*moment* by the clock that packets of *way* pass first, as the other one has it."""
        return self.downstream(moment) if way is Way.THERE else self.upstream(moment)

    def _holding(self, moments: Sequence[tuple[Piece, Instant]]) -> tuple[Piece, Duration | None]:
        """The piece in which its moment by the upstream clock lies, else the nearest, and how far off that may lead."""
        away = [max(piece.since - moment, moment - piece.until, 0) for piece, moment in moments]
        nearest = min(range(len(away)), key=away.__getitem__)
        if len(moments) == 1:
            return moments[0][0], Duration(round(away[0] * USUAL_DRIFT))
        return moments[nearest][0], Duration(0) if away.count(0) == 1 else None

    def says(self) -> str:
        """`3 min 7 s apart, drifting by 120 ppm, set twice meanwhile`, as a clause about two clocks."""
        said = [f"{plain(Duration(abs(self.offset)))} apart"]
        if abs(self.drift) >= NOTABLE_DRIFT:
            said.append(f"drifting by {abs(self.drift) * 1e6:.0f} ppm")
        if self.steps:
            said.append("set meanwhile" if self.steps == 1 else f"set {self.steps} times meanwhile")
        return ", ".join(said)


def clock_offset(exchanges: Iterable[Exchange], upstream: str, downstream: str) -> ClockOffset | None:
    """Estimate the offset between two vantages from the packets that both saw.

    Returns None where no packet was seen at both.
    """
    samples: list[Sample] = []
    for exchange in exchanges:
        up, down = exchange.at(upstream), exchange.at(downstream)
        if up is not None and down is not None and up.packets is not None and down.packets is not None:
            samples += (sample for way in Way for sample in _samples(up, down, way))
    return offset_of(samples)


def offset_of(samples: Iterable[Sample]) -> ClockOffset | None:
    """The offset that *samples* bound; None without any."""
    found = pieces(samples)
    return ClockOffset(pieces=found) if found else None


def _samples(up: Seen, down: Seen, way: Way) -> Iterable[Sample]:
    """Each packet of *way* seen at both.

    A packet with an identical repeat is left out: which of the two arrived, nobody can tell.
    """
    proxied = answered_twice(up.numbering, down.numbering)
    kept = columns_kept(up, down, way)
    arrivals = _without_repeats(down.segments(way), kept)
    for key, segment in _without_repeats(up.segments(way), kept).items():
        arrival = arrivals.get(key)
        if arrival is not None and not (proxied and segment.is_syn_ack):
            yield Sample(order=segment.number, at=segment.at, apart=between(segment.at, arrival.at), way=way)


def _without_repeats(segments: Sequence[Segment], kept: Columns) -> dict[Identity, Segment]:
    by_identity = [(identity(segment, kept), segment) for segment in segments]
    times = Counter(key for key, _ in by_identity)
    return {key: segment for key, segment in by_identity if times[key] == 1}
