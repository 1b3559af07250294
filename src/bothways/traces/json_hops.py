"""Single answers to single probes become hops: who showed the same several times is one reply with several times."""

from msgspec import Struct, field
from msgspec.structs import replace

from bothways.evidence.path_report import Hop, HopReply
from bothways.traces.mtr_host import MOST_REPLIES
from bothways.traces.runs import MOST_HOPS
from bothways.units import Duration


class _Distance(Struct, kw_only=True):
    line: int
    sent: int = 0
    lost: int = 0
    replies: dict[HopReply, list[Duration]] = field(default_factory=dict)
    mtu: int | None = None


class Distances(Struct, kw_only=True):
    """What is known of each distance so far."""

    _known: dict[int, _Distance] = field(default_factory=dict)

    def answered(self, index: int, reply: HopReply, line: int, *, sent: int = 1, mtu: int | None = None) -> None:
        """*reply* came, with the round trips of one probe or of several; *sent* probes that this tells of."""
        at = self._at(index, line, sent)
        bare = replace(reply, round_trips=())
        if bare in at.replies or len(at.replies) < MOST_REPLIES:
            trips = at.replies.setdefault(bare, [])
            trips.extend(reply.round_trips[: MOST_REPLIES - len(trips)])
        at.mtu = mtu if at.mtu is None else at.mtu

    def silent(self, index: int, line: int, *, sent: int = 1) -> None:
        """*sent* probes were not answered; with 0, nobody knows how many."""
        self._at(index, line, sent).lost += sent

    def hops(self) -> tuple[Hop, ...]:
        """All distances in their order; what is between them and told by nobody is not among them."""
        return tuple(_hop(index, self._known[index]) for index in sorted(self._known))

    def _at(self, index: int, line: int, sent: int) -> _Distance:
        at = self._known.setdefault(index, _Distance(line=line))
        at.sent += sent
        return at


def is_distance(index: int | None) -> bool:
    """Whether *index* is a TTL that a probe can have."""
    return index is not None and 1 <= index <= MOST_HOPS


def _hop(index: int, at: _Distance) -> Hop:
    return Hop(
        index=index,
        line=at.line,
        replies=tuple(replace(reply, round_trips=tuple(trips)) for reply, trips in at.replies.items()),
        sent=at.sent or None,
        loss=at.lost / at.sent if at.sent else None,
        mtu=at.mtu,
    )
