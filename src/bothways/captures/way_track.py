"""Counts what one end of a connection sent."""

from bothways.captures.copies import Copies
from bothways.captures.sequence_space import SequenceSpace, Showing
from bothways.evidence.capture import WayCounters
from bothways.evidence.regrouped import Regrouped
from bothways.evidence.said import Said, Says
from bothways.evidence.segment import Content, Flags, Segment
from bothways.wire.sequence import advance, distance, later

_FIN = int(Flags.FIN)
_SYN = int(Flags.SYN)
_RST = int(Flags.RST)
_ACK = int(Flags.ACK)


class WayTrack:
    """One way of one connection: its counters, and what must be remembered to count rightly."""

    __slots__ = ("_copies", "_regrouped", "_space", "counters", "first_seq")

    def __init__(self, counters: WayCounters, copies: Copies) -> None:
        """*copies* is the memory of the whole capture."""
        self.counters = counters
        self.first_seq: int | None = None
        """Sequence number of the first packet that was not a RST."""

        self._space: SequenceSpace | None = None
        self._regrouped = Regrouped()
        self._copies = copies

    def count(self, segment: Segment) -> str:
        """Take in a segment of this way; gives its letters for the history, capitals, none for a copy."""
        counters = self.counters
        if self._is_copy(segment):
            counters.duplicates += 1
            return ""
        if not counters.packets:
            counters.first, counters.first_number = segment.at, segment.number
            counters.layers = segment.layers
        counters.packets += 1
        counters.last = segment.at
        flags = int(segment.flags)
        if flags & _RST:
            return self._count_reset(segment)
        self._note_ttl(segment.ttl, after_resets_only=counters.packets == counters.resets + 1)
        if flags & _ACK:
            self._note_ack(segment.ack)
        if segment.name is not None and counters.name is None:
            counters.name = segment.name
        if flags & _SYN:
            return self._count_syn(segment, flags)
        self._note_window(segment)
        return self._count_ordinary(segment, flags)

    def _is_copy(self, segment: Segment) -> bool:
        sight = self._copies.see(segment)
        carried = self._regrouped.saw(segment)  # asked of copies, too: one in another carrier shows that there are two
        if sight.fell:
            counters = self.counters
            counters.falls = max(counters.falls, sight.fell)
            counters.fell_to = segment.ttl if counters.fell_to is None else min(segment.ttl, counters.fell_to)
        return sight.copy or (carried and not sight.again)

    def settle(self, acked: int | None) -> None:
        """Count the bytes below *acked*, the other end's highest acknowledgement, that this way never showed."""
        if self._space is not None and acked is not None:
            self.counters.missed = self._space.unseen_below(acked)

    def _count_reset(self, segment: Segment) -> str:
        self.counters.resets += 1
        if self.counters.packets == self.counters.resets:
            self._note_ttl(segment.ttl, after_resets_only=self.counters.resets == 1)
        return "R"

    def _note_ttl(self, ttl: int, *, after_resets_only: bool) -> None:
        """A RST's TTL counts only where nothing else was seen: a device on the path may have sent it."""
        counters = self.counters
        if after_resets_only or counters.ttl_lowest is None or counters.ttl_highest is None:
            counters.ttl = counters.ttl_lowest = counters.ttl_highest = ttl
        elif ttl < counters.ttl_lowest:
            counters.ttl_lowest = ttl
        elif ttl > counters.ttl_highest:
            counters.ttl_highest = ttl

    def _note_ack(self, ack: int) -> None:
        counters = self.counters
        if counters.acked is None:
            counters.first_ack = counters.acked = ack
        elif ack != counters.acked:
            counters.acked = later(counters.acked, ack)

    def _count_syn(self, segment: Segment, flags: int) -> str:
        counters = self.counters
        if flags & _ACK:
            counters.syn_acks += 1
        else:
            counters.syns += 1
        if counters.isn is None:
            counters.isn = segment.seq
            counters.mss = segment.options.mss
            counters.ts_value, counters.ts_echo = segment.options.ts_value, segment.options.ts_echo
            counters.ip_id = segment.ip_id
        if segment.payload:
            self._count_payload(segment.payload)
        if segment.seq == counters.isn:  # another one belongs to another sequence space: a rewriting or second sender
            self._show(segment, 1 + segment.payload + bool(flags & _FIN))
        letters = "H" if flags & _ACK else "S"
        return letters + ("D" if segment.payload else "") + self._fin(flags)

    def _count_ordinary(self, segment: Segment, flags: int) -> str:
        payload = segment.payload
        fin = self._fin(flags)
        keepalive = payload == 1 and not fin and self._space is not None and distance(segment.seq, self._space.end) == 1
        showing = self._show(segment, payload + len(fin), anew=keepalive)
        if not payload:
            if fin or not flags & _ACK:
                return fin
            self.counters.bare_acks += 1
            return "A"
        if self.counters.opening is Content.NOTHING:
            self.counters.opening = segment.content
            self.counters.turns_away = segment.said is not None and segment.said.says is Says.TURNS_AWAY
        self._count_payload(payload)
        if segment.said is not None and showing is not Showing.REPEATED:
            self._note_word(segment.said)
        if showing is not Showing.REPEATED:
            return "D" + fin
        if keepalive:
            return "D"
        return "T" + fin

    def _note_window(self, segment: Segment) -> None:
        counters = self.counters
        if segment.window:
            counters.shut, counters.shut_since = 0, None
            return
        counters.zero_windows += 1
        counters.shut += 1
        if counters.shut_since is None:
            counters.shut_since = segment.at

    def _note_word(self, said: Said) -> None:
        """Note what a new segment says of the service."""
        counters = self.counters
        match said.says:
            case Says.ALERT:
                counters.alert = said.code if counters.alert is None else counters.alert
            case Says.SEALED_ALERT if not counters.ciphered:
                counters.sealed_alert = True
            case Says.SEALED_ALERT | Says.CIPHERED:
                counters.ciphered = True
            case Says.STATUS if said.code is not None and said.code >= 200:
                counts = dict(counters.statuses)
                counters.statuses = tuple((counts | {said.code: counts.get(said.code, 0) + 1}).items())
            case _:
                pass

    def _fin(self, flags: int) -> str:
        if not flags & _FIN:
            return ""
        self.counters.fins += 1
        return "F"

    def _count_payload(self, payload: int) -> None:
        counters = self.counters
        counters.data += 1
        counters.payload += payload
        counters.largest = max(counters.largest, payload)

    def _show(self, segment: Segment, count: int, *, anew: bool = False) -> Showing:
        """Note a segment's sequence numbers and count what they were to the observer.

        *anew*: showing them again is no repeat, as of a keepalive's one byte.
        """
        counters = self.counters
        if self._space is None:
            self._space = SequenceSpace(segment.seq)
            self.first_seq = segment.seq
        end = self._space.end
        showing = self._space.show(segment.seq, count, segment.at)
        counters.end = self._space.end
        if count and distance(end, advance(segment.seq, count)) > 0:
            counters.stuck, counters.stuck_until = 0, None
            if segment.payload:
                counters.advanced = segment.at
        if showing is Showing.REPEATED and not anew:
            counters.repeated += 1
            counters.stuck, counters.stuck_until = counters.stuck + 1, segment.at
        elif showing is Showing.REFILLED:
            counters.refilled += 1
        elif showing is Showing.REORDERED:
            counters.reordered += 1
        return showing
