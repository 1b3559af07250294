"""A capturing host that could not keep up: packets that were on the wire and are not in the file."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from tests.helpers.degraded.taken import Evidence, Record, Taken


def every_nth(evidence: Evidence, which: int, *, counted: bool = False) -> Evidence:
    """Each *which*-th packet of a file is missing; *counted*: and the file says how many were lost."""
    return evidence.each(
        lambda taken: _without(taken, [n for n in range(len(taken.records)) if (n + 1) % which == 0], counted=counted)
    )


def at_random(evidence: Evidence, share: float, seed: int, *, counted: bool = False) -> Evidence:
    """Packets missing here and there."""

    def lose(taken: Taken) -> Taken:
        random = Random(f"{seed} {taken.vantage}")
        return _without(taken, [n for n in range(len(taken.records)) if random.random() < share], counted=counted)

    return evidence.each(lose)


def burst(evidence: Evidence, milliseconds: int, share: float, *, counted: bool = False) -> Evidence:
    """Everything missing for a while that begins with the packet that stands at *share* of the file."""

    def lose(taken: Taken) -> Taken:
        if not taken.records:
            return taken
        start = taken.records[int(len(taken.records) * share)].at
        end = start + milliseconds * 10**6
        lost = [n for n, record in enumerate(taken.records) if start <= record.at < end]
        return _without(taken, lost, counted=counted)

    return evidence.each(lose)


def _without(taken: Taken, lost: Sequence[int], *, counted: bool) -> Taken:
    gone = set(lost)
    kept: tuple[Record, ...] = tuple(record for n, record in enumerate(taken.records) if n not in gone)
    form = replace(taken.form, blocks=True, nanoseconds=True, dropped=len(gone)) if counted else taken.form
    return replace(taken, records=kept, form=form)
