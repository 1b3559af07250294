"""Whether the target fails, or works with more loss than a healthy network has."""

from enum import StrEnum

from bothways.evidence.citation import Citation
from bothways.facts.fact import Fact, Kind
from bothways.facts.subject import Subject


class Health(StrEnum):
    """What is wrong with the target."""

    FAILED = "failed"
    DEGRADED = "degraded"
    """Its connections work, with more repaired loss than is healthy."""


HEALTH = Kind(id="health", asks="Do connections fail, or only suffer?", family="opening", answers=Health)


def health(subject: Subject) -> Fact:
    """The gate's finding as a fact, so that theories about failures do not explain mere loss."""
    if subject.degraded:
        seen = subject.connections[0].seen[0]
        cites = (Citation(file=seen.observer.file, frame=seen.sides.row.first_frame),)
        says = "connections work, but more than 2 % of their segments had to be repeated"
        return Fact(kind=HEALTH, answer=Health.DEGRADED, says=says, cites=cites)
    return Fact(kind=HEALTH, answer=Health.FAILED, says=_how(subject), cites=_where(subject))


def _how(subject: Subject) -> str:
    if subject.exemplars:
        failed = sum(exchange.outcome.failed for exchange in subject.connections)
        return f"{failed} of {len(subject.connections)} connections failed ({subject.exemplars[0].outcome})"
    return "a program's log tells of failed attempts"


def _where(subject: Subject) -> tuple[Citation, ...]:
    if subject.exemplars:
        views = [exchange.seen[0] for exchange in subject.exemplars]
        return tuple(Citation(file=seen.observer.file, frame=seen.sides.row.first_frame) for seen in views)
    return tuple(tried.cite() for tried in subject.tried())[:3]
