from bothways.connections.targets import TargetKey
from bothways.diagnosis.comparisons import Comparisons
from bothways.evidence.endpoint import Endpoint
from bothways.way import Way
from tests.helpers.surroundings import evidence

TARGET = TargetKey(server=Endpoint("192.0.2.2", 443), network="", name="")
CONTROL = TargetKey(server=Endpoint("192.0.2.99", 443), network="", name="b.example")
CAPTURED = {TARGET: (), CONTROL: ()}


def controls(*reports: object) -> list[str]:
    comparisons = Comparisons(CAPTURED, (), reports)  # type: ignore[arg-type] # all evidence
    assert comparisons.neighbours(TARGET) == ()
    return [item.server.address for item in comparisons.controls(TARGET)]


def test_where_a_controls_path_report_went_is_a_control_of_every_target() -> None:
    assert controls(evidence("gw 192.0.2.99", Way.THERE, control=True)) == ["192.0.2.99"]
    assert controls(evidence("gw b.example", Way.THERE, control=True)) == ["192.0.2.99"]
    assert controls(evidence("gw ?", Way.THERE, control=True, destination_address="192.0.2.99")) == ["192.0.2.99"]


def test_a_router_at_which_it_ends_early_is_none() -> None:
    assert controls(evidence("gw b.example", Way.THERE, control=True, reached=False)) == []


def test_the_cases_own_report_and_the_ways_back_link_nothing() -> None:
    assert controls(evidence("gw b.example", Way.THERE)) == []
    assert controls(evidence("gw b.example", Way.BACK, control=True)) == []
