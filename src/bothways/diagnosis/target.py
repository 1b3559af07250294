"""One target: its subject put together, its facts measured, its verdict drawn."""

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from bothways.connections.crowd import crowd
from bothways.connections.exchange import Exchange
from bothways.connections.observer import Place
from bothways.connections.outcome import Outcome
from bothways.connections.tally import how_many, outcomes
from bothways.connections.targets import TargetKey, by_signature
from bothways.connections.unseen import answered_unseen
from bothways.diagnosis.asking import asks, first_of_all, had
from bothways.diagnosis.findings import Times, apart, begun, times_of
from bothways.diagnosis.flows import signatures, times
from bothways.diagnosis.gate import FAILED_ATTEMPTS, State, state_of
from bothways.diagnosis.model import Answer, Ask, Finding, Ruling, SignatureCount, TargetDiagnosis, Verdict
from bothways.diagnosis.subjects import Surroundings, subject_of
from bothways.diagnosis.where import where_of
from bothways.diagnosis.word import rests_on
from bothways.evidence.attempt import Outcome as AttemptOutcome
from bothways.facts.assumed import believe
from bothways.facts.catalogue import measure
from bothways.facts.fact import Fact
from bothways.facts.health import was_refused
from bothways.facts.loss import LOSS_BACK, LOSS_THERE
from bothways.facts.subject import Subject, Tried
from bothways.units import Instant
from bothways.verdict.standing import Weighed


def diagnose_target(key: TargetKey, wanted: Sequence[Exchange], around: Surroundings) -> TargetDiagnosis:
    """Judge the target *key* with its *wanted* connections (none if only a log or a state table knows it)."""
    judgeable = tuple(exchange for exchange in wanted if exchange.outcome is not Outcome.CENSORED)
    subject = replace(subject_of(key, crowd(judgeable), around), unseen=tuple(filter(answered_unseen, wanted)))
    tried = [item.attempt for item in subject.tried()]
    logged = [item.outcome for item in subject.flows]
    state = state_of(wanted, tried, logged=logged, waiting_in_table=not (wanted or tried or logged))
    return _result(key, wanted, subject, state, _findings(subject, state, around))


def _findings(subject: Subject, state: State, around: Surroundings) -> tuple[Finding, ...]:
    """What is wrong with the target, the worst first; nothing where the gate let it pass."""
    if state in {State.HEALTHY, State.UNDETERMINED}:
        return ()
    subject = replace(subject, degraded=state is State.DEGRADED)
    when = begun(subject.connections)
    failures = apart(subject, around.conclusions, around.signatures_alone)
    found = (_finding(failure, times_of(failure, when), around) for failure in failures)
    return tuple(sorted(found, key=lambda one: (_WORST_FIRST.index(one.verdict.ruling), -one.connections)))


_WORST_FIRST = tuple(Ruling)


def _finding(failure: Subject, when: Times, around: Surroundings) -> Finding:
    """The connections of one failure, judged."""
    measured, word = measure(failure), around.roles.assumed
    if _is_hearsay(failure):
        measured = tuple(fact if fact.kind in _OF_WHAT_WORKS else replace(fact, decisive=False) for fact in measured)
    believed = believe(measured, word)
    facts, weighed = believed.facts, around.conclusions.weighed(believed.facts)
    verdict = _verdict(failure, measured, weighed, rests_on=rests_on(measured, word, weighed))
    return Finding(
        verdict=verdict,
        signatures=_signatures(failure.failing) or signatures(failure.flows),
        connections=failure.failures,
        first_seen=when.first,
        last_seen=when.last,
        worked=when.worked,
        worked_before=when.worked_before,
        worked_after=when.worked_after,
        differences=failure.differences,
        judged=weighed.judged,
        inseparable=around.conclusions.inseparable(facts, weighed),
        next=asks(failure, facts, weighed, around.conclusions) if verdict.ruling is Ruling.OPEN else (),
        facts=facts,
        overruled=believed.overruled,
    )


_OF_WHAT_WORKS = frozenset({LOSS_THERE, LOSS_BACK})
"""Loss is measured on all captured connections, and is there whatever a log tells of."""


def _is_hearsay(failure: Subject) -> bool:
    """Whether only logs tell of failures, and all that was captured works.

    They are of another time then, or of another client, and so may be whatever else was brought.
    """
    if failure.exemplars or failure.failing or failure.degraded or was_refused(failure):
        return False
    return any(exchange.outcome is Outcome.WORKED for exchange in failure.connections)


def _passed(state: State) -> Verdict:
    """The verdict on a target that the gate let pass."""
    ruling = Ruling.HEALTHY if state is State.HEALTHY else Ruling.UNDETERMINED
    return Verdict(ruling=ruling, theory=None, answer=None, possible=(), where=None)


def _verdict(subject: Subject, measured: Sequence[Fact], weighed: Weighed, *, rests_on: tuple[Fact, ...]) -> Verdict:
    confirmed = weighed.confirmed
    return Verdict(
        ruling=Ruling.CONFIRMED if confirmed else Ruling.OPEN,
        theory=confirmed,
        answer=_answer(subject),
        possible=weighed.possible,
        where=where_of(subject, measured),
        rests_on=rests_on,
    )


_SHOWS = {Outcome.REFUSED: Answer.RESET, Outcome.RESET: Answer.RESET, Outcome.UNREACHABLE: Answer.ICMP}
_TOLD = {
    AttemptOutcome.REFUSED: Answer.RESET,
    AttemptOutcome.RESET: Answer.RESET,
    AttemptOutcome.UNREACHABLE: Answer.ICMP,
}


def _answer(subject: Subject) -> Answer | None:
    """How the drop shows; None where connections work and only suffer, or only programs refuse."""
    if subject.degraded or was_refused(subject):
        return None
    if subject.exemplars:
        return _SHOWS.get(subject.exemplars[0].outcome, Answer.SILENT)
    if subject.flow_exemplars:
        return _SHOWS.get(subject.flow_exemplars[0].outcome, Answer.SILENT)
    return next((_TOLD.get(item.attempt.outcome, Answer.SILENT) for item in _failed_tries(subject)), Answer.SILENT)


def _failed_tries(subject: Subject) -> list[Tried]:
    return [item for item in subject.tried() if item.attempt.outcome in FAILED_ATTEMPTS]


def _result(
    key: TargetKey, wanted: Sequence[Exchange], subject: Subject, state: State, findings: tuple[Finding, ...]
) -> TargetDiagnosis:
    flows = subject.flows
    first, last = times(flows) if flows else _times(wanted)
    worst = findings[0] if findings else None
    verdict = worst.verdict if worst else _passed(state)
    told = 0 if wanted or flows else len(subject.tried()) or 1
    ended = outcomes(wanted) if wanted else Counter(one.outcome for one in flows)
    return TargetDiagnosis(
        id=_id(key),
        client=key.network or subject.client,
        server=key.server,
        name=key.name or None,
        called=subject.called(key.server.address),
        first_seen=first,
        last_seen=last,
        seen=ended.total() or told,
        failed=_failed(ended, verdict, len(_failed_tries(subject)) or told),
        censored=ended[Outcome.CENSORED],
        background=(),
        signatures=signatures(flows) if flows else _signatures(wanted),
        verdict=verdict,
        judged=worst.judged if worst else (),
        inseparable=worst.inseparable if worst else (),
        next=worst.next if worst else _first(subject, state),
        facts=worst.facts if worst else (),
        overruled=worst.overruled if worst else (),
        findings=findings,
    )


def _first(subject: Subject, state: State) -> tuple[Ask, ...]:
    """A whole attempt at the client, where nothing was seen of one or others than the client saw that all works.

    Causes that spare some clients, ports or kinds of SYN are not seen where those that they spare are served.
    """
    from_afar = subject.observers and all(observer.place is not Place.CLIENT for observer in subject.observers)
    return first_of_all(had(subject), subject) if state is State.UNDETERMINED or from_afar else ()


def _failed(ended: Counter[Outcome], verdict: Verdict, told: int) -> int:
    """Failed connections of all as they *ended*, those that programs refused among them where the target fails at all.

    Where no capture shows any, the *told* ones that a log or a state table knows.
    """
    if ended or verdict.ruling not in {Ruling.CONFIRMED, Ruling.OPEN}:
        ways = {outcome for outcome in Outcome if outcome.failed}
        ways |= {Outcome.DECLINED} if verdict.ruling in {Ruling.CONFIRMED, Ruling.OPEN} else set()
        return sum(ended[way] for way in ways)
    return told


def _id(key: TargetKey) -> str:
    name = f"{key.name} " if key.name else ""
    network = f" from {key.network}" if key.network else ""
    return f"{name}{key.server}{network}"


def _times(wanted: Sequence[Exchange]) -> tuple[Instant | None, Instant | None]:
    sides = [seen.sides for exchange in wanted for seen in exchange.seen[:1]]
    firsts = [t for side in sides for t in (side.there.first, side.back.first) if t is not None]
    lasts = [t for side in sides for t in (side.there.last, side.back.last) if t is not None]
    return min(firsts, default=None), max(lasts, default=None)


def _signatures(wanted: Sequence[Exchange]) -> tuple[SignatureCount, ...]:
    return tuple(
        SignatureCount(
            history=signature.split(" ", maxsplit=1)[1],
            outcome=str(group[0].outcome),
            connections=how_many(group),
            example=str(group[0].seen[0].begins),
        )
        for signature, group in by_signature(wanted).items()
    )
