"""The verdict on bad evidence beside that on the whole: unchanged, weaker as the table allows, too weak, or wrong."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bothways.diagnosis.model import Diagnosis, Ruling
from bothways.report.page import page_of
from bothways.theories.catalogue import UNEXPLAINED
from tests.helpers.cases import CATALOGUE, ELIMINATED, CaseFolder, wrongs
from tests.helpers.degraded.table import Degradation, May


class Grade(StrEnum):
    """How a verdict came through."""

    UNCHANGED = "unchanged"
    WEAKER = "weaker, as allowed"
    OTHERWISE = "not weaker, but otherwise"
    """More is confirmed or eliminated than on the whole evidence, and it is right."""

    TOO_WEAK = "weaker than allowed"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One verdict: a degradation, a case, a view."""

    case: CaseFolder
    degradation: Degradation
    view: str
    grade: Grade
    before: str
    after: str
    why: str = ""
    """What is wrong with it."""

    @property
    def id(self) -> str:
        return f"{self.degradation.name}: {self.case.id}: {self.view}"

    @property
    def bad(self) -> bool:
        return self.grade in {Grade.TOO_WEAK, Grade.WRONG}


def grade(
    case: CaseFolder,
    degradation: Degradation,
    view: str,
    *,
    before: Diagnosis | None,
    after: Diagnosis | None,
    without: Diagnosis | None,
    visible: Callable[[], bool],
) -> Cell:
    """Compare.

    Args:
        case: Whose evidence it is.
        degradation: What happened to it.
        view: What of it was judged.
        before: The diagnosis of the whole evidence in this view.
        after: That of the degraded.
        without: That without the degraded captures, where the table compares with it.
        visible: Whether the degraded captures still show a failure.
    """
    mistakes = [*wrongs(case, after, works=degradation.works(case)), *_made_of_nothing(case, after)]
    if degradation.too_little(case, view) and after is not None and after.verdict.ruling is Ruling.CONFIRMED:
        mistakes.append("confirmed on too little")
    allowed = degradation.allowed(case, view)
    if allowed is May.ANYTHING:
        # Another failure than the case's is what is left in view, and its causes are judged there.
        mistakes = [mistake for mistake in mistakes if not mistake.startswith(ELIMINATED)]
    base = without if allowed is May.ABSENT else before
    kind, why = Grade.WRONG, "; ".join(mistakes[:3]) + ("; ..." if mistakes[3:] else "")
    if not mistakes:
        kind, why = _weakened(case, allowed, base, after, visible=visible)
    if not why and degradation.says and after is not None and after.observers and not _says(after, degradation.says):
        kind, why = Grade.WRONG, f"the page does not say: {degradation.says}"
    return Cell(
        case=case, degradation=degradation, view=view, grade=kind, before=told(base), after=told(after), why=why
    )


def told(diagnosis: Diagnosis | None) -> str:
    """A verdict in a few words."""
    if diagnosis is None:
        return "nothing"
    verdict = diagnosis.verdict
    if verdict.theory:
        return f"**{verdict.theory}**"
    return f"{verdict.ruling}{': ' if verdict.possible else ''}{', '.join(sorted(verdict.possible))}"


def _made_of_nothing(case: CaseFolder, after: Diagnosis | None) -> list[str]:
    failed = after is not None and after.verdict.ruling in {Ruling.OPEN, Ruling.CONFIRMED}
    return ["a failure where there was none"] if failed and case.theory == "healthy" else []


def _strength(diagnosis: Diagnosis | None) -> int:
    if diagnosis is None or diagnosis.verdict.ruling is Ruling.UNDETERMINED:
        return 0
    return 1 if diagnosis.verdict.ruling is Ruling.OPEN else 2


def _weakened(
    case: CaseFolder,
    allowed: May | None,
    before: Diagnosis | None,
    after: Diagnosis | None,
    *,
    visible: Callable[[], bool],
) -> tuple[Grade, str]:
    if told(before) == told(after) or _strength(before) == _strength(after) == 0:
        return Grade.UNCHANGED, ""
    if _strength(after) == 1 and allowed is not May.ANYTHING and not _possible(case, after):
        return Grade.WRONG, "the truth is not among what is possible"
    # The truth stands, and less beside it.
    sharper = _strength(after) == _strength(before) and _listed(after) < _listed(before)
    if _strength(after) >= _strength(before) and (allowed not in {May.SAME, May.ABSENT} or sharper):
        fewer = not _listed(before) <= _listed(after) or _strength(after) > _strength(before)
        return (Grade.OTHERWISE if fewer else Grade.WEAKER), ""
    if allowed in {May.SAME, May.ABSENT}:
        return Grade.TOO_WEAK, "it should be the same"
    failing = case.theory != "healthy" and _strength(before) > 0
    if failing and _strength(after) == 0 and (allowed is May.OPEN or (allowed is May.VISIBLE and visible())):
        return Grade.TOO_WEAK, "a failure is to be told"
    return Grade.WEAKER, ""


def _listed(diagnosis: Diagnosis | None) -> set[str]:
    return set(diagnosis.verdict.possible) if diagnosis is not None else set()


def _possible(case: CaseFolder, after: Diagnosis | None) -> bool:
    """Whether the truth is; of several faults at once, in what is said of any of them."""
    truth = case.theory if case.theory in CATALOGUE else UNEXPLAINED
    if after is None:
        return False
    findings = after.targets[0].findings if after.targets else ()
    return any(truth in verdict.possible for verdict in (after.verdict, *(item.verdict for item in findings)))


def _says(diagnosis: Diagnosis, pattern: str) -> bool:
    page = page_of(diagnosis)
    sentences = [remark.says for observer in page.observers for remark in observer.quality]
    sentences += [*page.notes, *(str(problem) for file in diagnosis.files for problem in file.problems)]
    return any(re.search(pattern, sentence) for sentence in sentences)
