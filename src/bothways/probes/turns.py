"""Where one kind of packet is silent and another is answered: both in turn, until the silence lies between answers.

A router that limits its errors, or a path that changes, looks like a drop to whoever asks once. What is silent each
time between two answers to its neighbour is dropped.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bothways.probes.ledger import Flying, Ledger
from bothways.probes.pace import Pace
from bothways.units import SECOND, Duration, Instant

_MOST_MORE = 6
"""Probes of one kind at a distance beyond the usual repeats."""


class Turn(Struct, frozen=True, kw_only=True):
    """Whose turn it is at a distance."""

    ledger: Ledger
    ttl: int
    ready: Instant


def turns(ledgers: Sequence[Ledger], pace: Pace, wait: Duration) -> Iterator[Turn]:
    """The next probe of each pair of kinds, at each of the nearest distances where they differ.

    Args:
        ledgers: Traces that have each asked for themselves all that they wanted.
        pace: How often, and at how many distances.
        wait: For how long an answer is awaited.
    """
    for silent in ledgers:
        others = sorted(_comparable(ledgers, silent), key=lambda one: one.asked.source != silent.asked.source)
        beyond = sorted({f.ttl for one in others for f in one.flying if f.replies and f.ttl > silent.farthest_answer})
        for ttl in [ttl for ttl in beyond if silent.at(ttl)][: pace.disputed]:
            other = next((one for one in others if one.answered(ttl)), None)
            turn = _next(silent, other, ttl, pace, wait) if other is not None else None
            if turn is not None:
                yield turn


def _comparable(ledgers: Sequence[Ledger], silent: Ledger) -> Iterator[Ledger]:
    """Those that go to the same place; of the same flow at best, on which load balancers choose (RFC 2992)."""
    for one in ledgers:
        if one is not silent and one.asked.destination == silent.asked.destination:
            yield one


def _next(silent: Ledger, other: Ledger, ttl: int, pace: Pace, wait: Duration) -> Turn | None:
    events: list[tuple[Instant, bool, Flying]] = sorted(
        [(f.at, False, f) for f in silent.at(ttl)] + [(f.at, True, f) for f in other.at(ttl)],
        key=lambda event: event[0],
    )
    rounds = _rounds(events)
    if rounds >= pace.rounds:
        return None
    at, is_other, last = events[-1]
    ledger = silent if is_other and last.replies else other
    if len(ledger.at(ttl)) >= pace.repeats + _MOST_MORE:
        return None
    # Another answer of the same router or host so soon may be more than it is allowed to give.
    own = [flying.at for flying in ledger.at(ttl)]
    again = SECOND if is_other and not last.replies else pace.spread
    heard = at if last.replies else at + wait
    return Turn(ledger=ledger, ttl=ttl, ready=Instant(max(heard, own[-1] + again) if own else heard))


def _rounds(events: Sequence[tuple[Instant, bool, Flying]]) -> int:
    """How often a silence lies right before an answer of the other, counted from the other's first answer."""
    answered = silent = False
    rounds = 0
    for _, is_other, flying in events:
        if is_other and flying.replies:
            rounds += answered and silent
            answered, silent = True, False
        elif not is_other:
            silent = answered
    return rounds
