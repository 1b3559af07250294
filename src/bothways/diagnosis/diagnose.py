"""The life of one diagnosis: place the observers, join what they saw, sort it into targets, measure, weigh, conclude.

Pure: the same case and roles give the same diagnosis, whatever the time, the machine or the order of a dictionary.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from bothways.connections.clock import ClockOffset, clock_offset
from bothways.connections.exchange import Exchange
from bothways.connections.join import join, see
from bothways.connections.observer import Observer, along_path, place_observers
from bothways.connections.targets import TargetKey
from bothways.diagnosis.model import Diagnosis, Ruling, TargetDiagnosis
from bothways.diagnosis.roles import Roles
from bothways.diagnosis.scope import Scope, scope_of
from bothways.diagnosis.target import Surroundings, diagnose_target
from bothways.evidence.case import Case
from bothways.facts.subject import Neighbour
from bothways.paths.model import Path, paths_of

_WORST_FIRST = tuple(Ruling)


def diagnose(case: Case, roles: Roles | None = None) -> Diagnosis:
    """Judge *case*; *roles* is what the user said about it."""
    roles = roles or Roles()
    case = _in_order(case)
    observers = place_observers([(capture.survey, capture.role) for capture in case.captures])
    seen_by = [see(observer, item.packets) for observer, item in zip(observers, case.captures, strict=True)]
    exchanges = join(observers, seen_by)
    ordered = along_path(observers)
    scope = scope_of(case, exchanges, roles)
    surroundings = Surroundings(
        case=case,
        roles=roles,
        observers=ordered,
        offsets=_offsets(ordered, exchanges),
        paths=(),
        controls=scope.controls,
    )
    targets = [
        diagnose_target(key, members, _neighbours(scope, key), replace(surroundings, paths=_paths(case, scope, key)))
        for key, members in scope.targets.items()
    ]
    return Diagnosis(
        targets=tuple(sorted(targets, key=_badness)),
        observers=ordered,
        files=case.files,
        notes=_notes(case, scope),
    )


def _badness(target: TargetDiagnosis) -> tuple[int, int, str]:
    return (_WORST_FIRST.index(target.verdict.ruling), -target.failed, target.id)


def _offsets(
    ordered: Sequence[Observer], exchanges: Sequence[Exchange]
) -> tuple[tuple[str, str, ClockOffset | None], ...]:
    """Clock offsets between neighbours along the path."""
    return tuple(
        (up.vantage, down.vantage, clock_offset(exchanges, up.vantage, down.vantage)) for up, down in pairwise(ordered)
    )


def _paths(case: Case, scope: Scope, key: TargetKey) -> tuple[Path, ...]:
    """Path reports, attached by the addresses and names of the target's two ends; other targets serve as controls."""
    everybody = [exchange for members in scope.targets.values() for exchange in members]
    clients = _unique(exchange.client.address for exchange in scope.targets[key] or everybody)
    servers = _unique(name for name in (key.server.address, key.name) if name)
    others = {name for other in scope.targets for name in (other.server.address, other.name) if name}
    return paths_of(case.paths, clients=clients, servers=servers, controls=scope.controls | others.difference(servers))


def _in_order(case: Case) -> Case:
    """*case* with its evidence by file name, so that the order in which files were named decides nothing."""
    return replace(
        case,
        captures=tuple(sorted(case.captures, key=lambda item: item.survey.file)),
        paths=tuple(sorted(case.paths, key=lambda item: (item.report.file, item.report.line or 0))),
        sessions=tuple(sorted(case.sessions, key=lambda item: item.file)),
        rules=tuple(sorted(case.rules, key=lambda item: item.file)),
        attempts=tuple(sorted(case.attempts, key=lambda item: item.file)),
    )


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _neighbours(scope: Scope, key: TargetKey) -> tuple[Neighbour, ...]:
    """Everything else that was captured, targets and controls alike, to compare with."""
    return tuple(
        Neighbour(server=other.server, name=other.name, exchanges=members)
        for other, members in (scope.targets | scope.neighbours).items()
        if other != key
    )


def _notes(case: Case, scope: Scope) -> tuple[str, ...]:
    if scope.targets:
        return ()
    if case.captures or case.paths or case.sessions or case.rules or case.attempts:
        return ("no connection that somebody wanted was seen: a capture of one failing attempt would show more",)
    return ()
