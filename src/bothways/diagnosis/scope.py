"""What is judged: targets from captures first, then from programs' logs, from state tables and lists of sockets last.

Controls are never targets, nor is what a log says was made for comparison. A capture shows what somebody wanted to look
at; an address that only a log or a state table mentions beside it was tried for comparison. But where nothing that was
captured fails, what failed in the log is what somebody asks about, and the capture shows the control. In a log alone,
the first address of a name that fails, else the first that answers, is the target and further addresses of the same
name are controls. Background is counted apart, except that of a target which the user names: what he asks about is
wanted, whatever it looks like; only probes remain probes.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from bothways.connections.background import PROBES, Background, sort_out
from bothways.connections.exchange import Exchange
from bothways.connections.flow_outcome import LoggedFlow
from bothways.connections.races import Race
from bothways.connections.tally import how_many
from bothways.connections.targets import TargetKey, by_target
from bothways.connections.window import Window, within
from bothways.diagnosis.compared import Compared, compared_in, server_of
from bothways.diagnosis.flows import logged_targets
from bothways.diagnosis.gate import FAILED_ATTEMPTS
from bothways.diagnosis.roles import Roles
from bothways.diagnosis.sessions import waiting_targets
from bothways.diagnosis.sockets import stuck_targets
from bothways.evidence.attempt import Outcome as AttemptOutcome
from bothways.evidence.case import Case
from bothways.evidence.endpoint import Endpoint


class Scope(Struct, frozen=True, kw_only=True):
    """The targets and what they are compared with."""

    targets: dict[TargetKey, tuple[Exchange, ...]]
    """A target that only a log or a state table knows has no exchanges."""

    neighbours: dict[TargetKey, tuple[Exchange, ...]]
    """Captured connections that the user's `--target` or window left out: controls."""

    controls: frozenset[str]
    """Addresses that were tried for comparison."""

    apart: dict[TargetKey, tuple[tuple[Background, Exchange], ...]] = field(default_factory=dict)
    """Background within the window, by where it went."""

    races: tuple[Race, ...] = ()
    """Lost races; their places are those of the exchanges."""

    flows: dict[TargetKey, tuple[LoggedFlow, ...]] = field(default_factory=dict)
    """What monitors' logs tell of those targets that only they know."""

    left_out: int = 0
    """Connections that began outside the window."""


def scope_of(case: Case, exchanges: Sequence[Exchange], roles: Roles, window: Window | None = None) -> Scope:
    """Sort what the evidence mentions into targets, controls and background."""
    window = window or Window()
    roles = _with_addresses(roles, case)
    compared = compared_in(case.attempts)
    names = _names(case, compared)
    sorted_out = sort_out(exchanges, names=names)
    groups = _Groups(exchanges, sorted_out.kinds, window)
    own, groups.beside = compared.parted(exchanges)
    for key, members in by_target(own).items():
        groups.add(_named(key, names), members, roles, control=key.server in compared.servers)
    captured = groups.beside | groups.wanted | groups.outside
    chosen = {key: members for key, members in groups.wanted.items() if roles.want(key.server, key.name)}
    is_at_ease = not any(exchange.outcome.failed for members in groups.wanted.values() for exchange in members)
    chosen |= dict.fromkeys(
        _from_attempts(case, {key.server for key in captured}, roles, compared, at_ease=is_at_ease), ()
    )
    flows = _from_flows(case, set(captured) | set(chosen), roles, window)
    chosen |= dict.fromkeys(flows, ())
    if not chosen:
        told = (*waiting_targets(case.sessions, window), *stuck_targets(case.sockets, case.counters))
        chosen = {key: () for key in told if roles.want(key.server, key.name)}
    left_out = {key: members for key, members in captured.items() if key not in chosen}
    addresses = {key.server.address for key in chosen}
    return Scope(
        targets=chosen,
        neighbours=left_out,
        controls=frozenset(_mentioned(case) - addresses),
        apart=groups.apart,
        races=sorted_out.races,
        flows=flows,
        left_out=groups.left_out,
    )


class _Groups:
    """The captured connections by target, sorted into what is wanted and what is not."""

    def __init__(self, exchanges: Sequence[Exchange], kinds: Sequence[Background | None], window: Window) -> None:
        self._kinds = {id(exchange): kind for exchange, kind in zip(exchanges, kinds, strict=True)}
        begun = within(window, exchanges)
        self._outside = {id(exchange) for exchange, inside in zip(exchanges, begun, strict=True) if not inside}
        self.wanted: dict[TargetKey, tuple[Exchange, ...]] = {}
        self.outside: dict[TargetKey, tuple[Exchange, ...]] = {}
        """Targets none of whose connections began in the window, and what was only tried for comparison."""
        self.beside: dict[TargetKey, tuple[Exchange, ...]] = {}
        """Connections that said otherwise than those to the targets."""
        self.apart: dict[TargetKey, tuple[tuple[Background, Exchange], ...]] = {}
        self.left_out = 0

    def add(self, key: TargetKey, members: Sequence[Exchange], roles: Roles, *, control: bool) -> None:
        """Sort the connections of one target; *control*: a log tells that it was tried for comparison."""
        is_named = roles.name(key.server, key.name)
        kept = PROBES if is_named else frozenset(Background)
        inside = [exchange for exchange in members if id(exchange) not in self._outside]
        kinds = [(self._kinds[id(exchange)], exchange) for exchange in inside]
        wanted = tuple(exchange for kind, exchange in kinds if kind not in kept)
        outside = tuple(item for item in members if id(item) in self._outside and self._kinds[id(item)] is None)
        apart = tuple((kind, exchange) for kind, exchange in kinds if kind is not None and kind in kept)
        self.left_out += how_many(members) - how_many(inside)
        if wanted and control and not is_named:
            self.outside[key] = wanted
        elif wanted:
            self.wanted[key] = wanted
        elif outside:
            self.outside[key] = outside
        if apart:
            self.apart[key] = apart


def _names(case: Case, compared: Compared) -> dict[Endpoint, frozenset[str]]:
    """The names under which programs asked for a server, as their logs tell."""
    names: defaultdict[Endpoint, set[str]] = defaultdict(set)
    for log in case.attempts:
        for attempt in log.attempts:
            server = server_of(attempt)
            if attempt.name and server and compared.counts(attempt):
                names[server].add(attempt.name)
    return {server: frozenset(found) for server, found in names.items()}


def _with_addresses(roles: Roles, case: Case) -> Roles:
    """*roles* with the addresses of the names in it that captures themselves resolve.

    Such a name helps to find a target and is not its name: no client asked for it, and no filter can have read it.
    """
    addresses = (
        replace(wanted, host=address)
        for wanted in roles.targets
        for capture in case.captures
        for address, name in capture.survey.names
        if name.lower().rstrip(".") == wanted.host
    )
    return replace(roles, targets=tuple(dict.fromkeys((*roles.targets, *addresses))))


def _named(key: TargetKey, names: Mapping[Endpoint, frozenset[str]]) -> TargetKey:
    """*key* with the name that a log gives to its address and port, where no packet showed one and the log has one."""
    told = names.get(key.server, frozenset())
    return replace(key, name=next(iter(told))) if not key.name and len(told) == 1 else key


def _from_attempts(
    case: Case, captured: set[Endpoint], roles: Roles, compared: Compared, *, at_ease: bool
) -> list[TargetKey]:
    """Targets that only a log knows: those that the user names, else one address of each name.

    *at_ease*: no capture shows a failure. If no log tells of one at what was captured either, then what fails in a log
    is asked about.
    """
    addresses = {server.address for server in captured}
    told = [
        (server, item)
        for log in case.attempts
        for item in log.attempts
        if (server := server_of(item))
        and compared.counts(item)
        and (server not in compared.servers or roles.name(server, item.name or ""))
    ]
    tried = [(server, attempt) for server, attempt in told if server not in captured]
    failed = {server for server, attempt in told if attempt.outcome in FAILED_ATTEMPTS}
    answered = {server for server, attempt in told if attempt.outcome is AttemptOutcome.ANSWERED}
    homes: dict[str, str] = {}
    for server, attempt in sorted(tried, key=lambda item: (item[0] not in failed, item[0] not in answered)):
        if not captured or (at_ease and server in failed and failed.isdisjoint(captured)):
            homes.setdefault(attempt.name or server.address, server.address)
    keys: dict[TargetKey, None] = {}
    for server, attempt in tried:
        is_home = homes.get(attempt.name or server.address) == server.address
        if roles.want(server, attempt.name or "") and (roles.targets or server.address in addresses or is_home):
            keys[TargetKey(server=server, network="", name=attempt.name or "")] = None
    return list(keys)


def _from_flows(
    case: Case, known: set[TargetKey], roles: Roles, window: Window
) -> dict[TargetKey, tuple[LoggedFlow, ...]]:
    """Targets that only a monitor's log knows: all where nothing else knows any, else those that the user names."""
    if not case.flows or (known and not roles.targets):
        return {}
    servers = {key.server for key in known}
    return {
        key: members
        for key, members in logged_targets(case.flows, window).items()
        if roles.want(key.server, key.name) and key.server not in servers
    }


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
