"""What is judged: targets from captures first, from programs' logs where no capture shows them, from state tables last.

Controls are never targets. A capture shows what somebody wanted to look at; an address that only a log or a state table
mentions beside it was tried for comparison. In a log alone, the first address of a name is the target and further
addresses of the same name are controls.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bothways.connections.exchange import Exchange
from bothways.connections.outcome import Outcome
from bothways.connections.targets import TargetKey, by_target
from bothways.diagnosis.roles import Roles
from bothways.diagnosis.sessions import waiting_targets
from bothways.evidence.attempt import Attempt
from bothways.evidence.case import Case
from bothways.evidence.endpoint import Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The targets and what they are compared with."""

    targets: dict[TargetKey, tuple[Exchange, ...]]
    """A target that only a log or a state table knows has no exchanges."""

    neighbours: dict[TargetKey, tuple[Exchange, ...]]
    """Captured connections that the user's `--target` left out: controls."""

    controls: frozenset[str]
    """Addresses that were tried for comparison."""


def scope_of(case: Case, exchanges: Sequence[Exchange], roles: Roles) -> Scope:
    """Sort what the evidence mentions into targets and controls."""
    captured = {
        _named(key, case): tuple(members)
        for key, members in by_target(exchanges).items()
        if _wanted_by_anybody(members)
    }
    chosen = {key: members for key, members in captured.items() if _chosen(key.server, roles)}
    chosen |= dict.fromkeys(_from_attempts(case, {key.server for key in captured}, roles), ())
    if not chosen:
        chosen = {key: () for key in waiting_targets(case.sessions) if _chosen(key.server, roles)}
    left_out = {key: members for key, members in captured.items() if key not in chosen}
    addresses = {key.server.address for key in chosen}
    return Scope(targets=chosen, neighbours=left_out, controls=frozenset(_mentioned(case) - addresses))


def _named(key: TargetKey, case: Case) -> TargetKey:
    """*key* with the name that a log gives to its address and port, where no packet showed one and the log has one."""
    names = {
        attempt.name
        for log in case.attempts
        for attempt in log.attempts
        if attempt.name and (attempt.address, attempt.port) == (key.server.address, key.server.port)
    }
    return replace(key, name=names.pop()) if not key.name and len(names) == 1 else key


def _wanted_by_anybody(members: Sequence[Exchange]) -> bool:
    return any(exchange.outcome is not Outcome.PROBE for exchange in members)


def _chosen(server: Endpoint, roles: Roles) -> bool:
    if not roles.targets:
        return True
    return any(server.address == wanted.address and wanted.port in {0, server.port} for wanted in roles.targets)


def _from_attempts(case: Case, captured: set[Endpoint], roles: Roles) -> list[TargetKey]:
    """Targets that only a log knows: those that the user names, else the first address of each name."""
    addresses = {server.address for server in captured}
    homes: dict[str, str] = {}
    keys: dict[TargetKey, None] = {}
    for attempt in (attempt for log in case.attempts for attempt in log.attempts):
        server = _server(attempt)
        if server is None or server in captured:
            continue
        home = homes.setdefault(attempt.name or server.address, server.address)
        if _chosen(server, roles) and (
            roles.targets or server.address in addresses or (not captured and server.address == home)
        ):
            keys[TargetKey(server=server, network="", name=attempt.name or "")] = None
    return list(keys)


def _server(attempt: Attempt) -> Endpoint | None:
    if attempt.address is None or attempt.port is None:
        return None
    return Endpoint(attempt.address, attempt.port)


def _mentioned(case: Case) -> set[str]:
    """Every server address in logs, state tables and path reports."""
    attempts = {attempt.address for log in case.attempts for attempt in log.attempts if attempt.address}
    sessions = {
        session.original[1].address for log in case.sessions for session in log.sessions if session.protocol == "tcp"
    }
    paths = {
        item.report.destination_address for item in case.paths if item.role.control and item.report.destination_address
    }
    return attempts | sessions | paths
