"""Writes a diagnosis as the JSON document of `bothways.report.schema`, with the sentences of the page."""

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import UNSET, json

from bothways import __version__
from bothways.diagnosis import model
from bothways.evidence.case import EvidenceFile
from bothways.facts.assumed import BY_YOUR_WORD
from bothways.facts.fact import Fact
from bothways.report import schema
from bothways.report.cite_json import Citations
from bothways.report.findings_json import Details, all_facts, findings
from bothways.report.page import Page
from bothways.report.part import Part
from bothways.report.summary import title
from bothways.report.text import clean
from bothways.report.ways_json import ways_entry
from bothways.units import Instant, rfc3339
from bothways.unknown import Unknown
from bothways.verdict.standing import Judged


def document(diagnosis: model.Diagnosis, page: Page) -> bytes:
    """One JSON document, indented, with a line feed at its end. *page* is what `page_of` made of *diagnosis*."""
    worst = diagnosis.targets[0].id if diagnosis.targets else None
    citations = Citations(diagnosis.files)
    vantages = {file: observer.vantage for observer in diagnosis.observers for file in observer.files}
    whole = schema.Document(
        schema=schema.SCHEMA,
        bothways=__version__,
        verdict=_verdict(diagnosis.verdict, summary=page.headline, target=worst),
        targets=[_target(target, part, citations) for target, part in zip(diagnosis.targets, page.parts, strict=True)],
        observers=[
            schema.ObserverEntry(
                vantage=observer.vantage,
                file=citations.file(observer.file)[0],
                member=citations.file(observer.file)[1],
                files=list(observer.files) if len(observer.files) > 1 else UNSET,
                quality=[remark.says for remark in observer.quality],
                flaws=list(dict.fromkeys(str(remark.flaw) for remark in observer.quality if remark.flaw)),
            )
            for observer in page.observers
        ],
        evidence=[_evidence(file, vantages, citations) for file in diagnosis.files],
        notes=list(page.notes),
        background=[
            schema.Background(
                kind=str(apart.kind),
                client=_text(apart.client),
                connections=apart.connections,
                servers=apart.servers,
            )
            for apart in diagnosis.background
        ],
        next=[_question(ask) for ask in diagnosis.next] or UNSET,
        ways=[ways_entry(ways, citations) for ways in diagnosis.ways],
        ports_used_again=diagnosis.ports_used_again,
    )
    return json.format(json.encode(whole), indent=2) + b"\n"


def _verdict(verdict: model.Verdict, *, summary: str, target: str | None) -> schema.Verdict:
    return schema.Verdict(
        standing=str(verdict.ruling),
        theory=verdict.theory,
        answer=str(verdict.answer) if verdict.answer else None,
        possible=list(verdict.possible),
        summary=summary,
        where=_where(verdict.where) if verdict.where else None,
        target=_text(target),
        rests_on=[f"{fact.kind.id}={fact.answer}" for fact in verdict.rests_on] or UNSET,
    )


def _where(where: model.Where) -> schema.Where:
    return schema.Where(
        way=str(where.way),
        between=(clean(where.last_seen), clean(where.first_missing)),
        hops=[_hop(hop) for hop in where.hops],
        around=_around(where.around) if where.around else UNSET,
    )


def _around(around: model.Around) -> schema.Around:
    return schema.Around(
        way=str(around.way),
        leaves=_hop(around.leaves) if around.leaves else None,
        meets=_hop(around.meets) if around.meets else None,
    )


def _hop(hop: model.HopName) -> schema.Hop:
    return schema.Hop(name=_text(hop.name), address=_text(hop.address), index=hop.index)


def _target(target: model.TargetDiagnosis, part: Part, citations: Citations) -> schema.Target:
    facts = (*target.facts, *target.overruled)
    entries = _facts(facts, citations, overruled=target.overruled)
    ids = {fact: entry.id for fact, entry in zip(facts, entries, strict=True)}
    return schema.Target(
        id=clean(target.id),
        client=_text(target.client or None),
        server=clean(target.server.address),
        port=target.server.port,
        name=_text(target.name),
        called=UNSET if target.called is None else clean(target.called),
        first_seen=_time(target.first_seen),
        last_seen=_time(target.last_seen),
        connections=schema.Connections(
            seen=target.seen,
            failed=target.failed,
            censored=target.censored,
            probes=target.probes,
            background={str(kind): number for kind, number in target.background},
        ),
        signatures=[_signature(signature) for signature in target.signatures],
        verdict=_verdict(target.verdict, summary=part.summary, target=target.id),
        theories=[_theory(judged, ids) for judged in target.judged],
        inseparable=[list(alike) for alike in target.inseparable],
        next=[_question(ask) for ask in target.next],
        facts=entries,
        findings=findings(
            target,
            [part.summary, *(finding.summary for finding in part.further)][: len(target.findings)],
            verdict=lambda verdict, says: _verdict(verdict, summary=says, target=target.id),
            signature=_signature,
            details=lambda finding: _details(finding, citations),
        ),
    )


def _details(finding: model.Finding, citations: Citations) -> Details:
    facts = all_facts(finding)
    entries = _facts(facts, citations, overruled=finding.overruled)
    ids = {fact: entry.id for fact, entry in zip(facts, entries, strict=True)}
    return Details(
        theories=[_theory(judged, ids) for judged in finding.judged],
        next=[_question(ask) for ask in finding.next],
        facts=entries,
    )


def _signature(signature: model.SignatureCount) -> schema.Signature:
    return schema.Signature(
        history=clean(signature.history),
        connections=signature.connections,
        example=clean(signature.example),
        outcome=clean(signature.outcome),
    )


def _theory(judged: Judged, ids: Mapping[Fact, str]) -> schema.TheoryEntry:
    return schema.TheoryEntry(
        theory=judged.theory,
        title=title(judged.theory),
        standing=str(judged.standing),
        probability=round(judged.probability, 6),
        in_favour=[ids[fact] for fact in judged.in_favour],
        against=[ids[fact] for fact in judged.against],
    )


def _question(ask: model.Ask) -> schema.Question:
    return schema.Question(
        id=ask.id,
        also=list(ask.also) or UNSET,
        question=clean(ask.question),
        who=clean(ask.who),
        command="\n".join(map(clean, ask.command.split("\n"))),
        separates=list(ask.separates),
        at_once=ask.at_once or UNSET,
    )


def _facts(facts: Sequence[Fact], citations: Citations, *, overruled: Sequence[Fact]) -> list[schema.FactEntry]:
    """All facts, each with an id of its own."""
    often = Counter(fact.kind.id for fact in facts)
    met: Counter[str] = Counter()
    entries = []
    for fact in facts:
        kind = fact.kind.id
        met[kind] += 1
        name = f"{kind}-{met[kind]}" if often[kind] > 1 else kind
        entries.append(_fact(fact, name, citations, overruled=fact in overruled))
    return entries


def _fact(fact: Fact, identity: str, citations: Citations, *, overruled: bool) -> schema.FactEntry:
    is_unknown = isinstance(fact.answer, Unknown)
    return schema.FactEntry(
        id=identity,
        kind=fact.kind.id,
        answer=UNSET if isinstance(fact.answer, Unknown) else str(fact.answer),
        unknown=True if is_unknown else UNSET,
        why=clean(fact.answer.why) if isinstance(fact.answer, Unknown) else UNSET,
        says=UNSET if is_unknown else clean(fact.says),
        way=str(fact.way) if fact.way else None,
        vantage=_text(fact.vantage),
        cites=[citations.cited(cite) for cite in fact.cites],
        assumed=True if BY_YOUR_WORD in fact.cites else UNSET,
        overruled=True if overruled else UNSET,
    )


def _evidence(file: EvidenceFile, vantages: Mapping[str, str], citations: Citations) -> schema.Evidence:
    path, member = citations.file(file.path)
    return schema.Evidence(
        path=path,
        member=member,
        sha256=file.sha256 or None,
        kind=str(file.kind),
        vantage=_text(vantages.get(file.path, file.role.vantage)),
        read=dict(file.read),
        problems=[clean(str(problem)) for problem in file.problems],
    )


def _text(text: str | None) -> str | None:
    return None if text is None else clean(text)


def _time(instant: Instant | None) -> str | None:
    return None if instant is None else rfc3339(instant)
