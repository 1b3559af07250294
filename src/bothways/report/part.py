"""What a report says about one target."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from bothways.diagnosis.model import Ask, Ruling, TargetDiagnosis
from bothways.facts.assumed import BY_YOUR_WORD
from bothways.facts.fact import Fact, Kind
from bothways.report.finding import FindingPart, differs, finding_part, share_of
from bothways.report.summary import WAYS, by_itself, counts, label, mend, summary, title, where
from bothways.report.text import clean, counted, listed, places, share
from bothways.report.ways import WaysPart
from bothways.theories.catalogue import THEORIES, UNEXPLAINED
from bothways.theories.theory import Expect
from bothways.units import between, plain, rfc3339
from bothways.unknown import Unknown
from bothways.verdict.standing import Judged, Standing
from bothways.verdict.weighing import MOST_KEPT, stated

FOR_CONFIRMED = 4
"""Facts that speak for a confirmed theory and are shown without asking: first its proof."""

FOR_POSSIBLE = 2
AGAINST_POSSIBLE = 2

KILLERS = 1
"""A theory dies once; who doubts it finds the other contradictions in the details."""


class Reason(Struct, frozen=True, kw_only=True):
    """One fact that speaks for or against a theory."""

    speaks_for: bool
    says: str
    places: tuple[str, ...]
    """Where to look it up: `client.pcap frames 2, 3`."""

    detail: bool
    """Shown only where details are asked for."""


class TheoryRow(Struct, frozen=True, kw_only=True):
    """How one theory stands."""

    id: str
    title: str
    standing: Standing
    says: str
    """Its standing in words: `confirmed, > 99.9 %`, `eliminated by`."""

    reasons: tuple[Reason, ...]
    repeats: bool = False
    """Its reasons were given with the row before; only where to look them up is worth saying again."""


class Measured(Struct, frozen=True, kw_only=True):
    """One fact as a sentence."""

    asks: str
    says: str
    """What was measured, or why it is not known."""

    known: bool
    seen: str
    """Way and vantage: `the way there, seen at client`; may be empty."""

    places: tuple[str, ...]
    quoted: bool
    """It stands beside a theory already, among the reasons that are no details."""


class QuestionLine(Struct, frozen=True, kw_only=True):
    """What to find out next."""

    asks: str
    who: str
    commands: tuple[str, ...]
    """Lines to be run together."""

    at_once: bool
    """Beside the first one."""

    separates: str
    """Which theories the answer tells apart."""


class Part(Struct, frozen=True, kw_only=True):
    """One target."""

    label: str
    ruling: Ruling
    summary: str
    where: str
    """Empty where it is not known."""

    counts: str
    when: str
    """First and last packet; empty where no clock shows it."""

    share: str
    """How many connections share the failure that is spoken of, and when they began; empty where all failed by it."""

    differs: str
    """By what these differ from those that work; empty where nothing certain does."""

    word: tuple[str, ...]
    """What the user says, and what was measured otherwise."""

    to_do: str
    """What to change, or what to record next; empty where the questions say it."""

    theories: tuple[TheoryRow, ...]
    inseparable: tuple[str, ...]
    questions: tuple[QuestionLine, ...]
    measured: tuple[Measured, ...]
    """In the order of the catalogue; what is not known stands among the rest. What does not arise is left out."""

    histories: tuple[str, ...]
    """The ways that its connections went."""

    ways: WaysPart | None = None
    """The two ways to it; None where no path report belongs to it, or they were shown with another target."""

    further: tuple[FindingPart, ...] = ()
    """What else is wrong with the target, the worst first; all that stands above speaks of the worst of all."""


def part(target: TargetDiagnosis) -> Part:
    """Put one target into words."""
    verdict = target.verdict
    wording = _Wording()
    rows = tuple(_rows(_in_order(target), wording))
    return Part(
        label=label(target),
        ruling=verdict.ruling,
        summary=summary(by_itself(target, target.findings[0]) if target.findings else target),
        where=where(verdict.where) if verdict.where else "",
        counts=counts(target),
        when=_when(target),
        share=_share(target),
        differs=differs(target.findings[0]) if target.findings else "",
        word=tuple(_word(target)),
        to_do=_to_do(target),
        theories=rows,
        inseparable=tuple(
            f"{listed([clean(theory) for theory in alike])} look the same in this evidence"
            for alike in target.inseparable
        ),
        questions=tuple(question_line(ask) for ask in target.next),
        measured=tuple(_all_measured(target, rows, wording)),
        histories=tuple(
            f"{counted(signature.connections, 'connection')} {clean(signature.outcome)}: "
            f"{clean(signature.history)} ({clean(signature.example)})"
            for signature in target.signatures
        ),
        further=tuple(finding_part(target, finding) for finding in target.findings[1:]),
    )


def _when(target: TargetDiagnosis) -> str:
    if target.first_seen is None or target.last_seen is None:
        return ""
    start = rfc3339(target.first_seen)
    # People compare clocks by the second; the JSON document has the nanoseconds.
    start = f"{start[:19].replace('T', ' ')} UTC" if start.endswith("Z") else start
    return f"{start}, for {plain(between(target.first_seen, target.last_seen))}"


def _share(target: TargetDiagnosis) -> str:
    """Said where there is more than one failure to speak of."""
    worst = next(iter(target.findings), None)
    beside = worst is not None and (worst.worked or len(target.findings) > 1)
    return share_of(target, worst) if worst is not None and beside else ""


def _word(target: TargetDiagnosis) -> Iterator[str]:
    otherwise = {fact.kind.id: fact for fact in target.overruled}
    for fact in target.facts:
        if BY_YOUR_WORD not in fact.cites:
            continue
        told = f"{clean(fact.kind.asks)} {fact.answer}"
        measured = otherwise.get(fact.kind.id)
        if measured:
            cited = f" [{'; '.join(places(measured.cites))}]" if measured.cites else ""
            told += f", which contradicts what was measured: {_says(measured)}{cited}. Your word was weighed"
        yield told


def _to_do(target: TargetDiagnosis) -> str:
    match target.verdict.ruling:
        case Ruling.CONFIRMED:
            return mend(target.verdict.theory)
        case Ruling.UNDETERMINED:
            return "capture one whole attempt at the client, from before it starts until it has failed or done its work"
        case Ruling.OPEN:
            first = next(iter(target.next), None)
            return f"{clean(first.question)} Ask the {clean(first.who)}; the command is below." if first else ""
        case Ruling.HEALTHY:
            return ""


def _in_order(target: TargetDiagnosis) -> list[Judged]:
    """The standing ones first, the likeliest of them on top; then the dead, by what killed them."""
    order = {fact.kind: number for number, fact in enumerate(target.facts)}

    def key(judged: Judged) -> tuple[bool, float, int]:
        if judged.standing is not Standing.ELIMINATED:
            return (False, -judged.probability, 0)
        return (True, 0.0, order.get(judged.against[0].kind, 0) if judged.against else 0)

    return sorted(target.judged, key=key)


def _rows(judged: Sequence[Judged], wording: "_Wording") -> Iterator[TheoryRow]:
    """All theories; reasons that were just given are not given again for the next one."""
    before: tuple[Reason, ...] = ()
    # The arithmetic leaves the dead a thousandth each; people read shares of what stands.
    standing = sum(one.probability for one in judged if one.standing is not Standing.ELIMINATED) or 1.0
    for row in (_row(one, wording, standing=standing) for one in judged):
        reasons = tuple(sorted((reason for reason in row.reasons if not reason.detail), key=lambda reason: reason.says))
        if not reasons or reasons != before:
            yield row
        elif row.standing is Standing.ELIMINATED:
            yield replace(row, says=f"{row.says} by the same", repeats=True)
        else:
            yield replace(row, says=f"{row.says}, for the same reasons", repeats=True)
        before = reasons


def _row(judged: Judged, wording: "_Wording", *, standing: float) -> TheoryRow:
    if judged.standing is Standing.ELIMINATED:
        says = "eliminated"
    elif judged.probability == standing:
        says = f"{judged.standing}, the only one left"
    else:
        says = f"{judged.standing}, {share(judged.probability / standing)}"
    return TheoryRow(
        id=clean(judged.theory),
        title=title(judged.theory),
        standing=judged.standing,
        says=says,
        reasons=_reasons(judged, wording),
    )


def _reasons(judged: Judged, wording: "_Wording") -> tuple[Reason, ...]:
    """What matters about a theory: of a dead one what killed it, of a standing one what speaks for and against it."""
    speaking, against = _SHOWN[judged.standing]
    in_favour = sorted(judged.in_favour, key=lambda fact: (not _proves(judged.theory, fact), _fitting(fact)))
    pros = [wording.reason(fact, speaks_for=True, detail=n >= speaking) for n, fact in enumerate(in_favour)]
    cons = [wording.reason(fact, speaks_for=False, detail=n >= against) for n, fact in enumerate(judged.against)]
    return (*cons, *pros) if judged.standing is Standing.ELIMINATED else (*pros, *cons)


_SHOWN = {
    Standing.ELIMINATED: (0, KILLERS),
    Standing.CONFIRMED: (FOR_CONFIRMED, AGAINST_POSSIBLE),
    Standing.POSSIBLE: (FOR_POSSIBLE, AGAINST_POSSIBLE),
}
_PROOFS = {theory.id: frozenset[tuple[Kind, StrEnum]]().union(*theory.proofs) for theory in THEORIES}


def _proves(theory: str, fact: Fact) -> bool:
    """Whether *fact* belongs to what shows the cause at work."""
    return (fact.kind, fact.answer) in _PROOFS.get(theory, ())


def _fitting(fact: Fact) -> int:
    """How many theories a fact fits: what fits few of them says most about one."""
    return 0 if isinstance(fact.answer, Unknown) else _fitted(fact.kind, fact.answer, fact.sure)


@lru_cache(maxsize=MOST_KEPT)
def _fitted(kind: Kind, answer: StrEnum, sure: bool) -> int:  # noqa: FBT001 - a key
    likely = {Expect.ALWAYS, Expect.USUALLY}
    return sum(stated(theory, kind, answer, sure=sure) in likely for theory in THEORIES)


class _Wording:
    """The facts of one target in words, each put into them once: many theories are judged by the same fact."""

    def __init__(self) -> None:
        self._told: dict[Kind, tuple[Fact, str, tuple[str, ...]]] = {}

    def sentence(self, fact: Fact) -> tuple[str, tuple[str, ...]]:
        """What *fact* says, and where to look it up."""
        told = self._told.get(fact.kind)
        if told is None or told[0] is not fact:
            told = self._told[fact.kind] = (fact, _says(fact), places(fact.cites))
        return told[1:]

    def reason(self, fact: Fact, *, speaks_for: bool, detail: bool) -> Reason:
        """*fact* as it stands beside a theory."""
        says, found = self.sentence(fact)
        return Reason(speaks_for=speaks_for, says=says, places=found, detail=detail)


def _says(fact: Fact) -> str:
    if isinstance(fact.answer, Unknown):
        return clean(fact.answer.why)
    return clean(fact.says or f"{fact.kind.asks} {fact.answer}")


def _all_measured(target: TargetDiagnosis, rows: Sequence[TheoryRow], wording: _Wording) -> Iterator[Measured]:
    """Each sentence once, though it may answer several questions."""
    shown = {(reason.says, reason.places) for row in rows for reason in row.reasons if not reason.detail}
    told: set[tuple[str, Sequence[str]]] = set()
    for fact in target.facts:
        if _is_moot(fact):
            continue
        sentence = wording.sentence(fact)
        if fact.known and sentence in told:
            continue
        told.add(sentence)
        yield _measured(fact, sentence, quoted=sentence in shown)


def _is_moot(fact: Fact) -> bool:
    return isinstance(fact.answer, Unknown) and fact.answer.moot


def _measured(fact: Fact, sentence: tuple[str, tuple[str, ...]], *, quoted: bool) -> Measured:
    says, found = sentence
    seen = [WAYS[fact.way] if fact.way else "", f"seen at {clean(fact.vantage)}" if fact.vantage else ""]
    return Measured(
        asks=clean(fact.kind.asks),
        says=says,
        known=fact.known,
        seen=", ".join(word for word in seen if word),
        places=found,
        quoted=quoted,
    )


def question_line(ask: Ask) -> QuestionLine:
    """*ask* in words."""
    return QuestionLine(
        asks=clean(ask.question),
        who=clean(ask.who),
        commands=tuple(map(clean, ask.command.split("\n"))),
        at_once=ask.at_once,
        separates=_tells(ask),
    )


def _tells(ask: Ask) -> str:
    """What the answer is good for."""
    names = [clean(theory) for theory in ask.separates if theory != UNEXPLAINED]
    if not ask.separates:
        return "would show whether it fails"
    if not names:
        return "would show more of the unknown cause"
    return f"tells apart {listed(names)}" if len(names) > 1 else f"would prove {names[0]} or speak against it"
