"""One numbering for all observers of a connection.

Devices that randomise initial sequence numbers (Cisco's `sequence randomization`, `modulate state` of OpenBSD's pf, SYN
proxies) add a constant to every number of a way, and take it off the acknowledgements that come back. What an observer
beyond such a device saw is read in the numbers of the observer nearest to the client; the frames keep their own.
"""

from collections.abc import Sequence
from copy import copy

from msgspec import Struct
from msgspec.structs import replace

from bothways.connections.sides import Sides
from bothways.evidence.capture import WayCounters
from bothways.evidence.segment import Segment
from bothways.way import Way
from bothways.wire.sequence import advance, distance


class Numbering(Struct, frozen=True, kw_only=True):
    """What must be added to an observer's numbers to get those of the observer nearest to the client."""

    seq_there: int = 0
    seq_back: int = 0
    ack_there: int = 0
    """Of the client's acknowledgements, which count in the server's numbers."""

    ack_back: int = 0
    """Of the server's acknowledgements, which count in the client's numbers."""

    def seq(self, way: Way) -> int:
        """What to add to sequence numbers of *way*."""
        return self.seq_there if way is Way.THERE else self.seq_back

    def ack(self, way: Way) -> int:
        """What to add to acknowledgement numbers of packets of *way*."""
        return self.ack_there if way is Way.THERE else self.ack_back

    def one_sided(self, way: Way) -> bool:
        """Whether the numbers of *way* are rewritten and its acknowledgements are not: they pass by another device."""
        return self.seq(way) != self.ack(way.other)

    def segment(self, segment: Segment, way: Way) -> Segment:
        """*segment* of *way* in the common numbers, its selective acknowledgements as well."""
        if self == SAME:
            return segment
        acked = self.ack(way)
        blocks = tuple((advance(left, acked), advance(right, acked)) for left, right in segment.options.sack_blocks)
        return replace(
            segment,
            seq=advance(segment.seq, self.seq(way)),
            ack=advance(segment.ack, acked) if segment.has_ack else segment.ack,
            options=replace(segment.options, sack_blocks=blocks) if blocks else segment.options,
        )

    def sides(self, sides: Sides) -> Sides:
        """*sides* with counters in the common numbers; the row keeps its own."""
        if self == SAME:
            return sides
        return replace(sides, there=self._counters(sides.there, Way.THERE), back=self._counters(sides.back, Way.BACK))

    def _counters(self, counters: WayCounters, way: Way) -> WayCounters:
        seq, ack = self.seq(way), self.ack(way)
        moved = copy(counters)
        moved.isn, moved.end = _moved(counters.isn, seq), _moved(counters.end, seq)
        moved.first_ack, moved.acked = _moved(counters.first_ack, ack), _moved(counters.acked, ack)
        return moved


SAME = Numbering()


def _moved(number: int | None, by: int) -> int | None:
    return None if number is None else advance(number, by)


def numbering(near: Sides, far: Sides) -> Numbering:
    """What turns the numbers of *far* into those of *near*, by the initial sequence numbers that both show.

    0 where one of them shows none. Acknowledgements are taken to be rewritten as the bytes are that they count, unless
    both observers show the same number.
    """
    there, back = _apart(begin_there(near), begin_there(far)), _apart(near.back.isn, far.back.isn)
    if _same(near.there.acked, far.there.acked):
        # Both saw the same number acknowledged: a server that began anew, whose first offer one of them missed.
        back = 0
    untouched = _same(near.back.first_ack, far.back.first_ack)
    return Numbering(seq_there=there, seq_back=back, ack_there=back, ack_back=0 if untouched else there)


def begin_there(sides: Sides) -> int | None:
    """The client's initial sequence number: its SYN's, else the one that the SYN+ACK answers."""
    if sides.there.isn is not None or sides.back.isn is None or sides.back.first_ack is None:
        return sides.there.isn
    return advance(sides.back.first_ack, -1)


def answered_twice(up: Numbering, down: Numbering) -> bool:
    """Whether the server's numbers differ between two observers and the client's do not, as beyond a SYN proxy.

    It answers the SYN itself and passes it on later: the two SYN+ACKs are two packets.
    """
    return up.seq_there == down.seq_there and up.seq_back != down.seq_back


def _apart(near: int | None, far: int | None) -> int:
    return 0 if near is None or far is None else distance(far, near)


def _same(near: int | None, far: int | None) -> bool:
    return near is not None and near == far


def numbered(views: Sequence[Sides]) -> list[Numbering]:
    """For each of several views of one connection, from the client on, what makes its numbers those of the first.

    A view that shows no beginning is numbered as the one whose numbers it continues.
    """
    if len({begin_there(view) for view in views}) == len({view.back.isn for view in views}) == 1:
        return [SAME] * len(views)
    there = next((view.there for view in views if view.there.isn is not None), views[0].there)
    back = next((view.back for view in views if view.back.isn is not None), views[0].back)
    first = replace(views[0], there=there, back=back)
    found = [numbering(first, view) for view in views]
    if all(one == SAME for one in found):
        return found
    return [
        _continued(view, views, found) if begin_there(view) is None else one
        for view, one in zip(views, found, strict=True)
    ]


def _continued(view: Sides, views: Sequence[Sides], found: Sequence[Numbering]) -> Numbering:
    begun = [(other, one) for other, one in zip(views, found, strict=True) if begin_there(other) is not None]
    near = (
        abs(_apart(other.there.end, view.there.end)) + abs(_apart(other.back.end, view.back.end)) for other, _ in begun
    )
    ranked = sorted(zip(near, range(len(begun)), strict=True))
    return begun[ranked[0][1]][1] if ranked else SAME
