from typing import TYPE_CHECKING

from bothways.facts.fact import Fact
from bothways.facts.ways_part import Parting, ways_part
from bothways.unknown import Unknown
from tests.helpers.network import Network
from tests.helpers.surroundings import back, paths, there

if TYPE_CHECKING:
    from bothways.evidence.case import PathEvidence

OUT = "gw.a.example fw.a.example edge.a.example 192.0.2.2"


def measured(*reports: "PathEvidence") -> Fact:
    return ways_part(Network("client").subject(paths=paths(*reports)))


def test_the_routers_between_which_the_ways_part_are_named() -> None:
    fact = measured(there(OUT, reached=True), back("edge.a.example gw.a.example 10.0.0.1", reached=True))
    assert fact.answer is Parting.PART
    assert fact.says == (
        "between gw.a.example and edge.a.example the way there passes fw.a.example and the way back nothing"
    )
    assert {cite.file for cite in fact.cites} == {"outbound.mtr.txt", "inbound.mtr.txt"}


def test_that_ways_part_settles_nothing() -> None:
    assert not measured(there(OUT, reached=True), back("edge.a.example 10.0.0.1", reached=True)).settles


def test_ways_of_the_same_routers_part_nowhere() -> None:
    home = "edge.a.example fw.a.example gw.a.example 10.0.0.1"
    fact = measured(there(OUT, reached=True), back(home, reached=True))
    assert (fact.answer, fact.says) == (Parting.NOWHERE, "both ways pass the same 3 routers")


def test_silent_hops_on_both_ways_may_be_the_same_router() -> None:
    home = "edge.a.example ? gw.a.example 10.0.0.1"
    answer = measured(there(OUT.replace("fw.a.example", "?"), reached=True), back(home, reached=True)).answer
    assert isinstance(answer, Unknown)
    assert "2 hops" in answer.why


def test_it_takes_reports_of_both_ways() -> None:
    assert isinstance(measured(there(OUT, reached=True)).answer, Unknown)
    assert isinstance(measured(back(OUT, reached=True)).answer, Unknown)
