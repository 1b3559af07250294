"""What runs of the lab answered to each kind of fact in a view, and what that says of expectations and possible sets.

The lab is the judge of what this evidence cannot tell apart: causes whose runs give the same facts in that view.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bothways.theories.catalogue import THEORIES, UNEXPLAINED
from bothways.theories.theory import Expect
from bothways.unknown import Unknown
from bothways.verdict.weighing import word
from tests.helpers.cases import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bothways.diagnosis.model import Diagnosis, TargetDiagnosis
    from tests.helpers.cases import CaseFolder

_BY_ID = {theory.id: theory for theory in THEORIES}


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
class Apart:
    """A cause that a run's view leaves beside the planted one, though none of its own runs shows the same."""

    of: Shown
    theory: str
    settled_by: tuple[tuple[str, str], ...]
    """Kinds and answers of the run that no run of that cause gives; empty where each run differs in another way."""

    declared_alike: bool
    """It is called inseparable from the planted cause, and not only possible."""


def apart(everything: Sequence[Shown]) -> Iterator[Apart]:
    """Every cause that a view leaves standing although the lab tells it from the planted one."""
    runs = _by_theory(everything)
    for one in everything:
        for theory in one.possible:
            theirs = runs.get((theory, one.view), ())
            if theory in {one.theory, UNEXPLAINED} or not theirs or not all(differences(one, run) for run in theirs):
                continue
            alike = any({theory, one.theory} <= set(group) for group in one.inseparable)
            yield Apart(of=one, theory=theory, settled_by=tuple(_nobodys(one, theirs)), declared_alike=alike)


def _by_theory(everything: Iterable[Shown]) -> dict[tuple[str, str], list[Shown]]:
    found: defaultdict[tuple[str, str], list[Shown]] = defaultdict(list)
    for one in everything:
        found[one.theory, one.view].append(one)
    return found


def _nobodys(one: Shown, theirs: Sequence[Shown]) -> Iterator[tuple[str, str]]:
    """Sure answers of *one* that none of *theirs* gives, where one of them answers that kind at all."""
    for kind in one.answers:
        given = {run.answers[kind] for run in theirs if kind in run.sure}
        if kind in one.sure and given and one.answers[kind] not in given:
            yield kind, one.answers[kind]
