"""A target's failed connections, apart by cause: several faults at once are several findings, each with its exemplars.

The connections of one signature are judged by themselves first, on their own exemplars. Signatures that some cause
explains alike are then one failure, which is judged again on exemplars of all of them.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bothways.connections.crowd import crowd
from bothways.connections.differences import Difference, differences
from bothways.connections.exchange import Exchange
from bothways.connections.outcome import Outcome
from bothways.connections.targets import by_way_of_failing
from bothways.connections.traits import samples
from bothways.connections.window import beginnings
from bothways.diagnosis.comparisons import few_of
from bothways.diagnosis.failing import exemplars_of, failing
from bothways.diagnosis.one_cause import share_a_cause
from bothways.facts.catalogue import measure
from bothways.facts.subject import Subject
from bothways.units import Instant
from bothways.verdict.conclusions import Conclusions
from bothways.verdict.standing import Weighed

MOST_SIGNATURES = 64
"""Signatures of one target that are judged by themselves, the most frequent ones; what is rarer goes with those that
end alike."""

MOST_ALONE = 1000
"""Signatures of all targets together that are judged by themselves: each takes some milliseconds. Where thousands of
targets fail at once, what is wrong with many of them says more than what else is wrong with one."""


class _Group(Struct, kw_only=True):
    """Signatures that are taken for one failure."""

    weighed: Weighed
    """How the theories stand by the most frequent of them."""

    members: list[Exchange]


def signatures_alone(targets: int) -> int:
    """How many signatures of each of so many *targets* are judged by themselves; fewer than two are not told apart."""
    return min(MOST_SIGNATURES, MOST_ALONE // max(1, targets))


def apart(subject: Subject, conclusions: Conclusions, most: int = MOST_SIGNATURES) -> tuple[Subject, ...]:
    """*subject* once for each failure among its connections; itself where there is one, or no capture shows any.

    At *most* so many signatures are judged by themselves; what follows from their answers is in *conclusions*.
    """
    failed = failing(subject.connections)
    signatures = by_way_of_failing(failed)
    judged = [members for members in signatures if exemplars_of(members)][:most]
    if len(judged) < 2:
        return (_compared(subject, failed),)
    groups: list[_Group] = []
    beside = crowd(few_of(subject.connections))
    for members in judged:
        exemplars = exemplars_of(members)
        alone = replace(subject, exemplars=exemplars, failing=exemplars, connections=beside)
        weighed = conclusions.weighed(measure(alone))
        alike = next((group for group in groups if share_a_cause(group.weighed, weighed)), None)
        if alike is None:
            groups.append(_Group(weighed=weighed, members=list(members)))
        else:
            alike.members += members
    known = {id(members) for members in judged}
    for members in signatures:
        if id(members) not in known:
            _like(groups, members[0].outcome).members += members
    place = {id(exchange): number for number, exchange in enumerate(failed)}
    return tuple(_compared(subject, sorted(group.members, key=lambda item: place[id(item)])) for group in groups)


def _like(groups: Sequence[_Group], outcome: Outcome) -> _Group:
    """The failure to which a rare signature is counted."""
    return next((group for group in groups if group.members[0].outcome is outcome), groups[0])


def _compared(subject: Subject, failed: Sequence[Exchange]) -> Subject:
    """*subject* of those that *failed*, with what tells them from the connections that worked."""
    worked = subject.crowd.worked
    found: tuple[Difference, ...] = differences(samples(failed, worked)) if failed and worked else ()
    return replace(subject, exemplars=exemplars_of(failed), failing=tuple(failed), differences=found)


class Times(Struct, frozen=True, kw_only=True):
    """When connections of one failure began, beside those that worked."""

    first: Instant | None
    last: Instant | None
    worked: int
    worked_before: int
    worked_after: int


def times_of(subject: Subject, begun: Mapping[int, Instant | None]) -> Times:
    """The times of *subject*'s failure; *begun* are those of all connections, by identity."""
    failed = [moment for item in subject.failing if (moment := begun[id(item)]) is not None]
    worked = [(begun[id(item)], item.stands_for) for item in subject.crowd.worked]
    first, last = min(failed, default=None), max(failed, default=None)
    return Times(
        first=first,
        last=last,
        worked=subject.crowd.counts[Outcome.WORKED],
        worked_before=sum(n for moment, n in worked if moment is not None and first is not None and moment < first),
        worked_after=sum(n for moment, n in worked if moment is not None and last is not None and moment > last),
    )


def begun(connections: Sequence[Exchange]) -> dict[int, Instant | None]:
    """When each of *connections* began, by identity."""
    return {id(item): moment for item, moment in zip(connections, beginnings(connections), strict=True)}
