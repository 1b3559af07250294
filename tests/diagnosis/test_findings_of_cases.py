"""Two faults at once, a fault that begins in the middle, a fault of some ports only: as real kernels made them."""

from bothways.connections.differences import Form
from bothways.connections.traits import Trait
from bothways.diagnosis.model import Ruling, TargetDiagnosis
from bothways.facts.many import DIFFERS_BY, TIME_PATTERN
from tests.helpers.cases import CASES, folder_of, judge


def judged(case: str) -> TargetDiagnosis:
    """The only target of the whole evidence."""
    diagnosis = judge(folder_of(CASES / case / "truth.json"), "whole")
    assert diagnosis is not None
    (target,) = diagnosis.targets
    return target


def test_odd_source_ports_are_found_to_be_what_fails() -> None:
    (finding,) = judged("destination-blocked/odd-ports").findings
    (difference,) = finding.differences
    assert (difference.split.trait, difference.split.value, difference.split.other) == (Trait.SOURCE_PORT, 1, 2)
    assert (difference.failed_with, difference.worked_with) == (finding.connections, 0)
    assert difference.alike == ()
    answers = {fact.kind: str(fact.answer) for fact in finding.facts if fact.known}
    assert answers[DIFFERS_BY] == "source-port"
    assert answers[TIME_PATTERN] == "intermittent"


def test_a_fault_that_begins_in_the_middle_is_told_with_its_moment() -> None:
    (finding,) = judged("destination-blocked/from-the-middle-on").findings
    assert (finding.worked_before, finding.connections, finding.worked_after) == (15, 12, 0)
    (difference,) = finding.differences
    assert (difference.split.trait, difference.split.form) == (Trait.TIME, Form.AT_LEAST)
    assert difference.split.value == finding.first_seen


def test_two_faults_of_one_target_are_two_findings() -> None:
    large, odd = judged("mtu-black-hole/and-odd-ports-blocked").findings
    assert (large.verdict.ruling, large.verdict.theory) == (Ruling.CONFIRMED, "mtu-black-hole")
    assert odd.verdict.ruling is Ruling.OPEN
    assert "mtu-black-hole" not in odd.verdict.possible
    assert [difference.split.trait for difference in odd.differences] == [Trait.SOURCE_PORT]
    assert {signature.outcome for signature in odd.signatures} == {"unanswered"}
