from bothways.evidence.endpoint import Endpoint
from bothways.facts.fact import Fact
from bothways.facts.subject import Neighbour
from bothways.facts.way_beside_control import Beside, way_beside_control
from bothways.unknown import Unknown
from tests.helpers.network import SYNS, Network, worked
from tests.helpers.surroundings import paths, there

ELSEWHERE = Endpoint("192.0.2.99", 443)
TARGET = "gw.a.example core.a.example edge.a.example a.example"
CONTROL = "gw.a.example fw.a.example core.a.example edge.a.example b.example"


def measured(target: str = TARGET, control: str = CONTROL, *, through: bool = True, answer: str = "") -> Fact:
    """The firewall sees the SYN+ACKs of the target alone, and both ways of a control, unless it is not *through*.

    *answer* is what it sends to the server in the client's name.
    """
    network = Network("client", "firewall-inside", "firewall-outside", "server")
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S", unseen=("firewall-inside", "firewall-outside"))
        talk.back(ms + 20, "SA", lost="firewall-outside")
        if answer:
            talk.there(ms + 21, answer, unseen=("client", "firewall-inside"))
    if through:
        worked(network.talk(server=ELSEWHERE, start=100))
    network.idle(30_000)
    controls = tuple(item for item in network.exchanges() if item.server == ELSEWHERE)
    ways = (there(target, reached=True), there(control, control=True, file="control-outbound.mtr.txt"))
    neighbours = (Neighbour(server=ELSEWHERE, name="", exchanges=controls),)
    return way_beside_control(network.subject(paths=paths(*ways), neighbours=neighbours))


def test_a_control_that_passes_all_routers_and_the_firewall_besides_leaves_no_room_for_another() -> None:
    fact = measured()
    assert fact.answer is Beside.FEWER
    assert fact.settles
    assert "fw.a.example besides" in fact.says


def test_a_firewall_that_resets_the_reply_saw_no_more_of_the_way_there() -> None:
    assert measured(answer="R").answer is Beside.FEWER
    assert isinstance(measured(answer="A").answer, Unknown)


def test_a_router_that_the_control_does_not_pass_may_be_a_firewall_of_its_own() -> None:
    assert measured(target=TARGET.replace("core", "other")).answer is Beside.OTHERS


def test_the_same_routers_on_both_ways() -> None:
    assert measured(control=TARGET).answer is Beside.SAME


def test_without_a_control_through_the_firewall_another_router_may_be_anything() -> None:
    assert isinstance(measured(through=False).answer, Unknown)


def test_a_namesake_elsewhere_on_the_controls_way_is_another_router() -> None:
    elsewhere = "gw.a.example fw.a.example edge.a.example core.a.example b.example"
    assert measured(control=elsewhere).answer is not Beside.FEWER


def test_a_silent_hop_could_be_a_firewall() -> None:
    assert isinstance(measured(target=TARGET.replace("core.a.example", "?")).answer, Unknown)
    assert isinstance(measured(control=CONTROL.replace("core.a.example", "?")).answer, Unknown)
    assert isinstance(measured(control=TARGET.replace("edge.a.example", "?")).answer, Unknown)


def test_a_silent_hop_of_the_control_beside_all_routers_of_the_target_is_one_more() -> None:
    assert measured(control=CONTROL.replace("core.a.example", "core.a.example ?")).answer is Beside.FEWER


def test_what_has_no_name_may_stand_on_the_controls_way_under_another_address() -> None:
    answer = measured(target=TARGET.replace("core.a.example", "10.0.9.1")).answer
    assert isinstance(answer, Unknown)
    assert "10.0.9.1 may or may not" in answer.why
