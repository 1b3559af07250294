from msgspec.structs import replace

from bothways.evidence.quoted_probe import QuotedProbe
from bothways.facts.one_way_routers import OneWay, one_way_routers
from bothways.unknown import Unknown
from tests.helpers.network import Network
from tests.helpers.surroundings import back, paths, there

OUT = "eth0.gw.a.example eth0.fw.a.example eth0.isp.b.example 192.0.2.2"
HOME = "eth1.isp.b.example eth1.gw.a.example 10.0.0.1"


def between(*reports: object) -> object:
    subject = Network("client").subject(paths=paths(*reports))  # type: ignore[arg-type] # all evidence
    return one_way_routers(subject)


def answer(*reports: object) -> object:
    return between(*reports).answer  # type: ignore[attr-defined] # a fact


def test_interfaces_of_one_router_are_one_router() -> None:
    through = "eth1.isp.b.example eth1.fw.a.example eth1.gw.a.example 10.0.0.1"
    assert answer(there(OUT, reached=True), back(through, reached=True)) is OneWay.NONE


def test_a_router_of_one_way_alone_is_found_on_either_way() -> None:
    assert answer(there(OUT, reached=True), back(HOME, reached=True)) is OneWay.THERE
    other = "eth1.isp.b.example eth1.fw2.a.example eth1.gw.a.example 10.0.0.1"
    fact = between(there(OUT, reached=True), back(other, reached=True))
    assert fact.answer is OneWay.BOTH  # type: ignore[attr-defined] # a fact
    assert not fact.decisive  # type: ignore[attr-defined] # a fact


def test_a_silent_hop_could_be_any_router() -> None:
    hidden = "eth1.isp.b.example ? eth1.gw.a.example 10.0.0.1"
    assert isinstance(answer(there(OUT, reached=True), back(hidden, reached=True)), Unknown)


def test_a_router_that_a_report_is_known_to_lack_could_be_any() -> None:
    home = back(HOME, reached=True)
    near, far, client = home.report.hops
    odd = replace(far, replies=tuple(replace(one, quoted=QuotedProbe(ttl=0)) for one in far.replies))
    hiding = replace(home, report=replace(home.report, hops=(near, odd, client)))
    assert answer(there(OUT, reached=True), home) is OneWay.THERE
    assert isinstance(answer(there(OUT, reached=True), hiding), Unknown)


def test_addresses_alone_differ_by_the_way_and_tell_nothing() -> None:
    assert isinstance(answer(there("10.0.0.254 192.0.2.2", reached=True), back(HOME, reached=True)), Unknown)


def test_a_silent_hop_where_the_other_way_has_none_stands_on_one_way_only() -> None:
    silent = OUT.replace("eth0.fw.a.example", "?")
    assert answer(there(silent, reached=True), back(HOME, reached=True)) is OneWay.THERE


def test_addresses_tell_routers_where_they_are_the_same_on_both_ways() -> None:
    out, home = "10.0.0.254 10.0.1.1 10.0.2.1 192.0.2.2", "10.0.2.1 10.0.0.254 10.0.0.1"
    assert answer(there(out, reached=True), back(home, reached=True)) is OneWay.THERE


def test_a_report_that_ends_early_is_said_so() -> None:
    fact = between(there(OUT, reached=True), back("eth1.isp.b.example ?", reached=False))
    assert "ends before" in fact.answer.why  # type: ignore[attr-defined] # a fact


def test_who_is_most_likely_the_other_end_is_no_router_of_one_way() -> None:
    out = there("gw.a.example eth0.isp.b.example host.b.example", source="laptop")
    home = back("eth1.isp.b.example gw.a.example pc.c.example", source="server")
    fact = between(out, home)
    assert "reach the other end" in fact.answer.why  # type: ignore[attr-defined] # a fact


def test_ways_of_which_no_router_is_recognised_on_both_tell_nothing_of_their_routers() -> None:
    fact = between(there("x.a.example y.a.example 192.0.2.2", reached=True), back("v.b.example 10.0.0.1", reached=True))
    assert "no router is recognised" in fact.answer.why  # type: ignore[attr-defined] # a fact


def test_the_way_back_to_a_translated_client_may_end_at_the_router_that_it_seems_to_miss() -> None:
    out = there("gw.home=192.168.1.1 eth0.isp.b.example 192.0.2.2", reached=True, source_address="192.168.1.20")
    home = back("eth1.isp.b.example 198.51.100.5", reached=True, destination_address="198.51.100.5")
    fact = between(out, home)
    assert "translates" in fact.answer.why  # type: ignore[attr-defined] # a fact
