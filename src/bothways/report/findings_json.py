"""A target's findings as `bothways.report.schema` has them."""

from collections.abc import Callable, Sequence

from msgspec import UNSET, Struct

from bothways.connections.differences import Difference
from bothways.diagnosis import model
from bothways.facts.fact import Fact
from bothways.facts.split_words import told
from bothways.report import schema
from bothways.report.text import clean
from bothways.units import rfc3339


class Details(Struct, frozen=True, kw_only=True):
    """What every finding but the first has of its own."""

    theories: list[schema.TheoryEntry]
    next: list[schema.Question]
    facts: list[schema.FactEntry]


def findings(
    target: model.TargetDiagnosis,
    summaries: Sequence[str],
    *,
    verdict: Callable[[model.Verdict, str], schema.Verdict],
    signature: Callable[[model.SignatureCount], schema.Signature],
    details: Callable[[model.Finding], Details],
) -> list[schema.Finding]:
    """All findings of *target*, with the sentence on each; the functions write what findings and targets share."""
    judged = target.seen - target.censored
    made = []
    for number, (finding, summary) in enumerate(zip(target.findings, summaries, strict=True)):
        own = details(finding) if number else None
        made.append(
            schema.Finding(
                verdict=verdict(finding.verdict, summary),
                signatures=[signature(item) for item in finding.signatures],
                connections=finding.connections,
                first_seen=None if finding.first_seen is None else rfc3339(finding.first_seen),
                last_seen=None if finding.last_seen is None else rfc3339(finding.last_seen),
                share=round(finding.connections / judged, 6) if finding.connections and judged else None,
                worked_before=finding.worked_before,
                worked_after=finding.worked_after,
                differs_by=[_differs(difference) for difference in finding.differences],
                theories=own.theories if own else UNSET,
                inseparable=[list(alike) for alike in finding.inseparable] if own else UNSET,
                next=own.next if own else UNSET,
                facts=own.facts if own else UNSET,
            )
        )
    return made


def all_facts(finding: model.Finding) -> tuple[Fact, ...]:
    """Those that were weighed, and what the user overruled."""
    return (*finding.facts, *finding.overruled)


def _differs(difference: Difference) -> schema.Differs:
    split = difference.split
    return schema.Differs(
        trait=str(split.trait),
        form=str(split.form),
        value=clean(split.value) if isinstance(split.value, str) else split.value,
        other=split.other or UNSET,
        failed=(difference.failed_with, difference.failed),
        worked=(difference.worked_with, difference.worked),
        chance=difference.chance,
        alike=[str(alike.trait) for alike in difference.alike],
        says=clean(told(difference)),
    )
