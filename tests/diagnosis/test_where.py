import pytest

from bothways.diagnosis.model import Where
from bothways.diagnosis.where import hop_names, where_of
from bothways.facts.catalogue import measure
from bothways.facts.subject import Subject
from bothways.way import Way
from tests.helpers.network import SYNS, Network, half_open
from tests.helpers.surroundings import back, control_back, paths, there

INSIDE = ("firewall-inside", "firewall-outside")
OUT = "gw=10.0.0.254 edge=10.0.1.1 guard=10.0.2.1 isp=10.0.3.1 x=10.0.4.1 y=10.0.5.1 192.0.2.2"
AROUND = "isp2=10.0.7.1 edge2=10.0.6.1 gw=10.0.0.254 10.0.0.1"
THROUGH = "isp=10.0.3.9 guard=10.0.2.1 gw=10.0.0.254 10.0.0.1"


def found(subject: Subject) -> Where | None:
    return where_of(subject, measure(subject))


def test_between_two_observers_stand_the_hops_that_their_ttls_bound() -> None:
    network = Network("client", *INSIDE, "server")
    half_open(network.talk(), last="firewall-inside", unseen=INSIDE)
    where = found(network.subject(paths=paths(there(OUT))))
    assert where is not None
    assert (where.way, where.last_seen, where.first_missing) == (Way.THERE, *INSIDE)
    assert [(hop.name, hop.address, hop.index) for hop in where.hops] == [("guard", "10.0.2.1", 3)]


def test_from_both_ends_alone_every_hop_between_is_named() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    where = found(network.subject(paths=paths(there(OUT))))
    assert where is not None
    assert [hop.index for hop in where.hops] == [1, 2, 3, 4, 5, 6]


def test_a_firewall_that_is_proven_absent_from_the_way_back_narrows_it() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    reports = paths(there(OUT), back(AROUND), control_back(THROUGH))
    where = found(network.subject(paths=reports, firewalls=("guard",)))
    assert where is not None
    assert [hop.index for hop in where.hops] == [3]


def test_without_reports_the_observers_stand_alone() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    where = found(network.subject())
    assert where is not None
    assert where.hops == ()


def test_what_the_server_ignores_ends_at_its_own_tcp() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="server")
    where = found(network.subject())
    assert where is not None
    assert where.first_missing == "the server's own TCP"


def test_a_router_that_answers_stopped_it_itself() -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S", lost="client")
    talk.error(5, reporter="10.0.1.1")
    where = found(network.subject(paths=paths(there(OUT))))
    assert where is not None
    assert where.last_seen == "10.0.1.1"
    assert [hop.name for hop in where.hops] == ["edge"]
    bare = found(network.subject())
    assert bare is not None
    assert [hop.address for hop in bare.hops] == ["10.0.1.1"]


def test_unanswered_syns_got_past_the_last_observer_that_saw_them() -> None:
    network = Network("client", "firewall-inside")
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S", lost="firewall-inside")
    where = found(network.subject(paths=paths(there(OUT))))
    assert where is not None
    assert where.last_seen == "firewall-inside"
    assert [hop.index for hop in where.hops] == [3]


def test_unanswered_syns_end_where_the_trace_ends() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S", lost="client")
    where = found(network.subject(paths=paths(there("gw=10.0.0.254 edge=10.0.1.1 ? ?"))))
    assert where is not None
    assert (where.last_seen, where.first_missing) == ("edge", "hop 3")


def test_nowhere_is_said_where_nothing_tells() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    assert found(network.subject()) is None


def test_names_and_addresses_of_a_hop_come_from_all_reports_together() -> None:
    subject = Network("client").subject(paths=paths(there("gw ?"), there("10.0.0.254 10.0.1.1")))
    assert [(hop.name, hop.address) for hop in hop_names(subject, Way.THERE, 1, 2)] == [
        ("gw", "10.0.0.254"),
        (None, "10.0.1.1"),
    ]


@pytest.mark.parametrize(("middle", "name"), [("10.0.2.1", "resolved"), ("guard=10.0.2.1", "guard")])
def test_a_hop_without_a_name_is_called_as_the_capture_calls_it(
    middle: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Subject, "called", lambda _, address: {"10.0.2.1": "resolved"}.get(address))
    network = Network("client", *INSIDE, "server")
    half_open(network.talk(), last="firewall-inside", unseen=INSIDE)
    where = found(network.subject(paths=paths(there(OUT.replace("guard=10.0.2.1", middle)))))
    assert where is not None
    assert [(hop.name, hop.address) for hop in where.hops] == [(name, "10.0.2.1")]


# --- how the other way goes around ---

PARTED_OUT = "gw=10.0.0.254 edge=10.0.1.1 guard=10.0.2.1 isp=10.0.3.1 far=10.0.4.1 y=10.0.5.1 192.0.2.2"
PARTED_HOME = "far=10.0.4.9 isp=10.0.3.9 edge=10.0.1.9 gw=10.0.0.254 10.0.0.1"


def test_it_is_told_where_the_way_back_leaves_and_meets_the_way_on_which_it_is_lost() -> None:
    network = Network("client", *INSIDE, "server")
    half_open(network.talk(), last="firewall-inside", unseen=INSIDE)
    reports = paths(there(PARTED_OUT), back(PARTED_HOME))
    where = found(network.subject(paths=reports, firewalls=("guard",)))
    assert where is not None
    assert where.around is not None
    assert (where.way, where.around.way) == (Way.THERE, Way.BACK)
    assert [hop and (hop.name, hop.address, hop.index) for hop in (where.around.leaves, where.around.meets)] == [
        ("isp", "10.0.3.9", 2),
        ("edge", "10.0.1.9", 3),
    ]


def test_without_a_known_firewall_a_parting_of_the_ways_explains_nothing() -> None:
    network = Network("client", *INSIDE, "server")
    half_open(network.talk(), last="firewall-inside", unseen=INSIDE)
    where = found(network.subject(paths=paths(there(PARTED_OUT), back(PARTED_HOME))))
    assert where is not None
    assert where.around is None


def test_a_hop_that_its_own_report_gives_by_address_is_called_by_the_name_that_another_ways_report_has() -> None:
    network = Network("client")
    subject = network.subject(paths=paths(there("10.0.0.254 10.0.1.1 192.0.2.2"), back("edge=10.0.1.1 gw 10.0.0.1")))
    assert [hop.name for hop in hop_names(subject, Way.THERE, 2, 2)] == ["edge"]
