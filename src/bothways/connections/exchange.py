"""One connection joined across observers: who saw what of it, ordered from the client to the server."""

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from bothways.connections.copies import without_copies
from bothways.connections.ends import may_have_been_turned_away
from bothways.connections.kept import kept
from bothways.connections.numbering import SAME, Numbering
from bothways.connections.observer import Observer, Place
from bothways.connections.outcome import PATIENCE, Fate, Outcome, fate_of, measures_path
from bothways.connections.retransmission import repeats_on
from bothways.connections.sides import Sides
from bothways.evidence.capture import Packets, WayCounters
from bothways.evidence.citation import Citation
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.icmp_error import IcmpError
from bothways.evidence.segment import Segment
from bothways.units import between
from bothways.way import Way
from bothways.wire.sequence import later

_MAY_HAVE_DIED = frozenset({Outcome.WORKED, Outcome.IDLE, Outcome.CENSORED})

LARGE = 1200
"""Bytes of payload that every path carries: IPv6 asks for packets of 1280, less its header and TCP's."""


class Seen(Struct, frozen=True, kw_only=True, dict=True):
    """What one observer saw of one connection; only counters where it was not chosen for pass two.

    Sequence numbers are those of the observer nearest to the client, whatever a device on the way made of them; the row
    and the packets keep what stood in the frames.
    """

    observer: Observer
    sides: Sides
    fate: Fate
    """What became of it as far as this observer tells, by itself."""

    packets: Packets | None = None
    numbering: Numbering = SAME
    """What was added to this observer's numbers."""

    @kept
    def there(self) -> tuple[Segment, ...]:
        """The client's segments in capture order, copies left out."""
        return self._way(self.sides.client, Way.THERE)

    @kept
    def back(self) -> tuple[Segment, ...]:
        """The server's segments in capture order, copies left out."""
        return self._way(self.sides.server, Way.BACK)

    def _way(self, source: Endpoint, way: Way) -> tuple[Segment, ...]:
        if self.packets is None:
            return ()
        sent = without_copies(segment for segment in self.packets.segments if segment.source == source)
        return sent if self.numbering == SAME else tuple(self.numbering.segment(segment, way) for segment in sent)

    def numbered(self, numbering: Numbering) -> "Seen":
        """The same with its numbers changed by *numbering*."""
        return replace(self, sides=numbering.sides(self.sides), numbering=numbering)

    def cite(self, packet: Segment | IcmpError) -> Citation:
        """Where the observer recorded *packet*."""
        return Citation(file=self.observer.survey.file_of(packet.part), frame=packet.frame)

    @property
    def begins(self) -> Citation:
        """Where the observer recorded the connection's first packet."""
        row = self.sides.row
        return Citation(file=self.observer.survey.file_of(row.part), frame=row.first_frame)

    def segments(self, way: Way) -> tuple[Segment, ...]:
        """The segments of one way."""
        return self.there if way is Way.THERE else self.back

    @property
    def errors(self) -> tuple[IcmpError, ...]:
        """ICMP errors about this connection."""
        return self.packets.errors if self.packets else ()


class Exchange(Struct, frozen=True, kw_only=True, dict=True):
    """The same connection as all observers saw it."""

    seen: tuple[Seen, ...]
    """From the client to the server; never empty."""

    again: tuple[Seen, ...] = ()
    """The same connection under other addresses, where an observer saw it both before and after translation."""

    rivals: int = 0
    """Connections of other observers that could be this one as well as another, so that none was joined to it."""

    stands_for: int = 1
    """How many connections that went alike it stands for, itself included: the others have no rows."""

    @property
    def client(self) -> Endpoint:
        """The client's end as the observer nearest to the client saw it."""
        return self.seen[0].sides.client

    @property
    def server(self) -> Endpoint:
        """The server's end as the observer nearest to the client saw it."""
        return self.seen[0].sides.server

    @property
    def name(self) -> str | None:
        """The server's name, if anybody saw the client say it."""
        for seen in self.seen:
            if seen.sides.there.name:
                return seen.sides.there.name
        return None

    def at(self, vantage: str) -> Seen | None:
        """What the observer at *vantage* saw, None if it saw nothing of this connection."""
        return next((seen for seen in self.seen if seen.observer.vantage == vantage), None)

    @property
    def has_packets(self) -> bool:
        """Whether pass two extracted what at least one observer saw of it."""
        for seen in self.seen:  # noqa: SIM110 - asked of each of many thousands
            if seen.packets is not None:
                return True
        return False

    def acknowledged(self, way: Way) -> int | None:
        """Up to which sequence number the receiver of *way* has all bytes, by the farthest ACK that anybody saw.

        None where nobody saw one. Who acknowledged a byte has it, also where an observer missed the byte, and where the
        acknowledgement itself was lost farther on. Nothing is said of a way whose numbers a device rewrites while the
        acknowledgements pass it by.
        """
        if any(seen.numbering.one_sided(way) for seen in self.seen):
            return None
        farthest = None
        for seen in self.seen:
            acked = (seen.sides.back if way is Way.THERE else seen.sides.there).acked
            if acked is not None:
                farthest = acked if farthest is None else later(farthest, acked)
        return farthest

    @kept
    def outcome(self) -> Outcome:
        """What became of it.

        The client's own view first, else the first observer that saw it fail, else that it worked. That a server
        repeats its SYN+ACK says more than that data waits: a client which got fewer of them cannot tell.
        """
        nothing = self._is_no_connection
        if nothing is not None or len(self.seen) == 1:
            return nothing or self.seen[0].fate.outcome
        outcomes = [fate.outcome for fate in self._fates]
        if outcomes[0] is Outcome.WORKED and Outcome.DECLINED in outcomes:
            return Outcome.DECLINED
        decisive = {Outcome.WORKED, Outcome.PROBE}
        if self.seen[0].observer.place is Place.CLIENT and (outcomes[0].failed or outcomes[0] in decisive):
            if outcomes[0] is Outcome.STALLED_THERE and Outcome.HALF_OPEN in outcomes:
                return Outcome.HALF_OPEN
            return Outcome.STALLED_BACK if self._more_was_sent(outcomes) else outcomes[0]
        failed = [outcome for outcome in outcomes if outcome.failed]
        ended: tuple[Outcome, ...] = () if self._waits else (Outcome.WORKED, Outcome.IDLE)
        for outcome in (*failed, Outcome.DECLINED, Outcome.PROBE, *ended):
            if outcome in outcomes:
                return outcome
        return Outcome.CENSORED

    @property
    def _is_no_connection(self) -> Outcome | None:
        """What it is where it is none that can be judged: a path tool's probe, or two connections in one row."""
        found = None
        for seen in self.seen:
            if measures_path(seen.sides):
                return Outcome.PROBE  # Also where others saw the answers only, and the tool take none of them.
            if seen.sides.mixed_up:
                found = Outcome.CENSORED
        return found

    @property
    def _fates(self) -> tuple[Fate, ...]:
        """What became of it as each observer tells, given all that the others saw acknowledged."""
        return (self.seen[0].fate,) if len(self.seen) == 1 else self._informed_fates

    @kept
    def _informed_fates(self) -> tuple[Fate, ...]:
        return tuple(self._fate_at(seen) for seen in self.seen)

    @property
    def _waits(self) -> bool:
        """Somebody saw an end wait, and nobody how that ended."""
        return any(fate.outcome is Outcome.CENSORED and fate.waited for fate in self._fates)

    def _fate_at(self, seen: Seen) -> Fate:
        sides, end = seen.sides, seen.observer.survey.end
        there = _informed(sides.there, of=sides.back, acked=self.acknowledged(Way.BACK))
        back = _informed(sides.back, of=sides.there, acked=self.acknowledged(Way.THERE))
        if end is None or (there is sides.there and back is sides.back):
            return seen.fate
        return fate_of(replace(sides, there=there, back=back), capture_end=end)

    def _more_was_sent(self, outcomes: Sequence[Outcome]) -> bool:
        """The client got an answer and waits for the rest, which others saw sent again and again in vain."""
        there = self.seen[0].sides.there
        waits = outcomes[0] is Outcome.WORKED and not there.fins and not there.resets
        return waits and Outcome.STALLED_BACK in outcomes

    @kept
    def unresolved(self) -> bool:
        """Opened in view and not seen to fail, and yet it may have died.

        It was cut off or left idle before any data of the server, or while an end waited; or the client waited, gave it
        up, and nobody saw the server answer that; or it stays open where nobody stood beside the client, who may go on
        to talk to a loss on the way; or it is mixed up with the one before it.
        """
        outcome = self.outcome
        if outcome is Outcome.WORKED and self.seen[0].sides.back.fins:
            return False  # So it is with nearly all.
        if outcome not in _MAY_HAVE_DIED or not any(seen.sides.opened_in_view for seen in self.seen):
            return False
        if any(seen.sides.mixed_up for seen in self.seen):
            return True
        if (self.outcome is Outcome.CENSORED and self._waits) or all(_stays_open(seen) for seen in self.seen):
            return True
        if all(_given_up(seen.sides) for seen in self.seen):
            return True
        answered = any(seen.sides.back.data and not may_have_been_turned_away(seen.sides) for seen in self.seen)
        return self.outcome is not Outcome.WORKED and not answered

    @kept
    def signature(self) -> str:
        """By what failures differ: the outcome and the letters of the history in order of first appearance."""
        return _signature(self.outcome, self.seen[0].sides.history)

    @property
    def way_of_failing(self) -> tuple[str, bool]:
        """By what failures differ whose packets are worth a look each: the signature, and whether a large segment died.

        Large packets die by other causes than small ones, and leave the same letters.
        """
        large = self.outcome.failed and any(
            max(seen.sides.there.largest, seen.sides.back.largest) > LARGE for seen in self.seen
        )
        return (self.signature, large)


@lru_cache(maxsize=1 << 12)
def _signature(outcome: Outcome, history: str) -> str:
    """One text for all connections that share it; histories are short and few."""
    return f"{outcome} {''.join(dict.fromkeys(history))}"


def _informed(receiver: WayCounters, *, of: WayCounters, acked: int | None) -> WayCounters:
    """*receiver* with all that it *acked*, unless the sender *of* the bytes never heard of it and repeats them."""
    if acked is None or receiver.acked in {None, acked} or repeats_on(of):
        return receiver
    return replace(receiver, acked=acked)


def _stays_open(seen: Seen) -> bool:
    """Whether nobody has ended it, as seen from afar of the client."""
    there, back = seen.sides.there, seen.sides.back
    return seen.observer.place is not Place.CLIENT and not (there.fins or back.fins or there.resets or back.resets)


def _given_up(sides: Sides) -> bool:
    """Whether the client closed, and the server had not said a word for `PATIENCE` when it was last heard.

    Who closes what is done and idle hears the server's ACK, and so does who closes in the middle of an answer: the
    number of that ACK then shows what is missing. Where it is not in view, because it was lost or the capture ended,
    nobody can tell the one from the other.
    """
    there, back = sides.there, sides.back
    if not there.fins or back.fins or back.resets or there.last is None or back.last is None:
        return False
    return between(back.last, there.last) >= PATIENCE
