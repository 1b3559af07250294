"""Targets that only a monitor's log knows, and what is said of connections that it knows beside a capture.

A record proves little, and who took a capture looked at what failed. So records are judged where there is neither a
capture nor a program's log, or where the user names a target that these do not know; otherwise they are only counted,
and no connection counts twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bothways.connections.flow_outcome import LoggedFlow, outcome_of
from bothways.connections.outcome import Outcome
from bothways.connections.targets import TargetKey
from bothways.connections.window import Window
from bothways.diagnosis.model import SignatureCount
from bothways.evidence.flow import FlowLog
from bothways.units import SECOND, Duration, Instant, between
from bothways.wire.address import network_of

APART = Duration(5 * SECOND)
"""Between the times at which two monitors see a connection begin, their clocks' difference included: ports are not used
again so soon."""

_MORE_SURE = (Outcome.WORKED, Outcome.RESET, Outcome.REFUSED, Outcome.UNANSWERED, Outcome.CENSORED)
"""Which of two monitors' words on one connection counts: who saw more of it contradicts who saw less."""


def logged_targets(logs: Iterable[FlowLog], window: Window) -> dict[TargetKey, tuple[LoggedFlow, ...]]:
    """All connections of *logs* that began in *window*, by target; what several monitors saw counts once."""
    found: defaultdict[TargetKey, list[LoggedFlow]] = defaultdict(list)
    for logged in _once(logs):
        flow = logged.flow
        if window.holds(flow.first):
            found[TargetKey(server=flow.server, network=network_of(flow.client.address), name="")].append(logged)
    return {key: tuple(members) for key, members in found.items()}


def _once(logs: Iterable[FlowLog]) -> list[LoggedFlow]:
    kept: list[LoggedFlow] = []
    places: dict[tuple[object, ...], int] = {}
    """Of the latest one between two ends in each `APART` of time: a port may be used again and again for years."""
    for log in logs:
        for flow in log.flows:
            logged = LoggedFlow(file=log.file, flow=flow, outcome=outcome_of(flow))
            when = flow.first // APART
            near = [places.get((flow.client, flow.server, when + step)) for step in (-1, 0, 1)]
            twin = next((at for at in near if at is not None and _same(kept[at], logged)), None)
            if twin is None:
                places[flow.client, flow.server, when] = len(kept)
                kept.append(logged)
            elif _MORE_SURE.index(logged.outcome) < _MORE_SURE.index(kept[twin].outcome):
                kept[twin] = logged
    return kept


def _same(one: LoggedFlow, other: LoggedFlow) -> bool:
    """Whether two monitors tell of one connection."""
    return one.file != other.file and abs(between(one.flow.first, other.flow.first)) <= APART


def signatures(flows: Sequence[LoggedFlow]) -> tuple[SignatureCount, ...]:
    """*flows* by how they went, most frequent first."""
    groups: defaultdict[str, list[LoggedFlow]] = defaultdict(list)
    for logged in flows:
        groups[logged.signature].append(logged)
    return tuple(
        SignatureCount(
            history=signature.split(" ", maxsplit=1)[1],
            outcome=str(group[0].outcome),
            connections=len(group),
            example=str(group[0].cite()),
        )
        for signature, group in sorted(groups.items(), key=lambda item: -len(item[1]))
    )


def times(flows: Sequence[LoggedFlow]) -> tuple[Instant | None, Instant | None]:
    """From when until when *flows* were seen."""
    ends = [logged.flow.first if logged.flow.last is None else logged.flow.last for logged in flows]
    return min((logged.flow.first for logged in flows), default=None), max(ends, default=None)


def left_aside(logs: Iterable[FlowLog]) -> tuple[str, ...]:
    """What is said of *logs* by which nothing was judged, because captures or programs' logs show more."""
    return tuple(
        f"{log.file} tells of {len(log.flows)} TCP connections, of which {failed} failed: left aside, because other "
        "evidence shows more; by itself, or for a target that you name, it is judged"
        for log in logs
        for failed in [sum(outcome_of(flow).failed for flow in log.flows)]
    )
