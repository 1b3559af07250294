"""The life of one diagnosis: place the observers, join what they saw, sort it into targets, measure, weigh, conclude.

Pure: the same case and roles give the same diagnosis, whatever the time, the machine or the order of a dictionary.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bothways.connections.background import ports_used_again
from bothways.connections.clock import ClockOffset, clock_offset
from bothways.connections.company import Company, company_of
from bothways.connections.crowd import crowd
from bothways.connections.exchange import Exchange
from bothways.connections.joined import Joined, join_captures
from bothways.connections.observer import Observer, along_path
from bothways.connections.outcome import Outcome
from bothways.connections.targets import TargetKey
from bothways.connections.window import window_of
from bothways.diagnosis.apart import by_kind, counted_apart, silent_families
from bothways.diagnosis.asking import first_of_all, had_of
from bothways.diagnosis.by_address import ByAddress
from bothways.diagnosis.comparisons import Comparisons
from bothways.diagnosis.findings import signatures_alone
from bothways.diagnosis.flows import left_aside
from bothways.diagnosis.host_tables import apart, told_apart
from bothways.diagnosis.limits import limited, limits
from bothways.diagnosis.model import Diagnosis, Ruling, TargetDiagnosis
from bothways.diagnosis.reports import NO_REPORTS, ReportsOfTargets
from bothways.diagnosis.roles import Roles, with_manifests
from bothways.diagnosis.scope import Scope, scope_of
from bothways.diagnosis.shared import in_common
from bothways.diagnosis.subjects import Surroundings, subject_of
from bothways.diagnosis.target import diagnose_target
from bothways.diagnosis.two_ways import WaysOf
from bothways.diagnosis.ways import ways_of, ways_without_target
from bothways.diagnosis.ways_asks import asks_of_ways
from bothways.diagnosis.word import unheard
from bothways.evidence.case import Case, PathEvidence
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.path_report import HopReply
from bothways.paths.called import in_doubt, meant_by
from bothways.paths.known import known_of
from bothways.theories.catalogue import THEORIES
from bothways.verdict.conclusions import Conclusions

if TYPE_CHECKING:
    from bothways.paths.model import Path

_WORST_FIRST = tuple(Ruling)


def diagnose(case: Case, roles: Roles | None = None, joined: Joined | None = None) -> Diagnosis:
    """Judge *case*; *roles* is what the user said about it, *joined* its captures where they are joined already."""
    roles, named = with_manifests(roles or Roles(), case), case.paths
    case = _in_order(case)
    joined = joined or join_captures([(capture.survey, capture.role) for capture in case.captures])
    exchanges = joined.with_packets(case.captures)
    ordered = along_path(joined.observers)
    window = window_of(roles.span, joined.observers)
    whole, case = case, limited(case, window)
    scope = scope_of(case, exchanges, roles, window)
    surroundings = _surroundings(case, roles, scope, ordered, exchanges)
    reports = ReportsOfTargets(case, scope, surroundings.known, roles.firewalls)
    judged = _judged(scope, surroundings, reports)
    targets = tuple(target for _, target in judged)
    ways = _ways(judged, named, scope, surroundings, reports)
    return Diagnosis(
        targets=targets,
        observers=ordered,
        company=_company(ordered, exchanges, surroundings.offsets),
        files=case.files,
        notes=(
            *limits(whole, window, left_out=scope.left_out),
            *_notes(case, scope, judged=len(targets), ways=ways),
            *in_common(targets),
            *(() if scope.flows else left_aside(case.flows)),
            *silent_families(scope.races, exchanges),
            *_unknown_firewalls(case, roles),
            *told_apart(surroundings.tables[1]),
            *unheard(roles.assumed, targets),
        ),
        background=counted_apart(scope.apart),
        next=() if targets else asks_of_ways(ways[0]) if ways else first_of_all(had_of(case)),
        ways=ways,
        ports_used_again=ports_used_again([item for members in scope.targets.values() for item in members]),
        others=_others(scope),
    )


def _surroundings(
    case: Case, roles: Roles, scope: Scope, ordered: tuple[Observer, ...], exchanges: Sequence[Exchange]
) -> Surroundings:
    """What all targets share; each brings its own path reports."""
    return Surroundings(
        case=case,
        roles=roles,
        observers=ordered,
        offsets=_offsets(ordered, exchanges),
        laid=NO_REPORTS,
        known=known_of(case),
        comparisons=Comparisons(scope.targets | scope.neighbours, case.attempts, case.paths),
        flows=scope.flows,
        by_address=ByAddress(case),
        tables=apart(case),
        conclusions=Conclusions(THEORIES),
        signatures_alone=signatures_alone(min(len(scope.targets), MOST_TARGETS)),
    )


_Judged = tuple[TargetKey, TargetDiagnosis]


def _judged(scope: Scope, around: Surroundings, reports: ReportsOfTargets) -> tuple[_Judged, ...]:
    """Each target by itself, the worst first."""
    judged = (
        (key, diagnose_target(key, scope.targets[key], replace(around, laid=reports.of(key))))
        for key in _most_failed(scope)
    )
    targets = [(key, replace(target, background=by_kind(scope.apart.get(key, ())))) for key, target in judged]
    return tuple(sorted(targets, key=lambda item: _badness(item[1])))


MOST_WAYS = 20
"""Targets whose ways are laid side by side: a reader looks at those of the worst."""


def _ways(
    judged: Sequence[_Judged],
    named: Sequence[PathEvidence],
    scope: Scope,
    around: Surroundings,
    reports: ReportsOfTargets,
) -> tuple[WaysOf, ...]:
    """The ways to the worst targets, each only once, and what path reports tell that belong to none of them."""
    if not named:
        return ()
    found: dict[tuple[Path, ...], WaysOf] = {}
    for key, target in judged[:MOST_WAYS]:
        laid = reports.of(key)
        if laid.paths not in found:
            judgeable = [item for item in scope.targets[key] if item.outcome is not Outcome.CENSORED]
            ways = ways_of(subject_of(key, crowd(judgeable), replace(around, laid=laid)), target.id)
            found |= {laid.paths: ways} if ways else {}
    attached = {id(path.report) for paths in found for path in paths}
    others = ways_without_target(around.case, around.roles, [one for one in named if id(one.report) not in attached])
    return (*found.values(), *([others] if others else []))


MOST_TARGETS = 1000
"""Targets that are judged; a capture of a scan has hundreds of thousands, and nobody reads as many verdicts."""


def _most_failed(scope: Scope) -> list[TargetKey]:
    """The targets to judge: all, or those with the most failed connections; logs' targets have none and come first."""
    targets = scope.targets
    if len(targets) <= MOST_TARGETS:
        return list(targets)
    connections = {key: scope.flows.get(key, members) for key, members in targets.items()}
    failures = {key: sum(one.outcome.failed for one in members) for key, members in connections.items()}
    return sorted(targets, key=lambda key: (bool(connections[key]), -failures[key], key))[:MOST_TARGETS]


def _badness(target: TargetDiagnosis) -> tuple[int, int, str]:
    return (_WORST_FIRST.index(target.verdict.ruling), -target.failed, target.id)


def _offsets(
    ordered: Sequence[Observer], exchanges: Sequence[Exchange]
) -> tuple[tuple[str, str, ClockOffset | None], ...]:
    """Clock offsets between all observers that stand along the path."""
    exchanges = [exchange for exchange in exchanges if any(seen.packets is not None for seen in exchange.seen)]
    return tuple(
        (up.vantage, down.vantage, clock_offset(exchanges, up.vantage, down.vantage))
        for up, down in combinations(ordered, 2)
    )


def _company(
    ordered: Sequence[Observer],
    exchanges: Sequence[Exchange],
    offsets: Sequence[tuple[str, str, ClockOffset | None]],
) -> tuple[Company, ...]:
    """Each observer beside the others, clocks against that of the first one."""
    from_first = {down: offset for up, down, offset in offsets if up == ordered[0].vantage}
    return tuple(company_of(observer, ordered, exchanges, from_first.get(observer.vantage)) for observer in ordered)


def _in_order(case: Case) -> Case:
    """*case* with its evidence by file name, so that the order in which files were named decides nothing."""
    return replace(
        case,
        captures=tuple(sorted(case.captures, key=lambda item: item.survey.file)),
        paths=tuple(sorted(case.paths, key=lambda item: (item.report.file, item.report.line or 0))),
        sessions=tuple(sorted(case.sessions, key=lambda item: item.file)),
        rules=tuple(sorted(case.rules, key=lambda item: item.file)),
        attempts=tuple(sorted(case.attempts, key=lambda item: item.file)),
        sockets=tuple(sorted(case.sockets, key=lambda item: item.listing.file)),
        counters=tuple(sorted(case.counters, key=lambda item: item.log.file)),
        logs=tuple(sorted(case.logs, key=lambda item: item.log.file)),
        flows=tuple(sorted(case.flows, key=lambda item: item.file)),
        echoes=tuple(sorted(case.echoes, key=lambda item: item.file)),
        inventories=tuple(sorted(case.inventories, key=lambda item: item.file)),
        books=tuple(sorted(case.books, key=lambda item: item.file)),
    )


def _unknown_firewalls(case: Case, roles: Roles) -> tuple[str, ...]:
    """What the user's names of firewalls do not mean, or not clearly: a slip of the pen or of the evidence.

    Said, not passed over.
    """
    replies = [reply for item in case.paths for hop in item.report.hops for reply in hop.replies]
    return tuple(filter(None, (_unheard(name, replies) for name in roles.firewalls)))


def _unheard(name: str, replies: Sequence[HopReply]) -> str | None:
    several = in_doubt(name, replies)
    if several:
        listed = ", ".join(several[:MOST_NAMED]) + (" and others" if len(several) > MOST_NAMED else "")
        return f"--firewall {name} may mean any of {listed}: none is taken for it; give its whole name or its address"
    return None if meant_by(name, replies) else f"no path report has a hop called {name}, which --firewall names"


MOST_NAMED = 4
"""Names that a sentence can bear."""


def _others(scope: Scope) -> tuple[tuple[Endpoint, str], ...]:
    """What else the evidence holds that a user could name."""
    keys = dict.fromkeys([*scope.neighbours, *scope.apart])
    return tuple((key.server, key.name) for key in keys if key not in scope.targets)


def _notes(case: Case, scope: Scope, *, judged: int, ways: Sequence[WaysOf]) -> tuple[str, ...]:
    if len(scope.targets) > judged:
        left = len(scope.targets) - judged
        return (f"{left} more targets were seen and not judged; --target judges one of them",)
    if scope.targets or ways:
        return ()
    if case.captures or case.paths or case.sessions or case.rules or case.attempts or case.sockets or case.flows:
        return ("no connection that somebody wanted was seen: a capture of one failing attempt would show more",)
    return ()
