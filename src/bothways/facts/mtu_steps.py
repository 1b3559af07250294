"""Whether path tools learnt of a smaller MTU on the way.

A narrow link that says so is common and no fault: whoever is told sends smaller packets (RFC 1191). It shows where the
way becomes narrow, and that the word of that router comes through at least to this tool.
"""

from enum import StrEnum

from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.subject import Subject
from bothways.paths.course import Course
from bothways.way import Way

FULL = 1500
"""Bytes of the largest IP packet of an ordinary link: a path MTU below is a step, wherever it was learnt."""


class Steps(StrEnum):
    """On which way a smaller MTU was learnt."""

    NONE = "none"
    THERE = "there"
    BACK = "back"
    BOTH = "both"


MTU_STEPS = Kind(
    id="mtu-steps",
    asks="Do path reports learn of a smaller MTU on the way?",
    family="mtu-steps",
    answers=Steps,
    decisive=False,
)


def mtu_steps(subject: Subject) -> Fact:
    """By the reports of tools that ask for the path MTU: tracepath, `traceroute --mtu`."""
    measured = [course for way in Way for course in subject.ways(way) if course.mtu_steps]
    if not measured:
        return unknown(MTU_STEPS, "no path report tells of an MTU")
    found = [(course.way, step) for course in measured for step in course.mtu_steps if step.mtu < FULL]
    if not found:
        return _straight(measured)
    ways = {way for way, _ in found}
    answer = Steps.BOTH if len(ways) == len(Way) else Steps(str(ways.pop()))
    says = "; ".join(f"at hop {step.index} on the way {way} it is told {step.mtu} bytes" for way, step in found[:MOST])
    cites = tuple(step.cite for _, step in found[:MOST])
    return Fact(kind=MTU_STEPS, answer=answer, says=says, way=found[0][0], cites=cites)


MOST = 3
"""Steps that a sentence can bear."""


def _straight(measured: list[Course]) -> Fact:
    """No step: known only of a way to whose end a tool came."""
    whole = [course for course in measured if course.reached]
    if not whole:
        return unknown(MTU_STEPS, "no report that tells of an MTU reaches the other end")
    way = whole[0].way
    largest = max((step for course in whole for step in course.mtu_steps), key=lambda step: step.mtu)
    says = f"packets of {largest.mtu} bytes pass the whole way {way}, as far as the tool was told"
    return Fact(kind=MTU_STEPS, answer=Steps.NONE, says=says, way=way, cites=(largest.cite,))
