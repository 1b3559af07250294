"""What runs of the lab answered to each kind of fact in a view, and what that says of expectations and possible sets.

The lab is the judge of what this evidence cannot tell apart: causes whose runs give the same facts in that view.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bothways.facts.catalogue import kind_called
from bothways.theories.catalogue import THEORIES, UNEXPLAINED
from bothways.theories.theory import Expect
from bothways.unknown import Unknown
from bothways.verdict.weighing import answer_likelihood, expectation_of, stated, word
from tests.helpers.cases import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from bothways.diagnosis.model import Diagnosis, TargetDiagnosis
    from bothways.facts.fact import Kind
    from tests.helpers.cases import CaseFolder

_BY_ID = {theory.id: theory for theory in THEORIES}

SURE_ENOUGH = 0.05
"""Chance below which a cause that expects an answer would not have failed to show it in so many runs."""


class Reading(StrEnum):
    """What a difference says of a cause that is left standing beside the planted one."""

    UNSTATED = "unstated"
    """It says nothing about the question, and would have shown the answer by now."""

    UNSHOWN = "unshown"
    """It expects the answer, and would have shown it by now: the expectation is wrong, or the lab lacks a variant."""

    WEIGHED = "weighed"
    """It finds this or another answer of the run unlikely, and so has lost by it: nothing settles it, that is all."""

    CHANCE = "chance"
    """The answer tells what people and programs did, and nothing about what is wrong."""

    FEW_RUNS = "few-runs"
    """It expects the answer, and has too few runs for it to be missed."""

    NOT_PLANTED = "not-planted"
    """It gives the answer where the lab does not plant it; the reason stands in `NOT_PLANTED`."""

    TOGETHER = "together"
    """It gives each of the answers in some run, not all of them in one."""

    @property
    def is_flag(self) -> bool:
        """Whether somebody must look at it."""
        return self in {Reading.UNSTATED, Reading.UNSHOWN}


CHANCE: Mapping[str, AbstractSet[str] | None] = {
    # What the client's program says first, and whether it speaks TLS.
    "stuck-content": None,
    "tls-progress": None,
    # What else was tried, and how that fares.
    "same-address-otherwise": None,
    "same-name-elsewhere": None,
    # Whether anybody tried in a way or at a moment that works.
    "siblings": None,
    "fate-by-port": {"all-fail", "some-fail", "mixed"},
    "worked-before": {"not-yet"},
    # Who tires of waiting first: a client, or whoever captures.
    "who-closed": {"client", "nobody"},
    # Whether the client did anything else meanwhile.
    "client-presence": {"alive"},
    # Whether somebody else's device has the rule that drops it: the lab has the word of one firewall.
    "drop-rule": {"none", "invalid-only"},
    # What the network does to every packet, failing or not.
    "addresses-rewritten": None,
    "mss-rewritten": None,
    "options-rewritten": None,
}
"""By kind, the answers that say nothing about a cause which does not find them unlikely; None for all of them."""


NOT_PLANTED = {
    # Who captures one card of two sees a SYN leave, and no SYN+ACK on the other; the lab captures all cards.
    ("client-refuses-reply", "answer-to-syn", "nothing"),
    # Routers' errors may be kept by a network before the firewall; the lab has the firewall keep them, which sees them.
    ("destination-unreachable", "answer-to-syn", "nothing"),
    ("routing-loop", "answer-to-syn", "nothing"),
    # A circle on the way back lets the opening pass the firewall; the lab plants circles on the way there.
    ("routing-loop", "opening-on-path", "both"),
    # A server that was told to reset whom it has no room for (net.ipv4.tcp_abort_on_overflow).
    ("accept-queue-overflow", "reset-moment", "after-ack"),
    ("accept-queue-overflow", "reset-moment", "after-data"),
    # A server that answers with cookies repeats nothing, whatever keeps the ACK from it.
    ("asymmetric-bypass", "syn-ack-repeats", "none"),
    # Without TLS the very first data of either end may be large, and then nothing small of it arrives before.
    ("mtu-black-hole", "client-data-acked", "no"),
    ("mtu-black-hole", "server-payload-arrived", "no"),
    ("mtu-black-hole", "application-answer", "nothing"),
}
"""What a cause does outside the lab: cause, kind, answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one run showed in one view, in plain words that pass between processes."""

    run: str
    theory: str
    """What was planted; `healthy` for nothing."""

    view: str
    ruling: str
    possible: tuple[str, ...]
    inseparable: tuple[tuple[str, ...], ...]
    answers: Mapping[str, str]
    """Answers by kind, unknown ones left out."""

    sure: frozenset[str]
    """Kinds that a sure observer answered, and that may settle something."""

    surprises: tuple[tuple[str, str, str], ...]
    """Kind, answer and word, where the planted cause expects that answer rarely or never."""


def shown(case: CaseFolder, view: str) -> Shown | None:
    """What *view* of *case* shows; None where it holds nothing to judge."""
    diagnosis = judge(case, view) if case.files(view) else None
    return _of(case, view, diagnosis) if diagnosis and diagnosis.targets else None


def _of(case: CaseFolder, view: str, diagnosis: Diagnosis) -> Shown:
    target = diagnosis.targets[0]
    known = [fact for fact in target.facts if not isinstance(fact.answer, Unknown)]
    return Shown(
        run=case.path.name,
        theory=case.theory,
        view=view,
        ruling=str(target.verdict.ruling),
        possible=target.verdict.possible,
        inseparable=target.inseparable,
        answers={fact.kind.id: str(fact.answer) for fact in known},
        sure=frozenset(fact.kind.id for fact in known if fact.sure and fact.settles),
        surprises=tuple(_surprises(case.theory, target)),
    )


def _surprises(theory: str, target: TargetDiagnosis) -> Iterator[tuple[str, str, str]]:
    """What the planted cause did not expect; nothing where the catalogue does not have it."""
    if theory not in _BY_ID:
        return
    for fact in target.facts:
        expected = word(_BY_ID[theory], fact)
        if expected in {Expect.RARELY, Expect.NEVER}:
            yield fact.kind.id, str(fact.answer), str(expected)


def differences(one: Shown, other: Shown) -> tuple[str, ...]:
    """Kinds that both answered surely, and not alike."""
    return tuple(
        kind for kind in one.answers if kind in one.sure & other.sure and one.answers[kind] != other.answers[kind]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One answer of a run that no run of another cause gives, and how that cause is to be read."""

    kind: str
    answer: str
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A cause that a run's view leaves beside the planted one, though none of its own runs shows the same."""

    of: Shown
    theory: str
    settled_by: tuple[Telling, ...]
    """Answers of the run that no run of that cause gives; empty where each run differs in another way."""

    weighed: bool
    """It finds some answer of the run unlikely."""

    declared_alike: bool
    """It is called inseparable from the planted cause, and not only possible."""

    @property
    def reading(self) -> Reading:
        """The reading of all together: who lost by an answer was weighed, and else the gravest one counts."""
        readings = {telling.reading for telling in self.settled_by} | ({Reading.WEIGHED} if self.weighed else set())
        order = (
            Reading.WEIGHED,
            Reading.UNSTATED,
            Reading.UNSHOWN,
            Reading.NOT_PLANTED,
            Reading.FEW_RUNS,
            Reading.CHANCE,
        )
        return next((reading for reading in order if reading in readings), Reading.TOGETHER)


def apart(everything: Sequence[Shown]) -> Iterator[Apart]:
    """Every cause that a view leaves standing although no run of it shows the same as the planted one."""
    runs = _by_theory(everything)
    for one in everything:
        for theory in one.possible:
            theirs = runs.get((theory, one.view), ())
            if theory in {one.theory, UNEXPLAINED} or not theirs or not all(differences(one, run) for run in theirs):
                continue
            alike = any({theory, one.theory} <= set(group) for group in one.inseparable)
            yield Apart(
                of=one,
                theory=theory,
                settled_by=tuple(_nobodys(one, theory, theirs)),
                weighed=any(_unlikely(theory, kind, answer) for kind, answer in one.answers.items()),
                declared_alike=alike,
            )


def _by_theory(everything: Iterable[Shown]) -> dict[tuple[str, str], list[Shown]]:
    found: defaultdict[tuple[str, str], list[Shown]] = defaultdict(list)
    for one in everything:
        found[one.theory, one.view].append(one)
    return found


def _nobodys(one: Shown, theory: str, theirs: Sequence[Shown]) -> Iterator[Telling]:
    """Sure answers of *one* that none of *theirs* gives, where one of them answers that kind at all."""
    for kind in one.answers:
        given = [run.answers[kind] for run in theirs if kind in run.sure]
        if kind in one.sure and given and one.answers[kind] not in given:
            answer = one.answers[kind]
            yield Telling(kind=kind, answer=answer, reading=reading_of(theory, kind, answer, runs=len(given)))


def reading_of(theory: str, kind: str, answer: str, *, runs: int) -> Reading:
    """What it says of *theory* that *runs* of it answered *kind*, and never as *answer*."""
    cause, known = _BY_ID[theory], _kind(kind)
    if _unlikely(theory, kind, answer):
        return Reading.WEIGHED
    if kind in CHANCE and (CHANCE[kind] is None or answer in (CHANCE[kind] or ())):
        return Reading.CHANCE
    if (theory, kind, answer) in NOT_PLANTED:
        return Reading.NOT_PLANTED
    if (1 - answer_likelihood(cause, known, known.answers(answer))) ** runs >= SURE_ENOUGH:
        return Reading.FEW_RUNS
    return Reading.UNSHOWN if expectation_of(cause, known) else Reading.UNSTATED


def _unlikely(theory: str, kind: str, answer: str) -> bool:
    known = _kind(kind)
    return stated(_BY_ID[theory], known, known.answers(answer), sure=False) is Expect.RARELY


def _kind(name: str) -> Kind:
    """The kind called *name*; raises ValueError where there is none."""
    found = kind_called(name)
    if found is None:
        message = f"no kind of fact is called {name}"
        raise ValueError(message)
    return found
