"""What is said of runs of the lab from every view, counted against what was planted."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bothways.diagnosis.model import Ruling
from bothways.theories.catalogue import THEORIES
from bothways.verdict.standing import Standing, is_settled
from bothways.verdict.weights import CONFIRMED_FROM, PRIORS
from tests.helpers.cases import VIEWS, judge, judged_anew, wrongs
from tests.helpers.game import STARTS, play
from tests.helpers.known import without

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bothways.diagnosis.model import TargetDiagnosis
    from tests.helpers.cases import CaseFolder

BINS = (0.0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95, 0.99, 1.0)
CHANGES = (0.5, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One run from one view, or one game that began there."""

    theory: str
    view: str
    said: str
    grade: str
    stated: Mapping[str, float]
    """Probabilities of what stands; empty where causes were not weighed."""

    moved: Mapping[str, bool]
    """By prior and factor: whether another standing would have come of it."""

    won: bool | None = None
    """Whether the game from here was won; None where none was played."""

    won_alone: bool | None = None
    """The same where in each round one person is asked, whoever else would help."""

    passed_over: int = 0
    """First questions of the game to which the folder holds no answer."""

    mistaken_for: str = ""
    """What was said wrongly when the planted cause was taken out of the catalogue; empty for nothing."""


def judgements(run: CaseFolder) -> list[Judgement]:
    """*run* from every view that holds something."""
    found = [_judgement(run, view) for view in VIEWS if run.files(view)]
    return [item for item in found if item]


def _judgement(run: CaseFolder, view: str) -> Judgement | None:
    diagnosis = judge(run, view)
    if diagnosis is None or not diagnosis.targets:
        return None
    target, verdict = diagnosis.targets[0], diagnosis.verdict
    mistakes = wrongs(run, diagnosis)
    said = verdict.theory or f"{verdict.ruling}: {', '.join(verdict.possible)}".rstrip(": ")
    settled = run.theory in {verdict.theory, str(verdict.ruling)}
    grade = "confirmed, or healthy, and right" if settled else "open with the truth possible"
    if not settled and run.theory not in verdict.possible:
        grade = "undetermined" if verdict.ruling is Ruling.UNDETERMINED else "open, the truth below the line"
    played = view in STARTS and run.theory != "healthy"
    game, alone = (play(run, view, one_by_one=one) if played else None for one in (False, True))
    return Judgement(
        theory=run.theory,
        view=view,
        said=f"WRONG ({'; '.join(mistakes)}) {said}" if mistakes else said,
        grade="wrong" if mistakes else grade,
        stated={item.theory: item.probability for item in target.judged},
        moved=_moved(target),
        won=game.won(run.theory) if game else None,
        won_alone=alone.won(run.theory) if alone else None,
        passed_over=len(game.passed_over) if game else 0,
        mistaken_for=_mistaken_for(run, view),
    )


def _mistaken_for(run: CaseFolder, view: str) -> str:
    """What *view* is sure of where nobody knows the planted cause: the catalogue is never complete."""
    with without(run.theory):
        return "; ".join(wrongs(run, judged_anew(run, view)))


def _moved(target: TargetDiagnosis) -> dict[str, bool]:
    """Whether each prior, halved or doubled, gives another standing: the facts' part of it stays as it is."""
    if not target.judged:
        return {}
    fallen = {item.theory for item in target.judged if item.standing is Standing.ELIMINATED}
    rivals = [theory for theory in THEORIES if theory.id not in fallen]
    able = {theory.id for theory in rivals if is_settled(theory, target.facts, rivals=rivals)}
    stated = {item.theory: item.probability for item in target.judged}
    before = {name for name in able if stated[name] >= CONFIRMED_FROM}
    moved = {}
    for name in PRIORS.keys() & stated.keys():
        for factor in CHANGES:
            total = 1 + (factor - 1) * stated[name]
            after = {one for one in able if stated[one] * (factor if one == name else 1) / total >= CONFIRMED_FROM}
            moved[f"{name} x {factor}"] = after != before
    return moved


def figures(everything: Sequence[Judgement]) -> str:
    """All tables, in Markdown."""
    weights = _weights(everything)
    return "\n".join(
        [
            *_grades(everything),
            *_strangers(everything),
            *_confusion(everything),
            *_reliability(everything, weights),
            *_rest(everything),
        ]
    )


def _weights(everything: Sequence[Judgement]) -> dict[str, float]:
    """What one run of a cause counts for, so that causes count as their priors say."""
    runs = Counter(item.theory for item in everything if item.view == "whole")
    return {name: PRIORS.get(name, 0.0) / number for name, number in runs.items()}


def _grades(everything: Sequence[Judgement]) -> Iterator[str]:
    names = ["confirmed, or healthy, and right", "open with the truth possible", "open, the truth below the line"]
    names += ["undetermined", "wrong"]
    yield f"\n### What was said\n\n| view | {' | '.join(names)} |\n{'|---' * (1 + len(names))}|"
    for view in VIEWS:
        counted = Counter(item.grade for item in everything if item.view == view)
        yield f"| {view} | {' | '.join(str(counted[name]) for name in names)} |"


def _confusion(everything: Sequence[Judgement]) -> Iterator[str]:
    for view in VIEWS:
        rows: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for item in (item for item in everything if item.view == view):
            rows[item.theory][item.said.partition(":")[0]] += 1
        yield f"\n### Confusion: {view}\n\n| planted | said |\n|---|---|"
        for theory, said in sorted(rows.items()):
            yield f"| {theory} | {', '.join(f'{number} {what}' for what, number in said.most_common())} |"


def _strangers(everything: Sequence[Judgement]) -> Iterator[str]:
    yield "\n### A cause that the catalogue does not know\n"
    yield "Each run judged again with its own cause taken out; what was then said for sure was wrong.\n"
    yield "| view | judged | wrong | said instead |\n|---|---|---|---|"
    for view in VIEWS:
        judged = [item for item in everything if item.view == view and item.theory != "healthy"]
        taken = [f"{item.theory} ({item.mistaken_for})" for item in judged if item.mistaken_for]
        yield f"| {view} | {len(judged)} | {len(taken)} | {', '.join(sorted(taken)) or '-'} |"


def _reliability(everything: Sequence[Judgement], weights: Mapping[str, float]) -> Iterator[str]:
    yield "\n### Stated probabilities\n\n| view | stated | mean | came true | theories judged |\n|---|---|---|---|---|"
    for view in (*VIEWS, "all"):
        pairs = [
            (probability, name == item.theory, weights.get(item.theory, 0.0))
            for item in everything
            if view in {item.view, "all"}
            for name, probability in item.stated.items()
        ]
        for low, high in pairwise(BINS):
            inside = [one for one in pairs if low <= one[0] < high or one[0] == high == 1.0]
            total = sum(weight for _, _, weight in inside)
            if total:
                mean = sum(stated * weight for stated, _, weight in inside) / total
                true = sum(weight for _, is_true, weight in inside if is_true) / total
                yield f"| {view} | {low:.0%} to {high:.0%} | {mean:.1%} | {true:.1%} | {len(inside)} |"


def _rest(everything: Sequence[Judgement]) -> Iterator[str]:
    yield "\n### Priors halved and doubled\n"
    yield "Share of verdicts whose standing changes; priors that change none are left out.\n"
    yield "| prior | x 0.5 | x 2 |\n|---|---|---|"
    weighed = [item for item in everything if item.moved]
    changed = Counter(key for item in weighed for key, moves in item.moved.items() if moves)
    for name in PRIORS:
        halved, doubled = (changed[f"{name} x {factor}"] / max(1, len(weighed)) for factor in CHANGES)
        if halved or doubled:
            yield f"| {name} | {halved:.1%} | {doubled:.1%} |"
    confirmable = [item for item in everything if item.won is not None]
    won, alone = sum(bool(item.won) for item in confirmable), sum(bool(item.won_alone) for item in confirmable)
    missing = sum(item.passed_over > 0 for item in confirmable)
    yield f"\n### The game\n\n{won} of {len(confirmable)} games were won within two rounds."
    yield f"\nWhere in each round only one person is asked, whoever else helps already, {alone} were."
    yield f"\nIn {missing} of the games the folder lacked what some first question asked for, and the next was asked."
