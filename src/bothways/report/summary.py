"""The sentences of a verdict: who cannot reach what, why, how certain, and where."""

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from bothways.connections.background import Background
from bothways.diagnosis.model import Answer, Around, Diagnosis, Finding, HopName, Ruling, TargetDiagnosis, Where
from bothways.evidence.case import EvidenceFile, Kind
from bothways.facts.health import HEALTH, Health
from bothways.report.text import clean, counted, listed
from bothways.report.ways_stretches import gist
from bothways.theories.catalogue import THEORIES, UNEXPLAINED
from bothways.way import Way

MOST_CAUSES = 4
"""Causes that one sentence can hold; the table below it has all of them."""

_KNOWN = {theory.id: theory for theory in THEORIES}

WAYS = {Way.THERE: "the way there", Way.BACK: "the way back"}

KINDS = {
    Kind.CAPTURE: "capture",
    Kind.PATH: "path report",
    Kind.SESSIONS: "connection-tracking list",
    Kind.RULES: "rule set",
    Kind.ATTEMPTS: "attempt log",
    Kind.SOCKETS: "socket list",
    Kind.COUNTERS: "counter file",
    Kind.LOG: "firewall log",
    Kind.BOOKKEEPING: "lab record",
    Kind.FLOWS: "connection log",
    Kind.ECHOES: "ping report",
    Kind.INVENTORY: "list of devices",
    Kind.ADDRESSES: "address database",
    Kind.CHECK: "check log",
    Kind.MANIFEST: "dossier's manifest",
    Kind.UNREAD: "not understood",
}


KINDS_APART = {
    Background.PATH_PROBE: "path probe",
    Background.SCAN: "try",
    Background.PORT_PROBE: "port probe",
    Background.RACE_LOSER: "lost race",
    Background.KEEPALIVE: "kept-alive connection",
    Background.STRAY: "stray answer",
}


def title(theory: str) -> str:
    """A theory in a few plain words."""
    if theory == UNEXPLAINED:
        return "a cause that bothways does not know"
    return _KNOWN[theory].title if theory in _KNOWN else clean(theory)


def mend(theory: str | None) -> str:
    """What to change; empty where that is not known."""
    return _KNOWN[theory].mend if theory in _KNOWN else ""


def label(target: TargetDiagnosis) -> str:
    """What somebody wanted to reach: `fonts.example.net (203.0.113.2:443)`."""
    server = clean(str(target.server))
    # A Host header may hold an address instead of a name.
    named = target.name and target.name.strip("[]") != target.server.address
    if target.called is not None and not named:
        return f"{server} (called {clean(target.called)} by the capture)"
    return f"{clean(target.name or '')} ({server})" if named else server


def headline(diagnosis: Diagnosis) -> str:
    """The whole answer in one sentence: that of the worst target."""
    if not diagnosis.targets:
        if diagnosis.ways:
            return (
                f"Undetermined: no connection was seen, so nothing says whether any fails; {gist(diagnosis.ways[0])}."
            )
        return f"Undetermined: no connection that can be judged was seen in {looked_at(diagnosis.files)}."
    worst = diagnosis.targets[0]
    if worst.verdict.ruling is Ruling.HEALTHY and len(diagnosis.targets) > 1:
        count = len(diagnosis.targets)
        return "Healthy: both targets work." if count == 2 else f"Healthy: all {count} targets work."
    return summary(by_itself(worst, worst.findings[0]) if worst.findings else worst)


def by_itself(target: TargetDiagnosis, finding: Finding) -> TargetDiagnosis:
    """*target* as if nothing else were wrong with it."""
    return replace(
        target,
        verdict=finding.verdict,
        failed=finding.connections or target.failed,
        signatures=finding.signatures,
        judged=finding.judged,
        inseparable=finding.inseparable,
        next=finding.next,
        facts=finding.facts,
        overruled=finding.overruled,
        findings=(finding,),
    )


def summary(target: TargetDiagnosis) -> str:
    """One target's verdict in one sentence that can stand alone."""
    match target.verdict.ruling:
        case Ruling.CONFIRMED:
            theory = target.verdict.theory or ""
            why = _KNOWN[theory].claim if theory in _KNOWN else title(theory)
            return f"Confirmed: {_symptom(target)} because {why}{_by_word(target)}."
        case Ruling.OPEN:
            return f"Open: {_symptom(target)}{_possible(target)}{_by_word(target)}."
        case Ruling.HEALTHY:
            return f"Healthy: {label(target)} works{_from(target)}{_all_worked(target)}."
        case Ruling.UNDETERMINED:
            return f"Undetermined: no failure of {label(target)} was seen{_from(target)}, but {_not_enough(target)}."


def _by_word(target: TargetDiagnosis) -> str:
    """What a verdict owes to the user is said in the same sentence, which may be quoted alone."""
    told = [f"{fact.kind.id}={fact.answer}" for fact in target.verdict.rests_on]
    return f"; this rests on your word that {listed(told)}" if told else ""


def _from(target: TargetDiagnosis) -> str:
    return f" from {clean(target.client)}" if target.client else ""


def _judged(target: TargetDiagnosis) -> int:
    return target.seen - target.censored


def _symptom(target: TargetDiagnosis) -> str:
    if any(fact.kind is HEALTH and fact.answer is Health.DEGRADED for fact in target.facts):
        return f"{label(target)} works{_from(target)}, but loses packets"
    if any(fact.kind is HEALTH and fact.answer is Health.REFUSED for fact in target.facts):
        return f"{label(target)} is reached{_from(target)} and refuses its service{_some(target)}"
    return f"{label(target)} {_shows(target)}{_from(target)}{_some(target)}"


def _some(target: TargetDiagnosis) -> str:
    """In how many connections, where not in all."""
    return f" in {target.failed} of {_judged(target)} connections" if 0 < target.failed < _judged(target) else ""


def _shows(target: TargetDiagnosis) -> str:
    match target.verdict.answer:
        case Answer.SILENT:
            return "times out"
        case Answer.RESET:
            refused = any(signature.outcome == "refused" for signature in target.signatures)
            return "is refused" if refused else "is reset"
        case Answer.ICMP:
            return "is reported unreachable"
        case None:
            return "fails"


def _possible(target: TargetDiagnosis) -> str:
    """What an open verdict leaves open."""
    named = target.verdict.possible
    known = [theory for theory in named if theory != UNEXPLAINED]
    if not known:
        return f", and none of the {len(THEORIES)} causes that bothways knows explains what was seen"
    titles = [title(theory) for theory in known]
    if named[0] == UNEXPLAINED:
        return f"; a cause that bothways does not know is likelier than any known one (nearest known: {listed(titles)})"
    if len(known) == 1:
        also = ", and an unknown cause is possible too" if UNEXPLAINED in named else ""
        return f"; the only known cause left is not proven by this evidence: {titles[0]}{also}"
    alike = " and this evidence does not tell them apart" if set(known) <= _inseparable(target) else ""
    told = [title(theory) for theory in named]
    if len(told) > MOST_CAUSES:
        told = [*told[: MOST_CAUSES - 1], f"one of {len(told) - MOST_CAUSES + 1} more"]
    return f"; {len(named)} causes are possible{alike}: {listed(told, last='or')}"


def _inseparable(target: TargetDiagnosis) -> set[str]:
    return max((set(alike) for alike in target.inseparable), key=len, default=set())


def _all_worked(target: TargetDiagnosis) -> str:
    judged = _judged(target)
    if judged < 1:
        return ""
    return ": its one connection did its work" if judged == 1 else f": all {judged} connections did their work"


def _not_enough(target: TargetDiagnosis) -> str:
    if target.censored and target.censored == target.seen:
        cut = "its one connection was" if target.seen == 1 else f"all {target.seen} connections were"
        return f"{cut} cut off by the capture or given up too soon to tell, so nothing shows that it works"
    return "nothing shows that it works either"


def where(place: Where) -> str:
    """Where it is lost."""
    between = f"between {clean(place.last_seen)} (still seen) and {clean(place.first_missing)} (no longer)"
    return f"lost on {WAYS[place.way]}, {between}{_at(place.hops)}{_around(place.around)}"


def _around(around: Around | None) -> str:
    """`; the way back leaves that way at border and meets it again at dist`."""
    if around is None:
        return ""
    ends = ("the server", "the client") if around.way is Way.BACK else ("the client", "the server")
    leaves, meets = (
        clean(hop.name or hop.address or f"hop {hop.index}") if hop else end
        for hop, end in zip((around.leaves, around.meets), ends, strict=True)
    )
    return f"; {WAYS[around.way]} leaves that way at {leaves} and meets it again at {meets}"


def _at(hops: Sequence[HopName]) -> str:
    if not hops:
        return ""
    if len(hops) == 1:
        return f": at {_hop(hops[0])}"
    first, last = _hop(hops[0]), _hop(hops[-1])
    return f": at {first} or {last}" if len(hops) == 2 else f": somewhere from {first} to {last}"


def _hop(hop: HopName) -> str:
    """`hop 3, fw.example (10.0.0.1)`; a device that no path report shows has no number."""
    number = f"hop {hop.index}, " if hop.index else ""
    name, address = clean(hop.name or ""), clean(hop.address or "")
    both = f"{name} ({address})" if name and address and name != address else name or address or "which did not answer"
    return f"{number}{both}"


def looked_at(files: Sequence[EvidenceFile]) -> str:
    """`4 captures, 6 path reports and 1 rule set`."""
    counts = Counter(file.kind for file in files)
    told = [counted(counts[kind], KINDS[kind]) for kind in Kind if counts[kind] and kind is not Kind.UNREAD]
    if counts[Kind.UNREAD]:
        told.append(f"{counts[Kind.UNREAD]} not understood")
    return listed(told) or "no files"


def counts(target: TargetDiagnosis) -> str:
    """How many connections there were, and what became of them."""
    parts = [counted(target.seen, "connection"), f"{target.failed} failed"]
    if target.censored:
        parts.append(f"{target.censored} cut off by the capture's start or end")
    if target.background:
        apart = [counted(number, KINDS_APART[kind]) for kind, number in target.background]
        parts.append(f"{listed(apart)} counted apart")
    return ", ".join(parts)
