from bothways.evidence.inventory import Device, Inventory, State
from bothways.facts.fact import Fact
from bothways.facts.subject import Subject
from bothways.facts.unseen_devices import Passes, unseen_devices
from bothways.facts.ways import Stands, firewall_on_ways
from bothways.paths.known import Known
from bothways.unknown import Unknown
from tests.helpers.network import Network
from tests.helpers.surroundings import back, paths, there

OUT = "gw=10.0.0.254 core=10.0.1.1 border=10.0.2.1 isp=10.0.3.1 192.0.2.2"
SAME = "isp=10.0.3.1 border=10.0.2.1 core=10.0.1.1 gw=10.0.0.254 10.0.0.1"
APART = "isp=10.0.3.1 border=10.0.2.1 other=10.0.9.1 core=10.0.1.1 gw=10.0.0.254 10.0.0.1"
ELSEWHERE = "isp=10.0.3.1 other=10.0.9.1 gw=10.0.0.254 10.0.0.1"


def subject(*reports: object, between: tuple[str, str] = ("core", "10.0.2.1"), **more: object) -> Subject:
    wire = Device(name="wire", keeps=State.FIREWALL, lowers_ttl=False, between=between, line=3)
    listed = Known(inventories=(Inventory(file="mine.toml", devices=(wire,)),))
    return Network("client").subject(paths=paths(*reports), known=listed, **more)  # type: ignore[arg-type] # all evidence


def stands(*reports: object, **more: object) -> Fact:
    return firewall_on_ways(subject(*reports, **more))  # type: ignore[arg-type] # as above


def test_a_way_passes_it_where_its_neighbours_follow_one_another() -> None:
    (found,) = unseen_devices(subject(there(OUT), back(SAME)))
    assert (found.there, found.back) == (Passes.YES, Passes.YES)
    assert stands(there(OUT), back(SAME)).answer is Stands.BOTH


def test_a_way_with_another_router_between_them_takes_another_link() -> None:
    fact = stands(there(OUT), back(APART))
    assert fact.answer is Stands.THERE_ONLY
    assert fact.settles
    assert "which lowers no TTL; the way back passes these two apart" in fact.says
    assert [str(cite) for cite in fact.cites][:2] == ["mine.toml line 3", "outbound.mtr.txt line 4"]
    assert stands(there(APART_THERE), back(SAME)).answer is Stands.BACK_ONLY


APART_THERE = "gw=10.0.0.254 core=10.0.1.1 other=10.0.9.1 border=10.0.2.1 isp=10.0.3.1 192.0.2.2"


def test_of_a_way_that_shows_only_one_of_them_nothing_is_told() -> None:
    answer = stands(there(OUT), back(ELSEWHERE)).answer
    assert isinstance(answer, Unknown)
    assert "wire, which is no hop of any report, stands between core and 10.0.2.1 on the way there" in answer.why


def test_a_way_that_changed_meanwhile_tells_nothing() -> None:
    (found,) = unseen_devices(subject(there(OUT), back(SAME), back(APART)))
    assert found.back is Passes.UNTOLD


def test_ways_that_do_not_pass_it_are_not_spoken_of() -> None:
    assert unseen_devices(subject(there(OUT), back(SAME), between=("gw", "isp"))) == ()
    assert unseen_devices(subject(there(OUT), back(SAME), between=("core", "nobody"))) == ()


def test_a_firewall_that_the_user_names_goes_before_it() -> None:
    fact = stands(there(OUT), back(APART), firewalls=("gw",))
    assert (fact.answer, "gw" in fact.says) == (Stands.BOTH, True)


def test_it_goes_before_a_mere_name() -> None:
    named = [hops.replace("gw=", "fw=") for hops in (OUT, APART)]
    assert stands(there(named[0]), back(named[1])).answer is Stands.THERE_ONLY
