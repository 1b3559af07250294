"""What one trace has sent, and which packets that arrived answer which of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bothways.evidence.probing import Came, ProbeTrace, Reply, Shot
from bothways.probes.arrival import Answer, Error
from bothways.probes.kinds import Asked, size_of
from bothways.probes.quote import ADDRESSES, IDENTIFICATION, NUMBER, WINDOW, Quoted, read_quote
from bothways.units import MILLISECOND, SECOND, Duration, Instant, between

LATEST_ANSWER = Duration(3 * SECOND)
"""How long after its probe a segment may still be its answer, where its numbers do not say so."""

_SLACK = Duration(100 * MILLISECOND)
"""How much later than twice the known round trip: what numbers out of the window bring about is said at once."""

_CONFIRMED = 2
_MOST_CONFIRMING = 4
"""Answers of the destination, to probes at its distance, that make it certain; and probes that this may take."""

_MOST_REPLIES = 8
"""Kept of each probe: a stranger may send any number of them."""

OF_TCP = frozenset({Came.SYN_ACK, Came.RESET, Came.ACK, Came.DATA})
"""What the destination itself, or who speaks in its name, says."""

_ENDS = OF_TCP | {Came.UNREACHABLE, Came.TOO_BIG}


@dataclass(slots=True, kw_only=True, eq=False)
class Flying:
    """A probe that was sent."""

    number: int
    ttl: int
    at: Instant
    sent: Quoted
    replies: list[Reply] = field(default_factory=list)

    def add(self, reply: Reply) -> None:
        """Keep a reply, if it is not one too many."""
        if len(self.replies) < _MOST_REPLIES:
            self.replies.append(reply)

    @property
    def spoken_to(self) -> bool:
        """Whether a segment of TCP answered."""
        return any(reply.came in OF_TCP for reply in self.replies)


class Ledger:
    """One trace: its probes by their numbers, in the order in which they were sent."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.flying: list[Flying] = []
        self._by_ttl: dict[int, list[Flying]] = {}
        self.farthest_router = 0
        """The farthest distance at which a router counted the TTL down to nought; 0 for none."""
        self.end: int | None = None
        """The nearest distance at which a probe went no further, or had arrived; None as long as none did."""
        self._size = size_of(asked)

    def send(self, ttl: int, number: int, now: Instant) -> bytes:
        """The packet of a new probe."""
        packet = self.asked.build(ttl, number)
        sent = read_quote(packet)
        if sent is not None:
            flying = Flying(number=number, ttl=ttl, at=now, sent=sent)
            self.flying.append(flying)
            self._by_ttl.setdefault(ttl, []).append(flying)
        return packet

    def at(self, ttl: int) -> list[Flying]:
        """All probes of a distance."""
        return self._by_ttl.get(ttl, [])

    def answered(self, ttl: int) -> bool:
        """Whether anybody answered a probe of this distance."""
        return any(flying.replies for flying in self.at(ttl))

    @property
    def farthest_answer(self) -> int:
        """The farthest distance of which anybody answered; one before the first where nobody did."""
        return max((flying.ttl for flying in self.flying if flying.replies), default=self.asked.first - 1)

    @property
    def was_reset(self) -> bool:
        """Whether the connection that the probes are inside of is gone."""
        return any(reply.came is Came.RESET for flying in self.flying for reply in flying.replies)

    def take(self, flying: Flying, at: Instant, error: Error, quoted: Quoted) -> None:
        """Note an error about a probe."""
        flying.add(
            Reply(
                came=error.came,
                sender=error.reporter,
                after=between(flying.at, at),
                ttl=error.ttl,
                mark=error.mark,
                mtu=error.mtu,
                quoted=quoted.probe(),
                rewritten=quoted.rewritten(flying.sent),
            )
        )
        if error.came is Came.TIME_EXCEEDED and flying.ttl > self.farthest_router:
            self.farthest_router = flying.ttl
            if not self.asked.exact:
                self._withdraw()
        self._find_end()

    def note(self, flying: Flying, came: Came, at: Instant, answer: Answer) -> None:
        """Note a segment that answers a probe."""
        flying.add(Reply(came=came, sender=answer.sender.address, after=between(flying.at, at), ttl=answer.ttl))
        self._find_end()

    def _find_end(self) -> None:
        ends = (f.ttl for f in self.flying if any(reply.came in _ENDS for reply in f.replies))
        self.end = min(ends, default=None)

    def fitting(self, at: Instant, answer: Answer) -> list[tuple[Duration, Flying, Came]]:
        """The probes that a segment may answer: how far from what is expected it comes, which one, and as what."""
        if (answer.sender, answer.receiver) != (self.asked.destination, self.asked.source):
            return []
        expected = self.expected or Duration(0)
        return [
            (Duration(abs(at - flying.at - expected)), flying, came)
            for flying in self.flying
            if (came := self._answers(flying, at, answer)) is not None
        ]

    @property
    def expected(self) -> Duration | None:
        """How long an answer takes, as far as anything tells."""
        trips = [reply.after for f in self.flying for reply in f.replies if reply.came not in OF_TCP]
        if self.asked.round_trip is not None:
            trips.append(self.asked.round_trip)
        # The destination is no nearer than the routers before it.
        return max(trips, default=None)

    def _answers(self, flying: Flying, at: Instant, answer: Answer) -> Came | None:
        came = self.asked.answers(flying.number, answer)
        if came is None or at < flying.at:
            return None
        if self.asked.exact:
            return came
        # A server speaks of its own accord as well: what a router further away still saw pass was not answered nearer.
        nearer = came is not Came.RESET and flying.ttl <= self.farthest_router
        return None if flying.spoken_to or nearer or at - flying.at > self._latest else came

    @property
    def _latest(self) -> Duration:
        trip = None if self.asked.round_trip is None else self.expected
        return LATEST_ANSWER if trip is None else Duration(min(2 * trip + _SLACK, LATEST_ANSWER))

    def is_unsure(self, ttl: int) -> bool:
        """Whether one segment alone, which may have come of its own accord, says that the destination is so near."""
        told = [flying for flying in self.at(ttl) if flying.spoken_to]
        reset = any(reply.came is Came.RESET for flying in told for reply in flying.replies)
        return 0 < len(told) < _CONFIRMED and not self.asked.exact and not reset

    def may_confirm(self, ttl: int) -> bool:
        """Whether another probe is worth its while, to make sure."""
        return self.is_unsure(ttl) and len(self.at(ttl)) < _MOST_CONFIRMING

    def settle(self, before: Instant) -> None:
        """Where a distance was asked often enough before a moment and still one alone was answered, take that back."""
        end = self.end
        if end is None or not self.is_unsure(end) or self.may_confirm(end):
            return
        if all(flying.at <= before for flying in self.at(end)):
            for flying in self.at(end):
                flying.replies[:] = [reply for reply in flying.replies if reply.came not in OF_TCP]
            self._find_end()

    def _withdraw(self) -> None:
        """A router further away saw the packet pass: a segment counted nearer came of its own accord."""
        for flying in self.flying:
            if flying.ttl <= self.farthest_router:
                flying.replies[:] = [r for r in flying.replies if r.came not in OF_TCP or r.came is Came.RESET]

    def trace(self, ended: Instant | None) -> ProbeTrace:
        """As evidence."""
        shots = [Shot(line=0, ttl=f.ttl, at=f.at, replies=tuple(f.replies)) for f in self.flying]
        return ProbeTrace(
            line=0,
            sends=self.asked.sends,
            source=self.asked.source,
            destination=self.asked.destination,
            size=self._size,
            shots=tuple(shots),
            name=self.asked.name,
            ended=ended,
        )


def find(
    ledgers: Sequence[Ledger], quoted: Quoted, at: Instant, wait: Duration
) -> tuple[Ledger, Flying] | list[tuple[Ledger, Flying]]:
    """The probe that an error quotes; where several may be meant, all of them, and an empty list where none is.

    Args:
        ledgers: All traces of a plan.
        quoted: The packet.
        at: When the error arrived.
        wait: How long a probe may be under way.
    """
    sent = [(ledger, flying) for ledger in ledgers for flying in ledger.flying if flying.at <= at]
    for ledger, flying in reversed(sent):
        if _is_surely(quoted, flying.sent):
            return ledger, flying
    under_way = [pair for pair in sent if not pair[1].replies and at - pair[1].at <= wait]
    unsure = [pair for pair in under_way if _may_be(quoted, pair[1].sent)]
    return unsure[0] if len(unsure) == 1 else unsure


def _is_surely(quoted: Quoted, sent: Quoted) -> bool:
    """Its own number, and who it is from and to, or else where it stands in the connection."""
    within = quoted.same(sent, *ADDRESSES) or quoted.same(sent, NUMBER)
    if sent.shows(IDENTIFICATION):
        return within and quoted.same(sent, IDENTIFICATION)
    return within and (quoted.same(sent, NUMBER, WINDOW) or quoted.same(sent, "payload"))


def _may_be(quoted: Quoted, sent: Quoted) -> bool:
    """Its own number was rewritten, or is not in the quote."""
    if not quoted.same(sent, *ADDRESSES):
        return False
    if quoted.shows(WINDOW) and not sent.shows(IDENTIFICATION):
        return False
    return quoted.same(sent, NUMBER) or quoted.same(sent, "length")
