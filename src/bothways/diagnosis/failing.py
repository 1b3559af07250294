"""Which of a target's ways of failing is judged: its connections may fail in several."""

from collections import Counter
from collections.abc import Iterable, Mapping

from bothways.connections.exchange import Exchange
from bothways.connections.outcome import Outcome
from bothways.connections.tally import outcomes
from bothways.connections.targets import EXEMPLARS

_EARLIEST_FIRST = (
    Outcome.UNREACHABLE,
    Outcome.REFUSED,
    Outcome.UNANSWERED,
    Outcome.HALF_OPEN,
    Outcome.RESET,
    Outcome.STALLED_THERE,
    Outcome.WINDOW_CLOSED,
    Outcome.STALLED_BACK,
    Outcome.SILENT,
)

_LOOK_ALIKE = ({Outcome.HALF_OPEN, Outcome.STALLED_THERE}, {Outcome.STALLED_BACK, Outcome.SILENT})
"""Ways of failing that one failure shows by turns, where the observer misses packets: a repeated SYN+ACK more or less,
the server's data in view or not. They count together."""

NOTABLE_SHARE = 0.2
"""Share of a target's failures from which a way of failing is taken for more than bad luck beside the others; and share
of those that look alike from which one of them is."""


def judged_outcome(ended: Iterable[Outcome] | Mapping[Outcome, int]) -> Outcome | None:
    """Of the notable ways in which connections *ended* (one by one, or counted) that which fails earliest in a life.

    Where none failed, what programs refused; None where they did not, either.

    What goes wrong early often shows late, too (a full accept queue ignores some clients and leaves others waiting),
    and not the other way round.
    """
    counted = Counter(ended)
    failed = Counter({outcome: count for outcome, count in counted.items() if outcome.failed})
    declined = Outcome.DECLINED if counted[Outcome.DECLINED] else None
    return next((outcome for outcome in _EARLIEST_FIRST if _is_notable(outcome, failed)), declined)


def failing(connections: Iterable[Exchange]) -> list[Exchange]:
    """Those of *connections* that failed; where programs refused more than worked, those that they refused as well."""
    connections = list(connections)
    counted = outcomes(connections)
    refused = counted[Outcome.DECLINED] > counted[Outcome.WORKED]
    return [one for one in connections if one.outcome.failed or (refused and one.outcome is Outcome.DECLINED)]


def exemplars_of(failing: Iterable[Exchange]) -> tuple[Exchange, ...]:
    """Of *failing* a few whose packets are at hand, all with the outcome that is judged."""
    failing = tuple(failing)
    judged = judged_outcome(outcomes(failing))
    chosen = (
        exchange
        for exchange in failing
        if exchange.outcome is judged and any(seen.packets is not None for seen in exchange.seen)
    )
    return tuple(item for _, item in zip(range(EXEMPLARS), chosen, strict=False))


def _is_notable(outcome: Outcome, failed: Counter[Outcome]) -> bool:
    """Whether many fail so or alike, and of these many so; where no way is notable, whether the most fail so."""
    group = next((alike for alike in _LOOK_ALIKE if outcome in alike), {outcome})
    together = sum(failed[one] for one in group)
    least = min(NOTABLE_SHARE * failed.total(), _most_alike(failed) - 1)
    return together > least and failed[outcome] > NOTABLE_SHARE * together


def _most_alike(failed: Counter[Outcome]) -> int:
    """How many the most frequent way of failing has, with those that look alike."""
    alone = [failed[one] for one in failed]
    return max([*alone, *(sum(failed[one] for one in group) for group in _LOOK_ALIKE)], default=0)
