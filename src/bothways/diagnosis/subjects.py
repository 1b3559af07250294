"""A target's subject put together: its connections, and everything in the case that belongs to it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from bothways.connections.clock import ClockOffset
from bothways.connections.crowd import Crowd
from bothways.connections.exchange import Exchange
from bothways.connections.flow_outcome import LoggedFlow
from bothways.connections.observer import Observer
from bothways.connections.targets import EXEMPLARS, TargetKey
from bothways.diagnosis.by_address import ByAddress
from bothways.diagnosis.comparisons import Comparisons
from bothways.diagnosis.failing import exemplars_of, failing, judged_outcome
from bothways.diagnosis.roles import Roles
from bothways.evidence.case import Case, SocketEvidence
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.session import SessionLog
from bothways.facts.laid_out import LaidOut
from bothways.facts.stuck_sockets import stuck_sockets
from bothways.facts.subject import Subject
from bothways.paths.known import Known
from bothways.verdict.conclusions import Conclusions


class Surroundings(Struct, frozen=True, kw_only=True):
    """What all targets of a case share."""

    case: Case
    roles: Roles
    observers: tuple[Observer, ...]
    offsets: tuple[tuple[str, str, ClockOffset | None], ...]
    laid: LaidOut
    """The path reports, as they belong to the target at hand."""

    known: Known
    comparisons: Comparisons
    flows: Mapping[TargetKey, tuple[LoggedFlow, ...]]
    """What monitors' logs tell of targets that only they know."""
    by_address: ByAddress
    tables: tuple[tuple[SessionLog, ...], tuple[SessionLog, ...]]
    """Tables of connections: those of firewalls, and those of the ends' own hosts."""

    conclusions: Conclusions
    signatures_alone: int
    """Of each target that are judged by themselves, to tell its failures apart."""


def subject_of(key: TargetKey, connections: Crowd, around: Surroundings) -> Subject:
    """The target with all its *connections*; which of them share a failure is told apart later."""
    failed = exemplars_of(failing(connections))
    flows = around.flows.get(key, ())
    judged_flow = judged_outcome(logged.outcome for logged in flows)
    addresses = _addresses(key.server, failed)
    sockets = around.by_address.sockets(addresses)
    probes, control_probes = around.by_address.probes(key.server)
    return Subject(
        client=_client(key.server, connections or flows, around.case, sockets),
        server=key.server,
        name=key.name,
        exemplars=failed,
        connections=connections,
        neighbours=around.comparisons.neighbours(key),
        controls=around.comparisons.controls(key),
        observers=around.observers,
        offsets=around.offsets,
        paths=around.laid.paths,
        laid_out=around.laid,
        sessions=around.tables[0],
        host_tables=around.tables[1],
        rules=around.case.rules,
        attempts=around.comparisons.attempts(key),
        firewalls=around.roles.firewalls,
        known=around.known,
        sockets=sockets,
        counters=around.case.counters,
        echoes=around.case.echoes,
        probes=probes,
        control_probes=control_probes,
        logs=around.by_address.logs(addresses),
        flows=flows,
        flow_exemplars=tuple(logged for logged in flows if logged.outcome is judged_flow)[:EXEMPLARS],
    )


def _addresses(server: Endpoint, exemplars: Sequence[Exchange]) -> frozenset[str]:
    """The addresses of the target, under which any observer saw its failing connections."""
    ends = (end for item in exemplars for seen in item.seen for end in (seen.sides.client, seen.sides.server))
    return frozenset({server.address, *(end.address for end in ends)})


def _client(
    server: Endpoint,
    connections: Sequence[Exchange | LoggedFlow],
    case: Case,
    sockets: Sequence[SocketEvidence],
) -> str:
    if connections:
        one = connections[0]
        return (one.client if isinstance(one, Exchange) else one.flow.client).address
    sessions = [session for log in case.sessions for session in log.sessions if session.protocol == "tcp"]
    if sessions:
        return sessions[0].original[0].address
    return next((item.client.address for item in stuck_sockets(sockets) if item.server == server), "")
