"""Whether the target fails, is refused by a program, or works with more loss than a healthy network has."""

from enum import StrEnum

from bothways.connections.declined import alerted, only_refusals, refuses, turned_away
from bothways.connections.exchange import Exchange
from bothways.connections.outcome import Outcome
from bothways.evidence.attempt import Outcome as AttemptOutcome
from bothways.evidence.citation import Citation
from bothways.facts.fact import Fact, Kind
from bothways.facts.full_queues import full_queues
from bothways.facts.stuck_sockets import stuck_sockets
from bothways.facts.subject import Subject


class Health(StrEnum):
    """What is wrong with the target."""

    FAILED = "failed"
    DEGRADED = "degraded"
    """Its connections work, with more repaired loss than is healthy."""
    REFUSED = "refused"
    """TCP and the network work: handshake and data pass both ways, and what they bring is a refusal in words."""


HEALTH = Kind(
    id="health", asks="Do connections fail, only suffer, or bring a refusal?", family="opening", answers=Health
)


def health(subject: Subject) -> Fact:
    """The gate's finding as a fact, so that theories about failures do not explain mere loss."""
    if subject.degraded:
        seen = subject.connections[0].seen[0]
        cites = (seen.begins,)
        says = "connections work, but more than 2 % of their segments had to be repeated"
        return Fact(kind=HEALTH, answer=Health.DEGRADED, says=says, cites=cites)
    if was_refused(subject):
        says = "TCP and the network carry everything both ways, and what comes back is a refusal in the program's words"
        return Fact(kind=HEALTH, answer=Health.REFUSED, says=says, cites=_where(subject))
    return Fact(kind=HEALTH, answer=Health.FAILED, says=_how(subject), cites=_where(subject))


def was_refused(subject: Subject) -> bool:
    """Whether nothing is wrong with the judged connections but that a program refused in words."""
    if subject.exemplars:
        return all(map(_refused_in_words, subject.exemplars))
    tried = [item.attempt for item in subject.tried()]
    if subject.connections or not tried:
        return False
    words = [one for one in tried if one.declined or (one.status is not None and refuses(one.status))]
    return bool(words) and all(one.outcome in {AttemptOutcome.ANSWERED, AttemptOutcome.UNKNOWN} for one in tried)


def _refused_in_words(exchange: Exchange) -> bool:
    """By a word that somebody saw; an orderly end without one is silence."""
    said = (alerted(one.sides) or only_refusals(one.sides) or turned_away(one.sides) for one in exchange.seen)
    return exchange.outcome is Outcome.DECLINED and any(said)


def _how(subject: Subject) -> str:
    if subject.exemplars:
        shown = subject.exemplars[0].outcome
        failed = sum(count for way, count in subject.crowd.counts.items() if way.failed or way is shown)
        if subject.crowd.size == 1:
            return f"the one connection failed ({subject.exemplars[0].outcome})"
        return f"{failed} of {subject.crowd.size} connections failed ({subject.exemplars[0].outcome})"
    return _told(subject)


def _told(subject: Subject) -> str:
    """How it fails by the word of logs and hosts."""
    if subject.tried():
        return "a program's log tells of failed attempts"
    if subject.flow_exemplars:
        failed = sum(logged.outcome.failed for logged in subject.flows)
        return f"a monitor's log tells of {len(subject.flows)} connections, of which {failed} failed"
    if _sessions(subject):
        return "a firewall's table shows connections that stayed half open"
    if _stuck(subject):
        return "a host's own sockets show connections that do not get on"
    return "the accept queue of the server's port is full, and has overflowed: who connects now waits in vain"


def _where(subject: Subject) -> tuple[Citation, ...]:
    if subject.exemplars:
        return tuple(exchange.seen[0].begins for exchange in subject.exemplars)
    if subject.tried():
        return tuple(tried.cite() for tried in subject.tried())[:3]
    if subject.flow_exemplars:
        return tuple(logged.cite() for logged in subject.flow_exemplars)
    return (_sessions(subject) or _stuck(subject) or _full(subject))[:3]


def _stuck(subject: Subject) -> tuple[Citation, ...]:
    return tuple(item.cite() for item in stuck_sockets(subject.sockets) if item.server == subject.server)


def _full(subject: Subject) -> tuple[Citation, ...]:
    queues = full_queues(subject.sockets, subject.counters)
    return tuple(item.cite() for item in queues if item.server == subject.server)


def _sessions(subject: Subject) -> tuple[Citation, ...]:
    return tuple(
        Citation(file=log.file, line=session.line)
        for log in (*subject.sessions, *subject.host_tables)
        for session in log.sessions
        if session.original[1] == subject.server
    )
