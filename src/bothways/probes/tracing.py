"""Several traces made in the same minutes, distance by distance, so that what one kind meets the other meets too.

First every distance is asked by every kind, nearest first, and the silent ones again, later and later. Where one kind
stays silent and another is answered, both are asked in turn until the silence lies between answers.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bothways.evidence.probing import Came, ProbeTrace
from bothways.probes.arrival import read_answer, read_error
from bothways.probes.kinds import Asked
from bothways.probes.ledger import Flying, Ledger, find
from bothways.probes.pace import Pace
from bothways.probes.plan import Heard
from bothways.probes.quote import read_quote
from bothways.probes.turns import Turn, turns
from bothways.units import MILLISECOND, SECOND, Duration, Instant

_UNKNOWN_WAIT = Duration(SECOND)
"""As long as nobody answered: the first timeout of TCP (RFC 6298 section 2)."""

_ROUND = 3
"""Distances of one router that are a loop, if others lie in between."""


class _Need(Struct, frozen=True, kw_only=True):
    """A probe that is wanted."""

    ledger: Ledger
    ttl: int
    ready: Instant
    asked: int


class Tracing:
    """A plan (`bothways.probes.plan.Plan`).

    Args:
        asked: The traces, which go to one address.
        pace: Its bounds.
        number: Of its first packet: 16 bits that nobody can foresee, and no other plan's of these minutes.
    """

    def __init__(self, asked: Sequence[Asked], pace: Pace | None = None, *, number: int = 1) -> None:
        self._ledgers = [Ledger(one) for one in asked]
        self._pace = pace or Pace()
        self._number = number
        self._sent = 0
        self._began: Instant | None = None
        self._latest = Instant(0)
        self._slot = Instant(0)
        self._alone = False

    def packets(self, now: Instant) -> tuple[bytes, ...]:
        """At most one: the most urgent of those that are wanted now."""
        now = self._at(now)
        if now < self._slot or self._spent(now):
            return ()
        ready = [need for need in self._needs() if need.ready <= now]
        if not ready:
            return ()
        need = min(ready, key=lambda one: (one.asked, one.ttl))
        number = (self._number + self._sent - 1) % 0xFFFF + 1
        self._sent += 1
        self._slot = Instant(now + self._pace.interval)
        return (need.ledger.send(need.ttl, number, now),)

    def hear(self, heard: Heard) -> None:
        """Take notice of an ICMP error about a probe, or of a segment of the destination."""
        error = read_error(heard.packet)
        if error is not None:
            quoted = read_quote(error.quote)
            if quoted is None or all(ledger.asked.source.address != error.receiver for ledger in self._ledgers):
                return
            found = find(self._ledgers, quoted, heard.at, self._wait)
            if isinstance(found, tuple):
                found[0].take(found[1], heard.at, error, quoted)
            elif found:
                self._alone = True
            return
        answer = read_answer(heard.packet)
        if answer is not None:
            fitting = [(*one, ledger) for ledger in self._ledgers for one in ledger.fitting(heard.at, answer)]
            if fitting:
                _, flying, came, ledger = min(fitting, key=lambda one: (one[0], -one[1].at))
                ledger.note(flying, came, heard.at, answer)

    def due(self, now: Instant) -> Instant | None:
        """The next probe, or the end of waiting for the last."""
        now = self._at(now)
        if self._began is None or self._spent(now):
            return None if self._spent(now) else now
        last = Instant(self._began + self._pace.longest)
        wanted = min((need.ready for need in self._needs()), default=None)
        if wanted is not None:
            return min(max(wanted, self._slot, now), last)
        waited = self._awaited()
        return min(waited, last) if waited > now else None

    def traces(self) -> tuple[ProbeTrace, ...]:
        """What was sent and heard so far."""
        ended = self._latest if self._began is not None else None
        return tuple(ledger.trace(ended) for ledger in self._ledgers)

    def _at(self, now: Instant) -> Instant:
        """Clocks are set back; a plan's is not."""
        self._latest = max(self._latest, now)
        if self._began is None:
            self._began = self._latest
        return self._latest

    def _spent(self, now: Instant) -> bool:
        if self._began is not None and now >= self._began + self._pace.longest:
            return True
        out = self._sent >= min(self._pace.most, 0xFFFF)
        return not self._ledgers or (out and self._awaited() <= now)

    def _awaited(self) -> Instant:
        """Until when an answer to some probe is awaited."""
        silent = (flying.at for ledger in self._ledgers for flying in ledger.flying if not flying.replies)
        return Instant(max(silent, default=-self._wait) + self._wait)

    @property
    def _wait(self) -> Duration:
        """How long an answer is awaited."""
        pace = self._pace
        trips = [reply.after for ledger in self._ledgers for f in ledger.flying for reply in f.replies]
        trips += [one.asked.round_trip for one in self._ledgers if one.asked.round_trip is not None]
        if not trips:
            return _UNKNOWN_WAIT
        return Duration(min(max(2 * max(trips) + 100 * MILLISECOND, pace.least_wait), pace.longest_wait))

    def _needs(self) -> list[_Need]:
        """Every probe that is still wanted, and from when on."""
        if self._sent >= min(self._pace.most, 0xFFFF):
            return []
        gone = {ledger.asked.source for ledger in self._ledgers if not ledger.asked.exact and ledger.was_reset}
        living = [ledger for ledger in self._ledgers if ledger.asked.source not in gone]
        wait = self._wait
        for ledger in living:
            ledger.settle(Instant(self._latest - wait))
        needs = [need for ledger in living for need in self._course(ledger, wait)]
        if not needs:
            needs = [self._in_turn(turn) for turn in turns(living, self._pace, wait)]
        if self._alone and needs:
            free = self._awaited()
            needs = [_Need(ledger=n.ledger, ttl=n.ttl, ready=max(n.ready, free), asked=n.asked) for n in needs]
        return needs

    def _course(self, ledger: Ledger, wait: Duration) -> Iterator[_Need]:
        """What a trace wants for itself."""
        waiting = [f for f in ledger.flying if not f.replies and f.at + wait > self._latest]
        room = Instant(min(f.at for f in waiting) + wait) if len(waiting) >= self._pace.at_once else Instant(0)
        for ttl in range(ledger.asked.first, self._horizon(ledger) + 1):
            shots = ledger.at(ttl)
            if not shots:
                yield _Need(ledger=ledger, ttl=ttl, ready=room, asked=0)
            elif self._is_wanted(ledger, ttl, shots):
                spread = self._pace.spread * (1 if ttl == ledger.end else len(shots))
                ready = Instant(max(shots[-1].at + max(spread, wait), room, self._quiet(ledger, ttl)))
                yield _Need(ledger=ledger, ttl=ttl, ready=ready, asked=len(shots))

    def _quiet(self, ledger: Ledger, ttl: int) -> Instant:
        """From when on the destination answers another probe that comes as far as to it."""
        kin = [one for one in self._ledgers if one.asked.source == ledger.asked.source]
        end = min((one.end for one in kin if one.end is not None and not one.is_unsure(one.end)), default=None)
        if end is None or ttl < end:
            return Instant(0)
        arrived = (flying.at for one in kin for flying in one.flying if flying.ttl >= end)
        return Instant(max(arrived, default=-self._pace.spread) + self._pace.spread)

    def _is_wanted(self, ledger: Ledger, ttl: int, shots: list[Flying]) -> bool:
        """Whether a distance that was asked is to be asked again."""
        if not any(flying.replies for flying in shots):
            return len(shots) < self._pace.repeats
        return ttl == ledger.end and ledger.may_confirm(ttl)

    def _horizon(self, ledger: Ledger) -> int:
        """The farthest distance that is asked as things stand."""
        if ledger.end is not None:
            return min(ledger.end + ledger.is_unsure(ledger.end), ledger.asked.last)
        if _goes_round(ledger):
            return max(flying.ttl for flying in ledger.flying)
        farthest = ledger.farthest_answer
        others = (one for one in self._ledgers if one.asked.destination.address == ledger.asked.destination.address)
        beyond = sorted({f.ttl for one in others for f in one.flying if f.replies and f.ttl > farthest})
        compared = beyond[: self._pace.disputed][-1] if beyond else 0
        return min(max(farthest + self._pace.gap, compared), ledger.asked.last)

    def _in_turn(self, turn: Turn) -> _Need:
        ready = max(turn.ready, self._quiet(turn.ledger, turn.ttl))
        return _Need(ledger=turn.ledger, ttl=turn.ttl, ready=ready, asked=len(turn.ledger.at(turn.ttl)))


def _goes_round(ledger: Ledger) -> bool:
    """Whether a router answers at three distances with others in between: the packet goes round."""
    places: dict[str, set[int]] = {}
    for flying in ledger.flying:
        for reply in flying.replies:
            if reply.came is Came.TIME_EXCEEDED and reply.sender is not None:
                places.setdefault(reply.sender, set()).add(flying.ttl)
    return any(len(seen) >= _ROUND and max(seen) - min(seen) >= len(seen) for seen in places.values())
