"""What the ways of a path would mean for each cause, if connections between their ends failed.

No failure is claimed by this: it says which causes the path reports fit, and which they contradict, by what the causes
themselves expect of a path.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum

from msgspec import Struct

from bothways.facts.back_distance import BACK_DISTANCE
from bothways.facts.catalogue import FACTS
from bothways.facts.control_ways import CONTROL_WAYS
from bothways.facts.fact import Fact, Kind
from bothways.facts.last_answer import LAST_ANSWER
from bothways.facts.loops import LOOP
from bothways.facts.mtu_steps import MTU_STEPS
from bothways.facts.one_way_routers import ONE_WAY_ROUTERS
from bothways.facts.subject import Subject
from bothways.facts.way_beside_control import WAY_BESIDE_CONTROL
from bothways.facts.ways import FIREWALL_ON_WAYS, TRACE_THERE
from bothways.facts.ways_part import WAYS_PART
from bothways.theories.catalogue import THEORIES
from bothways.unknown import Unknown
from bothways.verdict.standing import eliminating
from bothways.verdict.weighing import weigh

PATH_KINDS = frozenset(
    {
        FIREWALL_ON_WAYS,
        TRACE_THERE,
        LAST_ANSWER,
        LOOP,
        MTU_STEPS,
        ONE_WAY_ROUTERS,
        WAYS_PART,
        CONTROL_WAYS,
        WAY_BESIDE_CONTROL,
        BACK_DISTANCE,
    }
)
"""Kinds of facts that path reports alone can answer."""

COMPARING = frozenset({FIREWALL_ON_WAYS, ONE_WAY_ROUTERS})
"""Those that compare the two ways; what a single report tells, it tells, and more of them tell no more."""

TELLING = 2.0
"""By what factor an answer must raise or lower the probability of a cause to be worth a word."""


class Consequence(Struct, frozen=True, kw_only=True):
    """What one answer about the ways means for the causes; ids of theories, the most affected first."""

    fact: Fact
    speaks_for: tuple[str, ...]
    against: tuple[str, ...]
    rules_out: tuple[str, ...]
    """What the fact contradicts physically."""


class Prospect(Struct, frozen=True, kw_only=True):
    """What an answer that is not known yet would mean."""

    kind: Kind
    why: str
    """Why it is not known."""

    answers: tuple[tuple[StrEnum, tuple[str, ...]], ...]
    """Each answer that would speak for a cause, with the ids of those that it would speak for."""


def path_facts(subject: Subject) -> tuple[Fact, ...]:
    """Everything that path reports alone can answer of *subject*, in the order of the catalogue."""
    return tuple(measured(subject) for kind, measured in FACTS if kind in PATH_KINDS)


def consequences(facts: Sequence[Fact]) -> tuple[Consequence, ...]:
    """What each known one of *facts* would mean; those that mean nothing for any cause are left out."""
    told = (_consequence(fact) for fact in facts if fact.known)
    return tuple(item for item in told if item.speaks_for or item.against or item.rules_out)


def prospects(facts: Sequence[Fact], refuted: Collection[StrEnum] = ()) -> tuple[Prospect, ...]:
    """What the unknown ones of *facts* that compare ways would mean, were they known; without *refuted* answers."""
    told = (
        _prospect(fact.kind, fact.answer, refuted)
        for fact in facts
        if isinstance(fact.answer, Unknown) and fact.kind in COMPARING
    )
    return tuple(item for item in told if item is not None and item.answers)


def _consequence(fact: Fact) -> Consequence:
    shifts = _shifts(fact)
    dead = [theory.id for theory in THEORIES if eliminating(theory, [fact])]
    standing = [name for name in shifts if name not in dead]
    fitting = sorted((name for name in standing if shifts[name] >= TELLING), key=lambda name: -shifts[name])
    unfit = sorted((name for name in standing if shifts[name] * TELLING <= 1), key=lambda name: shifts[name])
    return Consequence(fact=fact, speaks_for=tuple(fitting), against=tuple(unfit), rules_out=tuple(dead))


def _shifts(fact: Fact) -> dict[str, float]:
    """By what factor *fact* alone changes the probability of each theory."""
    before, after = weigh(THEORIES, []), weigh(THEORIES, [fact])
    return {theory.id: after[theory.id] / before[theory.id] for theory in THEORIES}


def _prospect(kind: Kind, unknown: Unknown, refuted: Collection[StrEnum]) -> Prospect | None:
    if unknown.moot or not kind.decisive:
        return None
    supposed = (_consequence(Fact(kind=kind, answer=answer)) for answer in kind.answers if answer not in refuted)
    answers = tuple((item.fact.answer, item.speaks_for) for item in supposed if item.speaks_for)
    told = tuple((answer, ids) for answer, ids in answers if not isinstance(answer, Unknown))
    return Prospect(kind=kind, why=unknown.why, answers=told)
