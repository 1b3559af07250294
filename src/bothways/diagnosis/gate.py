"""The gate before the theories: does a target fail, suffer, work, or is there too little to tell?"""

from collections.abc import Sequence
from enum import StrEnum

from bothways.connections.chance import at_least
from bothways.connections.declined import refuses
from bothways.connections.exchange import Exchange
from bothways.connections.outcome import Outcome
from bothways.connections.tally import how_many
from bothways.evidence.attempt import Attempt
from bothways.evidence.attempt import Outcome as AttemptOutcome

FEWEST_REPAIRS = 3
"""Below that a share says nothing: one lost packet of thirty is 3 % and an ordinary day."""

HEALTHY_LOSS = 0.02
"""Share of segments that had to be repaired above which a working target counts as degraded."""

USUAL_LOSS = 0.01
"""Share that a network which nobody complains of may lose."""

UNLIKELY = 0.01
"""Chance below which so many repairs are no bad luck of a usual network: of few segments two in a hundred are soon
exceeded."""

CLEARLY = 10
"""How many connections must have worked for each one that is unresolved: a long capture cuts some off, a short one that
shows a success and a connection of unknown end is no proof of health."""

FAILED_ATTEMPTS = frozenset(AttemptOutcome) - {AttemptOutcome.ANSWERED, AttemptOutcome.UNKNOWN}


class State(StrEnum):
    """What the gate says of a target."""

    FAILED = "failed"
    REFUSED = "refused"
    """Nothing fails on the network, and programs refuse most of what is asked."""
    DEGRADED = "degraded"
    HEALTHY = "healthy"
    UNDETERMINED = "undetermined"


def state_of(
    connections: Sequence[Exchange],
    attempts: Sequence[Attempt],
    *,
    logged: Sequence[Outcome] = (),
    waiting_in_table: bool,
) -> State:
    """What *connections* of the target, *attempts* that logs tell of and those that monitors *logged* say together.

    *waiting_in_table*: only a state table knows the target.
    """
    if any(exchange.outcome.failed for exchange in connections) or waiting_in_table:
        return State.FAILED
    if any(outcome.failed for outcome in logged):
        return State.FAILED
    if any(attempt.outcome in FAILED_ATTEMPTS for attempt in attempts):
        return State.FAILED
    done = [exchange for exchange in connections if exchange.outcome in {Outcome.WORKED, Outcome.DECLINED}]
    if _mostly_declined(done, attempts):
        return State.REFUSED
    if suffers(done):
        return State.DEGRADED
    worked = how_many(done)
    if worked or not connections:
        # A program's word alone does not make connections healthy that a capture shows only half of.
        worked += sum(attempt.outcome is AttemptOutcome.ANSWERED for attempt in attempts)
    # A record says little of how a connection went, so that each one which proves nothing is unresolved.
    worked += logged.count(Outcome.WORKED)
    unresolved = how_many(exchange for exchange in connections if exchange.unresolved) + logged.count(Outcome.CENSORED)
    return State.HEALTHY if worked and worked >= CLEARLY * unresolved else State.UNDETERMINED


def _mostly_declined(done: Sequence[Exchange], attempts: Sequence[Attempt]) -> bool:
    """Whether programs refused more connections than they served, by captures or else by programs' logs.

    A few refusals among answers are everyday life: a page that is forbidden, an overload of a moment, a client that
    tries an old version of TLS first.
    """
    if done:
        declined = how_many(exchange for exchange in done if exchange.outcome is Outcome.DECLINED)
        return declined > how_many(done) - declined
    answered = [attempt for attempt in attempts if attempt.outcome is AttemptOutcome.ANSWERED]
    return sum(map(declines, answered)) * 2 > len(answered)


def declines(attempt: Attempt) -> bool:
    """Whether a program's log tells that the service was refused in words."""
    return attempt.declined or (attempt.status is not None and refuses(attempt.status))


def suffers(connections: Sequence[Exchange]) -> bool:
    """Whether more segments than is healthy had to be repaired, as seen at one end or the other, whichever saw more."""
    observers = {seen.observer.vantage for exchange in connections for seen in exchange.seen}
    return any(_loss_at(vantage, connections) for vantage in observers)


def _loss_at(vantage: str, connections: Sequence[Exchange]) -> bool:
    repaired = sent = 0
    for exchange in connections:
        seen = exchange.at(vantage)
        if seen is None:
            continue
        for counters, peer in ((seen.sides.there, seen.sides.back), (seen.sides.back, seen.sides.there)):
            repaired += exchange.stands_for * (counters.repeated + counters.refilled)
            # Before its card divides them, a sender's capture shows several segments as one.
            on_the_wire = counters.payload // peer.mss if peer.mss else 0
            sent += exchange.stands_for * (max(counters.data, on_the_wire) + counters.syns + counters.fins)
    return exceeds(repaired, sent)


def exceeds(repaired: int, sent: int) -> bool:
    """Whether *repaired* of *sent* segments are more than a healthy network loses, and more than bad luck makes."""
    if repaired < FEWEST_REPAIRS or repaired <= HEALTHY_LOSS * sent:
        return False
    return repaired > sent or at_least(repaired, sent, USUAL_LOSS) < UNLIKELY
