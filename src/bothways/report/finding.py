"""What a report says about one failure of a target: how many connections share it, since when, and which."""

from msgspec import Struct

from bothways.diagnosis.model import Finding, Ruling, TargetDiagnosis
from bothways.facts.split_words import moment, told
from bothways.report.summary import by_itself, mend, summary, where
from bothways.report.text import clean, counted, listed


class FindingPart(Struct, frozen=True, kw_only=True):
    """One failure of a target that has several."""

    ruling: Ruling
    summary: str
    where: str
    """Empty where it is not known."""

    to_do: str
    """What to change, or what to ask next; empty where nobody knows."""

    share: str
    differs: str
    """Empty where nothing certain tells its connections from those that work."""


def finding_part(target: TargetDiagnosis, finding: Finding) -> FindingPart:
    """Put one failure of *target* into words."""
    alone = by_itself(target, finding)
    question = next(iter(finding.next), None)
    asks = f"{clean(question.question)} Ask the {clean(question.who)}: {clean(question.command)}" if question else ""
    return FindingPart(
        ruling=finding.verdict.ruling,
        summary=summary(alone),
        where=where(finding.verdict.where) if finding.verdict.where else "",
        to_do=mend(finding.verdict.theory) if finding.verdict.ruling is Ruling.CONFIRMED else asks,
        share=share_of(target, finding),
        differs=differs(finding),
    )


def share_of(target: TargetDiagnosis, finding: Finding) -> str:
    """`40 of 452 connections, since 10:02:11 UTC, the last at 10:40:00 UTC; before that 412 connections worked`.

    Empty where no capture shows its connections.
    """
    if not finding.connections or finding.first_seen is None or finding.last_seen is None:
        return ""
    judged = target.seen - target.censored
    first, last = moment(finding.first_seen), moment(finding.last_seen)
    if last[:10] == first[:10]:
        last = last[11:]
    if finding.connections == 1:
        says = f"1 of {counted(judged, 'connection')}, which began at {first}"
    else:
        which = "all" if finding.connections == judged else f"{finding.connections} of"
        says = f"{which} {judged} connections, since {first}, the last at {last}"
    before, after = finding.worked_before, finding.worked_after
    between = finding.worked - before - after
    beside = [
        f"{words} {counted(count, 'connection')} worked"
        for words, count in (("before that", before), ("in between", between), ("after that", after))
        if count
    ]
    return f"{says}; {listed(beside)}" if beside else says


def differs(finding: Finding) -> str:
    """`the source port is odd in 40 of 40 that failed and in 0 of 412 that worked`; empty where nothing does."""
    return clean("; of these, ".join(told(difference) for difference in finding.differences))
