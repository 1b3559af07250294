"""Targets that only a state table knows: entries that waited for an answer while the table was still watched."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bothways.connections.outcome import PATIENCE
from bothways.connections.targets import TargetKey
from bothways.connections.window import Window
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.session import Session, SessionLog
from bothways.units import MILLISECOND, Duration, Instant, between
from bothways.wire.address import network_of

BURST = 5
"""Unanswered openings to one server within `AT_ONCE` from which they are taken for the probes of a trace or scan."""

AT_ONCE = Duration(50 * MILLISECOND)

OPENING_STATES = frozenset({"SYN_SENT", "SYN_SENT2", "SYN_RECV"})


def waiting_targets(logs: Iterable[SessionLog], window: Window | None = None) -> list[TargetKey]:
    """Servers to which a connection that began in *window* stayed half open for long enough; probes left out."""
    keys: dict[TargetKey, None] = {}
    for log in logs:
        begun = _begun(log)
        for session in _waiting(log):
            client, server = session.original
            if window is not None and not window.holds(begun.get(session.original)):
                continue
            keys[TargetKey(server=server, network=network_of(client.address), name="")] = None
    return list(keys)


def _begun(log: SessionLog) -> dict[tuple[Endpoint, Endpoint], Instant]:
    """When each connection was first spoken of."""
    begun: dict[tuple[Endpoint, Endpoint], Instant] = {}
    for session in log.sessions:
        if session.at is not None:
            begun.setdefault(session.original, session.at)
    return begun


def _waiting(log: SessionLog) -> list[Session]:
    """The last record of each connection that never got past its opening while the log still ran."""
    last = {session.original: session for session in log.sessions if session.protocol == "tcp"}
    ends = [session.at for session in log.sessions if session.at is not None]
    waiting = [
        (session.at, session)
        for session in last.values()
        if session.state in OPENING_STATES and session.at is not None and between(session.at, max(ends)) >= PATIENCE
    ]
    return _without_bursts(waiting)


def _without_bursts(waiting: Sequence[tuple[Instant, Session]]) -> list[Session]:
    times: defaultdict[tuple[str, int], list[Instant]] = defaultdict(list)
    for at, session in sorted(waiting, key=lambda item: item[0]):
        times[session.original[1]].append(at)
    crowded = {
        (server, at)
        for server, moments in times.items()
        for start in range(len(moments) - BURST + 1)
        if between(moments[start], moments[start + BURST - 1]) <= AT_ONCE
        for at in moments[start : start + BURST]
    }
    return [session for at, session in waiting if (session.original[1], at) not in crowded]
