from bothways.evidence.case import PathEvidence
from bothways.facts.control_ways import Beside, control_ways
from bothways.facts.fact import Fact
from bothways.unknown import Unknown
from bothways.way import Way
from tests.helpers.network import Network
from tests.helpers.surroundings import back, evidence, paths, there

OUT = "gw.a.example fw.a.example edge.a.example isp.b.example 192.0.2.2"
HOME = "isp.b.example edge.a.example gw.a.example 10.0.0.1"
ELSEWHERE = "gw.a.example fw.a.example edge.a.example other.c.example 192.0.2.99"
THROUGH = "other.c.example edge.a.example fw.a.example gw.a.example 10.0.0.1"


def control(hops: str, way: Way) -> PathEvidence:
    return evidence(hops, way, control=True, file=f"control-{way}.txt", reached=True)


def measured(*reports: PathEvidence) -> Fact:
    return control_ways(Network("client").subject(paths=paths(*reports)))


def test_a_control_that_comes_back_through_what_the_case_goes_around() -> None:
    reports = there(OUT, reached=True), back(HOME, reached=True)
    fact = measured(*reports, control(ELSEWHERE, Way.THERE), control(THROUGH, Way.BACK))
    assert fact.answer is Beside.BACK
    assert fact.says == "the control's way back passes fw.a.example where the case's passes nothing"
    assert not fact.settles


def test_behind_the_last_router_in_common_a_control_goes_where_it_must() -> None:
    fact = measured(there(OUT, reached=True), control(ELSEWHERE, Way.THERE))
    assert (fact.answer, fact.says) == (Beside.SAME, "the control's way there passes the same 3 routers")


def test_ways_that_part_both_there_and_back() -> None:
    around = ELSEWHERE.replace("fw.a.example", "fw2.a.example")
    reports = there(OUT, reached=True), back(HOME, reached=True)
    assert measured(*reports, control(around, Way.THERE), control(THROUGH, Way.BACK)).answer is Beside.BOTH


def test_a_silent_hop_in_the_place_of_a_router_may_be_that_router() -> None:
    silent = ELSEWHERE.replace("fw.a.example", "?")
    answer = measured(there(OUT, reached=True), control(silent, Way.THERE)).answer
    assert isinstance(answer, Unknown)
    assert "1 hop of the way there" in answer.why


def test_without_a_control_there_is_nothing_to_compare() -> None:
    assert isinstance(measured(there(OUT, reached=True)).answer, Unknown)
    assert isinstance(measured(control(THROUGH, Way.BACK)).answer, Unknown)
