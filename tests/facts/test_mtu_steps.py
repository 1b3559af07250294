from msgspec.structs import replace

from bothways.evidence.case import PathEvidence
from bothways.facts.fact import Fact
from bothways.facts.mtu_steps import Steps, mtu_steps
from bothways.unknown import Unknown
from tests.helpers.network import Network
from tests.helpers.surroundings import back, paths, there


def told(evidence: PathEvidence, *mtus: int | None) -> PathEvidence:
    """The report with what it learnt at each of its first hops."""
    hops = (*(replace(hop, mtu=mtu) for hop, mtu in zip(evidence.report.hops, mtus, strict=False)),)
    return replace(evidence, report=replace(evidence.report, hops=(*hops, *evidence.report.hops[len(hops) :])))


def measured(*reports: PathEvidence) -> Fact:
    return mtu_steps(Network("client").subject(paths=paths(*reports)))


def test_a_smaller_mtu_is_told_with_the_hop_at_which_it_was_learnt() -> None:
    fact = measured(told(there("gw edge 192.0.2.2", reached=True), 1500, 1400))
    assert (fact.answer, fact.says) == (Steps.THERE, "at hop 2 on the way there it is told 1400 bytes")
    assert [cite.line for cite in fact.cites] == [4]
    assert not fact.settles


def test_steps_of_both_ways_are_both_told() -> None:
    narrow = told(back("edge gw 10.0.0.1", reached=True), None, 1280)
    assert measured(narrow).answer is Steps.BACK
    assert measured(told(there("gw 192.0.2.2", reached=True), 1400), narrow).answer is Steps.BOTH


def test_full_packets_all_the_way_are_no_step() -> None:
    assert measured(told(there("gw edge 192.0.2.2", reached=True), 1500)).answer is Steps.NONE


def test_a_report_that_ends_early_does_not_show_that_there_is_no_step() -> None:
    assert isinstance(measured(told(there("gw edge ?", reached=False), 1500)).answer, Unknown)


def test_a_tool_that_does_not_ask_for_the_mtu_tells_nothing() -> None:
    assert isinstance(measured(there("gw edge 192.0.2.2", reached=True)).answer, Unknown)
