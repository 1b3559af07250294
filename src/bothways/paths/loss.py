"""Loss at one distance beside that of all later ones: what a router does not answer, and what the path loses.

A router that limits its ICMP errors (RFC 1812 section 4.3.2.8, RFC 4443 section 2.4) leaves probes unanswered that
would have passed it, as later distances show: their probes passed it. Only what all later distances lose, too, is
lost by the path; and there or back is the same to see, for a reply that dies on its way back is a loss where it came
from.
"""

from collections.abc import Sequence
from math import log, sqrt

from msgspec import Struct

Z = 1.96
"""Standard deviations of a 95 % interval. Of two such intervals that do not touch, chance makes fewer than one in a
hundred: rare enough for a remark, and six losses in ten beside none in ten are seen."""

MOST_SENT = 1_000_000
"""Probes of one distance that are counted; a larger figure makes no interval narrower in any way that matters."""


class Tally(Struct, frozen=True, kw_only=True):
    """Probes of one distance over all runs that count them."""

    sent: int
    lost: float
    """Reports round their shares, so this is seldom a whole number."""

    @property
    def share(self) -> float:
        """Of the probes, 0 to 1; none were sent: none was lost."""
        return self.lost / self.sent if self.sent else 0.0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(sent=self.sent + other.sent, lost=self.lost + other.lost)


NOTHING = Tally(sent=0, lost=0.0)


def tally(counts: Sequence[tuple[int | None, float | None]]) -> Tally | None:
    """Runs' probes and their shares of loss, weighted by the probes; None where no run tells both."""
    told = [(min(sent, MOST_SENT), loss) for sent, loss in counts if sent and sent > 0 and loss is not None]
    return Tally(sent=sum(sent for sent, _ in told), lost=sum(sent * loss for sent, loss in told)) if told else None


def bounds(tally: Tally) -> tuple[float, float]:
    """Between what shares the true loss lies, by 95 % (Wilson 1927, "Probable Inference, the Law of Succession").

    Unlike the normal interval it is right for few probes and for none lost.
    """
    if not tally.sent:
        return 0.0, 1.0
    sent, share = tally.sent, tally.share
    middle = share + Z * Z / (2 * sent)
    half = Z * sqrt(share * (1 - share) / sent + Z * Z / (4 * sent * sent))
    whole = 1 + Z * Z / sent
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def loses_more(one: Tally, other: Tally) -> bool:
    """Whether *one* loses more than *other*, by more than chance."""
    return bounds(one)[0] > bounds(other)[1]


def limited(tallies: Sequence[Tally | None]) -> tuple[bool, ...]:
    """Which distances lose more than those behind them: they limit their replies, the path does not lose them.

    *tallies* are those of a way by distance, None for a distance that never answers or is not counted. A path can only
    lose more as it goes on, so each is held against all later ones together, those that limit their own left out. Of
    the last one nothing can be told.
    """
    later, found = NOTHING, []
    for one in reversed(tallies):
        more = one is not None and later.sent > 0 and loses_more(one, later)
        found.append(more)
        if one is not None and not more:
            later += one
    return tuple(reversed(found))


def onset(tallies: Sequence[Tally]) -> int | None:
    """From which place on a path loses, by those of its distances that limit nothing; None where it does not.

    The place that divides the probes best into those that lose less and those that lose more, if chance does not make
    such a difference. A path that loses from its first link on shows no difference: there any loss is enough of which
    95 % is certain to be more than `SLIGHT`.
    """
    whole = sum(tallies, NOTHING)
    before, best, found = NOTHING, _doubt(whole), None
    if bounds(whole)[0] > SLIGHT:
        found = 0
    for place, one in enumerate(tallies):
        after = Tally(sent=whole.sent - before.sent, lost=whole.lost - before.lost)
        doubt = _doubt(before) + _doubt(after)
        if before.sent and after.sent and doubt < best and loses_more(after, before):
            best, found = doubt, place
        before += one
    return found


SLIGHT = 0.02
"""Loss that TCP repairs without anybody noticing; above it a connection counts as degraded."""


def _doubt(tally: Tally) -> float:
    """How badly one rate of loss explains the probes: the less, the better (their negative log-likelihood)."""
    kept = tally.sent - tally.lost
    return -sum(part * log(part / tally.sent) for part in (tally.lost, kept) if part > 0)
