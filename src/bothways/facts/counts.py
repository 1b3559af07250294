"""What a host has counted, in how far that speaks of the time of the failure."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from msgspec import Struct

from bothways.evidence.case import CounterEvidence, Role
from bothways.evidence.citation import Citation
from bothways.evidence.counters import Snapshot, Span
from bothways.facts.subject import Subject

GAUGES = frozenset({"TcpCurrEstab", "MPTcpExtMPCurrEstab", "ConntrackCount", "ConntrackMax"})
"""Not counted up, so that they say nothing of which snapshot is the earlier one."""


class Count(Struct, frozen=True, kw_only=True):
    """One counter of one host."""

    value: int
    """What came between two snapshots where there are two, else all that was counted."""

    between: bool
    """Two snapshots tell how much came between them."""

    from_start: bool
    """The count is known to go back to the start, or to the first of two snapshots; else somebody may have asked in
    between."""

    cites: tuple[Citation, ...]


class _Taken(Struct, frozen=True, kw_only=True):
    file: str
    snapshot: Snapshot


def count(subject: Subject, name: str, whose: Callable[[Role], bool]) -> Count | None:
    """The counter called *name* of the host whose files *whose* chooses by their role.

    None where it was not printed. With several snapshots that can be ordered, as counters only rise, it is what came
    between the first and the last.
    """
    taken = [item for item in _taken(subject.counters, whose) if item.snapshot.get(name) is not None]
    if not taken:
        return None
    ordered = _in_order(taken)
    if len(ordered) < 2:
        return _single(taken[0], name)
    first, last = (_single(item, name) for item in (ordered[0], ordered[-1]))
    return Count(value=last.value - first.value, between=True, from_start=True, cites=(*first.cites, *last.cites))


def _taken(counters: Sequence[CounterEvidence], whose: Callable[[Role], bool]) -> list[_Taken]:
    """The first and the last snapshot of each file: a file that somebody appended to says no more by those between."""
    found = []
    for item in counters:
        taken = item.log.snapshots
        ends = (taken[0], taken[-1]) if len(taken) > 1 else taken
        found += [_Taken(file=item.log.file, snapshot=snapshot) for snapshot in ends if whose(item.role)]
    return found


def _single(item: _Taken, name: str) -> Count:
    counter = item.snapshot.get(name)
    return Count(
        value=counter.value if counter else 0,
        between=False,
        from_start=item.snapshot.span is Span.SINCE_START,
        cites=(Citation(file=item.file, line=counter.line if counter else None),),
    )


def _in_order(taken: Sequence[_Taken]) -> list[_Taken]:
    """*taken* from the earliest on; empty where they cannot be ordered.

    Increments since the last call, and a host that began anew in between, do not only rise.
    """
    if any(item.snapshot.span is Span.SINCE_LAST for item in taken):
        return []
    ordered = sorted(taken, key=lambda item: sum(value for _, value in _rising(item.snapshot)))
    if any(not _before(earlier.snapshot, later.snapshot) for earlier, later in pairwise(ordered)):
        return []
    return ordered


def _before(earlier: Snapshot, later: Snapshot) -> bool:
    """Whether nothing was counted down from one to the other, and something up."""
    before, after = dict(_rising(earlier)), dict(_rising(later))
    both = before.keys() & after.keys()
    return all(before[name] <= after[name] for name in both) and any(before[name] < after[name] for name in both)


def _rising(snapshot: Snapshot) -> list[tuple[str, int]]:
    return [(counter.name, counter.value) for counter in snapshot.counters if counter.name not in GAUGES]
